"""Cost arguments as documents: the rule, the derivation with its numbers, both sides, and the curve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Formula,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.argument import argument_charts
from inception_profiler.document.layers import layer_table
from inception_profiler.document.view import View
from inception_profiler.records.argument import Argument, Side, Step
from inception_profiler.records.comparison import quotient
from inception_profiler.records.metrics import METRICS, TOTALS, Metric
from inception_profiler.units import Unit, scale_for

if TYPE_CHECKING:
    from inception_profiler.claims.calculator import Calculator

PARTS = ("macs", "params", "activation_bytes")
"""The metrics that have a table of parts each."""
PLACED = ("receptive_field", "depth")
"""What both sides show without a ratio."""
LINES = 40
"""How long a derivation may be to be shown."""
LAYERS = 20
"""How many operations a side may have to be shown layer by layer."""


def argument_document(argument: Argument) -> Document:
    """Show an argument: what it asks, the rule, the derivation, both sides, their parts, and the curve."""
    blocks: list[Block] = [Heading(argument.title, 1), Prose(argument.question), Prose(argument.rule)]
    for step in argument.steps:
        blocks += _worked(step)
    if sum(len(side.steps) for side in argument.sides) <= LINES:
        blocks.append(_derivation(argument))
    blocks.append(_sides(argument))
    if argument.parts:
        blocks += [_parts(argument, METRICS.get(key)) for key in PARTS]
    blocks += [layer_table(side.profile, _view(side)) for side in argument.sides if _listed(side)]
    blocks += [_curve(argument), Illustration(argument_charts, (argument,))]
    blocks += [Callout("note", note) for note in argument.notes]
    return Document(argument.title, tuple(blocks), argument)


def arguments_document(calculators: Iterable[Calculator]) -> Document:
    """List the arguments that can be worked out, one line each."""
    columns = (Column("argument", "argument", Unit.TEXT), Column("answers", "answers", Unit.TEXT))
    rows = tuple(Row((entry.name, entry.summary)) for entry in calculators)
    caption = (
        "Work one out: inception-profiler argue NAME; its numbers: inception-profiler argue NAME --help."
    )
    title = "Cost arguments"
    return Document(title, (Table(title, columns, rows, caption),))


def _worked(step: Step) -> Iterator[Block]:
    """Show a formula, the numbers put in, and what that makes."""
    yield Prose(
        f"{step.name} of {METRICS.get(step.metric).title}:" if step.name == "ratio" else f"{step.name}:"
    )
    yield Formula(step.formula)
    yield Formula(f"= {step.numbers}")
    yield Formula(f"= {scale_for((), Unit.EXACT).text(step.value)}")


def _derivation(argument: Argument) -> Table:
    columns = (
        Column("layer", "layer", Unit.TEXT),
        Column("metric", "of", Unit.TEXT),
        Column("formula", "formula", Unit.TEXT),
        Column("numbers", "with the numbers", Unit.TEXT),
        Column("value", "makes", Unit.EXACT),
    )
    rows: list[Row] = []
    for side in argument.sides:
        rows.append(Row((side.title, "", "", "", ""), strong=True))
        for step in side.steps:
            title = METRICS.get(step.metric).title
            rows.append(Row((step.name, title, step.formula, step.numbers, step.value), 1))
    caption = "Each line was counted in a network built and profiled for it, and found to be the same."
    return Table("Derivation", columns, tuple(rows), caption)


def _titles(argument: Argument) -> Sequence[str]:
    return [side.title for side in argument.sides]


def _sides(argument: Argument) -> Table:
    first, second = (side.profile for side in argument.sides)
    columns = [Column("quantity", "total", Unit.TEXT)]
    columns += [Column(title, title, Unit.COUNT) for title in _titles(argument)]
    columns += [Column("ratio", "ratio", Unit.RATIO), Column("saved", "saved", Unit.SHARE)]
    rows = []
    for key in TOTALS:
        metric = METRICS.get(key)
        values = metric.of(first), metric.of(second)
        rows.append(Row((metric.title, *values, quotient(*values), argument.saved(key)), unit=metric.unit))
    for key in PLACED:
        metric = METRICS.get(key)
        rows.append(Row((metric.title, metric.of(first), metric.of(second), None, None), unit=metric.unit))
    depths = [side.nonlinearities for side in argument.sides]
    rows.append(Row(("non-linearities", *depths, None, None), unit=Unit.COUNT))
    return Table("Both sides", tuple(columns), tuple(rows), f"Ratios are {' / '.join(_titles(argument))}.")


def _listed(side: Side) -> bool:
    """Tell whether a side was cut from a network with names of its own, and is small enough to be listed."""
    return bool(side.profile.naming.segments) and len(side.profile.layers) <= LAYERS


def _view(side: Side) -> View:
    """Show one row for each module that holds operations: a convolution together with its activation."""
    deepest = max(len(layer.path.split(".")) for layer in side.profile.layers)
    return View(columns=PARTS, depth=max(1, deepest - 1))


def _parts(argument: Argument, metric: Metric) -> Table:
    shared = not argument.parts_of  # parts of another network are no share of the sides
    columns = [Column("part", "part", Unit.TEXT)]
    for title in _titles(argument) if shared else ("first", "second"):
        columns.append(Column(title, title, metric.unit, quantity=metric.key))
        columns += [Column(f"{title}_share", "share", Unit.SHARE)] * shared
    columns.append(Column("ratio", "ratio", Unit.RATIO))
    totals = [metric.of(side.profile) for side in argument.sides]
    rows = []
    for part in argument.parts:
        cells: list[Cell] = [part.title]
        for group, total in zip(part.groups, totals, strict=True):
            cells += [metric.of(group), quotient(metric.of(group), total)][: 1 + shared]
        rows.append(Row((*cells, part.ratio(metric.key))))
    where = "" if shared else f" of {argument.parts_of}"
    return Table(f"{metric.title} part by part{where}", tuple(columns), tuple(rows))


def _curve(argument: Argument) -> Table:
    curve = argument.curve
    metric = METRICS.get(curve.metric)
    columns = [Column("at", curve.axis, Unit.EXACT)]
    columns += [
        Column(title, f"{metric.title} {title}", metric.unit, quantity=curve.metric)
        for title in _titles(argument)
    ]
    columns.append(Column("ratio", "ratio", Unit.RATIO))
    rows = tuple(Row((point.at, *point.values, point.ratio)) for point in curve.points)
    return Table(f"Ratio over {curve.axis}", tuple(columns), rows)
