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
from inception_profiler.records.argument import Argument, Step
from inception_profiler.records.comparison import quotient
from inception_profiler.records.metrics import METRICS, TOTALS
from inception_profiler.units import Unit, scale_for

if TYPE_CHECKING:
    from inception_profiler.claims.calculator import Calculator

PARTS = ("macs", "params")
"""What the table of parts shows of each side."""


def argument_document(argument: Argument) -> Document:
    """Show an argument: what it asks, the rule, the derivation, both sides, their parts, and the curve."""
    blocks: list[Block] = [Heading(argument.title, 1), Prose(argument.question), Prose(argument.rule)]
    for step in argument.steps:
        blocks += _worked(step)
    if not argument.parts:
        blocks.append(_derivation(argument))
    blocks.append(_sides(argument))
    if argument.parts:
        blocks.append(_parts(argument))
    blocks.append(_curve(argument))
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
    metric = METRICS.get(step.metric)
    unit = Unit.RATIO if step.name == "ratio" else metric.unit
    yield Prose(f"{step.name} of {metric.title}:")
    yield Formula(step.formula)
    yield Formula(f"= {step.numbers}")
    yield Formula(f"= {scale_for((step.value,), unit).full(step.value)}")


def _derivation(argument: Argument) -> Table:
    columns = (
        Column("layer", "layer", Unit.TEXT),
        Column("metric", "of", Unit.TEXT),
        Column("formula", "formula", Unit.TEXT),
        Column("numbers", "with the numbers", Unit.TEXT),
        Column("value", "makes", Unit.COUNT, exact=True),
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
    depths = [side.nonlinearities for side in argument.sides]
    rows.append(Row(("non-linearities", *depths, quotient(*depths), None), unit=Unit.COUNT))
    return Table("Both sides", tuple(columns), tuple(rows), f"Ratios are {' / '.join(_titles(argument))}.")


def _parts(argument: Argument) -> Table:
    columns = [Column("part", "part", Unit.TEXT)]
    for key in PARTS:
        metric = METRICS.get(key)
        columns += [
            Column(f"{key}_{title}", f"{metric.title} {title}", metric.unit, quantity=key)
            for title in _titles(argument)
        ]
        columns.append(Column(f"{key}_ratio", "ratio", Unit.RATIO))
    rows = []
    for part in argument.parts:
        cells: list[Cell] = [part.title]
        for key in PARTS:
            of = METRICS.get(key).of
            cells += [*(of(group) for group in part.groups), part.ratio(key)]
        rows.append(Row(tuple(cells)))
    return Table("Part by part", tuple(columns), tuple(rows))


def _curve(argument: Argument) -> Table:
    curve = argument.curve
    metric = METRICS.get(curve.metric)
    columns = [Column("at", curve.axis, Unit.COUNT, exact=True)]
    columns += [
        Column(title, f"{metric.title} {title}", metric.unit, quantity=curve.metric)
        for title in _titles(argument)
    ]
    columns.append(Column("ratio", "ratio", Unit.RATIO))
    rows = tuple(Row((point.at, *point.values, point.ratio)) for point in curve.points)
    return Table(f"Ratio over {curve.axis}", tuple(columns), rows)
