"""The first page: pictures, the headline table, and a link to everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.claims.derive import counted
from inception_profiler.document.blocks import Block, Column, Document, Heading, Prose, Row, Table
from inception_profiler.document.chart import Chart
from inception_profiler.document.charts.accuracy import bubbles
from inception_profiler.document.charts.comparison import by_size
from inception_profiler.document.family import family_table
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.metrics import METRICS
from inception_profiler.report.facts import HEADLINE, REFERENCE, cards, compared
from inception_profiler.report.page import Page, pictured
from inception_profiler.report.part import load, part
from inception_profiler.report.parts.models import path_of
from inception_profiler.units import Unit

TITLE = "What Inception networks cost"
_COLUMNS = ("params", "macs", "flops", "peak_activation_bytes", "depth", "receptive_field")
_MADE = (
    ("memory.md", "Predicted memory against the allocator", "every registered model on the CPU: make memory"),
    ("speed.md", "Speed", "this tool beside the others: make speed"),
    ("layers.md", "Sums of layers against the whole", "every call timed in the family: make layers"),
    ("guard.md", "A check of a hundred models", "what it takes in continuous integration: make guard"),
)
"""Pages that are measured by the programs of ``benchmarks``, and so not written here."""


@part("index", TITLE, place=0)
def pages() -> Sequence[Page]:
    """List the page."""
    return (Page("index.md", TITLE, "this page", document),)


def headline(below: str = "") -> Table:
    """Return the table of the networks of the papers; its links start where the folder is ``below``."""
    links = {name: below + path_of(cards()[name]) for name in HEADLINE if cards()[name].family == "inception"}
    profiled = [(cards()[name], counted(name)) for name in HEADLINE]
    return family_table("The family", profiled, links, _COLUMNS)


def document() -> Document:
    """Show the pictures and the table, then every other page by its part."""
    subject = compared(HEADLINE[2], REFERENCE)
    blocks: list[Block] = [
        Heading(TITLE, 1),
        Prose(
            "Everything here is generated: inception-profiler report writes it, continuous integration "
            "writes it again and fails where a byte differs. Counted numbers are exact; measured ones have "
            "the device and an interval."
        ),
        pictured("headline.svg", _mirrored, subject),
        headline(),
        pictured("accuracy.svg", _accuracy),
    ]
    blocks += [_links(one.title, one.pages()) for one in load().values() if one.name != "index"]
    made = [Page(path, title, about, document) for path, title, about in _MADE]
    blocks.append(_links("Measured by the programs in benchmarks", made))
    return Document(TITLE, tuple(block for block in blocks if not isinstance(block, Table) or block.rows))


def _links(title: str, listed: Sequence[Page]) -> Table:
    columns = (Column("page", "page", Unit.TEXT), Column("about", "what it shows", Unit.TEXT))
    rows = tuple(Row((page.title, page.about), link=page.path) for page in listed)
    return Table(title, columns, rows)


def _mirrored(subject: Comparison) -> Iterator[Chart]:
    yield by_size(subject, METRICS.get("macs"))


def _accuracy() -> Iterator[Chart]:
    yield bubbles(list(cards().values()), HEADLINE)
