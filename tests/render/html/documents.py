"""Documents that the tests of pages look at."""

from __future__ import annotations

from functools import cache

from torch import nn

import inception_profiler as ip
from inception_profiler.document.blocks import (
    Block,
    Callout,
    Column,
    Document,
    Fold,
    Formula,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import MIRRORED, POINTS, Axis, Chart, Illustration, Note, Point, Series
from inception_profiler.document.claims import ledger_document
from inception_profiler.document.latency import benchmark_document
from inception_profiler.document.memory import memory_document
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.document.roofline import roofline_document
from inception_profiler.document.tree import Anatomy, Measure, Node, Tree
from inception_profiler.records.claim import Ledger
from inception_profiler.records.comparison import Comparison, align
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit
from tests.fixed import small
from tests.fixed_charts import CHARTS, bars
from tests.fixed_latency import raced
from tests.fixed_memory import remembered
from tests.fixed_roofline import timed


def compared() -> Document:
    pair = (small(), small("larger", scale=3))
    return comparison_document(Comparison(pair[0], (pair[1],), align(pair)))


def charted() -> Document:
    return Document("Charts", tuple(CHARTS.values()))


def plain() -> Document:
    columns = (Column("name", "name", Unit.TEXT), Column("n", "n", Unit.COUNT), Column("x", "x", Unit.RATIO))
    rows = (("a10", 3, 0.5), ("a9", 20, float("inf")), ("b1", None, 2.0), ("a1", 100, 1.0))
    return Document("plain", (Table("Numbers", columns, tuple(map(Row, rows))), Formula("K²·C_in = 3×")))


@cache
def layered(count: int = 1000) -> Profile:
    """Pairs of convolutions and activations, each pair a module."""
    pairs = [nn.Sequential(nn.Conv2d(n % 7 + 1, (n + 1) % 7 + 1, 1), nn.ReLU()) for n in range(count // 2)]
    return ip.profile(nn.Sequential(*pairs), (1, 1, 8, 8))


def ledger() -> Document:
    return ledger_document(Ledger((ip.verify("stem-size"), ip.verify("stem-vgg16"))))


DOCUMENTS = {
    "comparison": compared,
    "charts": charted,
    "memory": lambda: memory_document(remembered(trained=True)),
    "latency": lambda: benchmark_document(raced()),
    "roofline": lambda: roofline_document(timed()),
    "profile": lambda: profile_document(small()),
    "plain": plain,
}


def everything() -> Document:
    """One page of all of them, as long as it takes to look at each in the browser only once."""
    blocks = [block for make in DOCUMENTS.values() for block in make().blocks]
    return Document("everything", tuple(blocks))


def tabled(document: Document) -> Document:
    """Leave nothing but the tables, which make a small page."""
    return Document(document.title, tuple(document.tables()))


def everywhere(name: str) -> Document:
    """Put one name into every place of a document that a name can get into."""
    columns = (Column(name, name, Unit.TEXT), Column("n", name, Unit.COUNT), Column("t", name, Unit.TEXT))
    rows = tuple(Row((name, n, name), n % 2) for n in range(14))
    table = Table(name, columns, rows, name)
    axis = Axis(name, Unit.COUNT, name)
    dot = Point(1, 2, name, 3, 1, 3)
    dots = Chart(
        name, name, axis, axis,
        (Series(name, POINTS, (dot,), name, axis), Series(f"{name}2", POINTS, (dot,))),
        notes=(Note(name, 1, 2), Note(name, x=1), Note(name, y=2, strong=True)), caption=name, source=name,
    )  # fmt: skip
    sides = bars(MIRRORED, names=(name, f"{name}2"))
    named = Axis(name, Unit.TEXT, name, categories=(name, f"{name}3", "head"))
    sides = Chart(name, name, axis, named, sides.series, MIRRORED, caption=name)
    measures = (Measure(name, name, Unit.COUNT, name), Measure(f"{name}2", name, Unit.BYTES, name))
    nodes = (
        Node(name, name, None, (4, 4)),
        Node(name, name, 0, (1, 3), name),
        Node(name, name, 0, (3, 1), name),
    )
    tree = Tree(name, measures, nodes, name)
    blocks: tuple[Block, ...] = (
        Heading(name, 1), Prose(name), Callout("note", name), Formula(name), table, dots,
        Illustration(lambda: iter((sides,)), ()), Anatomy(name, lambda: iter((tree, tree)), (), name),
        Fold(name, name, lambda: (Prose(name), table), ()),
    )  # fmt: skip
    return Document(name, blocks)
