"""One network as several tools count it: their numbers to the unit, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.conventions import comparable, convention_charts
from inception_profiler.document.view import View
from inception_profiler.records.convention import Explanation, Limit, Reading, Translation
from inception_profiler.units import Unit

_VIEW = View()


def explanation_document(explanation: Explanation, view: View = _VIEW) -> Document:
    """Show each tool's number, what it is made of kind by kind, and where in the network it arises."""
    title = f"{explanation.model} as {_listed(explanation.readings)} count it"
    blocks: list[Block] = [
        Heading(title.replace("count it", "counts it") if len(explanation.readings) == 1 else title, 1),
        Prose(_setting(explanation)),
        Illustration(convention_charts, (explanation,)),
        _numbers(explanation),
        _kinds(explanation),
        _modules(explanation, view),
        *_remarks(explanation),
    ]
    return Document(title, tuple(blocks), explanation)


def translation_document(translation: Translation, view: View = _VIEW) -> Document:
    """Show the ratio of models under each convention, then the subject in full."""
    subject, *references = translation.models
    title = f"{subject.model} against {', '.join(model.model for model in references)} by convention"
    blocks: list[Block] = [
        Heading(title, 1),
        *(Prose(_setting(model)) for model in translation.models),
        Illustration(convention_charts, translation.models),
        _ratios(translation),
        _kinds(subject),
        _modules(subject, view),
        *_remarks(subject),
        *(failure for model in references for failure in _failures(model)),
    ]
    return Document(title, tuple(blocks), translation)


def _setting(explanation: Explanation) -> str:
    inputs = " and ".join(f"{'×'.join(map(str, spec.shape))} {spec.dtype}" for spec in explanation.inputs)
    return f"{explanation.model}: {explanation.mode}, input {inputs}, {explanation.macs:,} MACs."


def _listed(readings: Sequence[Reading]) -> str:
    names = [reading.convention for reading in readings]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _counts(reading: Reading) -> str:
    """Say what a number is: ``flops``, ``memory, bytes``."""
    return reading.title if reading.unit == "count" else f"{reading.title}, {reading.unit}"


def _numbers(explanation: Explanation) -> Table:
    columns = (
        Column("convention", "convention", Unit.TEXT),
        Column("version", "version", Unit.TEXT),
        Column("title", "calls it", Unit.TEXT),
        Column("total", "number", Unit.EXACT),
        Column("over_macs", "over MACs", Unit.RATIO),
    )
    rows = [
        Row(
            (
                reading.convention,
                reading.version,
                _counts(reading),
                reading.total,
                reading.total / explanation.macs if explanation.macs and comparable(reading) else None,
            )
        )
        for reading in explanation.readings
    ]
    return Table("Numbers", columns, tuple(rows), "Each as the tool itself shows it, to the unit.")


def _kinds(explanation: Explanation) -> Table:
    readings = explanation.readings
    columns = [Column("kind", "what", Unit.TEXT)]
    columns += [Column(reading.convention, reading.convention, Unit.EXACT) for reading in readings]
    rows = []
    faulty = any(row.fault for row in explanation.rows)
    if faulty:
        columns.append(Column("fault", "fault", Unit.TEXT))
    for row in explanation.rows:
        cells: tuple[Cell, ...] = (row.kind, *(amount or None for amount in row.amounts))
        rows.append(Row((*cells, row.fault) if faulty else cells))
    totals: tuple[Cell, ...] = ("total", *(reading.total for reading in readings))
    rows.append(Row((*totals, "") if faulty else totals, strong=True))
    caption = (
        "MACs are those of convolutions, linear layers and matrix products, on which all agree; below stands "
        "what each adds, and at the end, marked as faults, what it counts wrongly or does not see."
    )
    return Table("What the numbers are made of", tuple(columns), tuple(rows), caption)


def _modules(explanation: Explanation, view: View) -> Table:
    depth = view.depth or 1
    amounts = [reading.by_module(depth) for reading in explanation.readings]
    heads = sorted(
        dict.fromkeys(head for column in amounts for head in column),
        key=_order(explanation, depth).__getitem__,
    )
    hidden = max(0, len(heads) - view.top) if view.top else 0
    rows = [
        Row(
            (
                explanation.naming.name(head) or f"({explanation.model})",
                *(column.get(head) for column in amounts),
            )
        )
        for head in (heads[: view.top] if view.top else heads)
    ]
    columns = [Column("module", "module", Unit.TEXT)]
    columns += [
        Column(reading.convention, f"{reading.convention}: {_counts(reading)}", Unit.EXACT)
        for reading in explanation.readings
    ]
    caption = f"{hidden} more rows are not shown." if hidden else ""
    return Table(f"{explanation.model} by module", tuple(columns), tuple(rows), caption)


def _order(explanation: Explanation, depth: int) -> dict[str, int]:
    """Return for each module the first call that any convention charges in it."""
    first: dict[str, int] = {}
    for reading in explanation.readings:
        for charge in reading.charges:
            head = ".".join(charge.path.split(".")[:depth])
            first[head] = min(first.get(head, charge.call), charge.call)
    return first


def _remarks(explanation: Explanation) -> Iterator[Block]:
    for reading in explanation.readings:
        yield Prose(
            f"{reading.convention} ({reading.tool} {reading.version}): {reading.scope}.".replace(" )", ")")
        )
    yield from _failures(explanation)


def _failures(explanation: Explanation) -> Iterator[Block]:
    for reading in explanation.readings:
        if reading.failure:
            yield Callout(
                "warning",
                f"{reading.convention} itself gives no number for {explanation.model}: {reading.failure}. "
                "What stands here is what its rules would give.",
            )
        for limit in reading.limits:
            yield Callout(
                "warning",
                f"{reading.convention} may itself give another number for {explanation.model}, in "
                f"{_places(explanation, limit)}: {limit.why}.",
            )


def _places(explanation: Explanation, limit: Limit) -> str:
    """Name operations and the first of the modules that execute them: ``gru (encoder and 2 more)``."""
    first, more = explanation.naming.name(limit.paths[0]) or "its own forward", len(limit.paths) - 1
    return f"{', '.join(limit.ops)} ({first}{f' and {more} more' if more else ''})"


def _ratios(translation: Translation) -> Table:
    subject, *references = translation.models
    columns = [Column("convention", "convention", Unit.TEXT), Column("title", "calls it", Unit.TEXT)]
    columns += [Column(model.model, model.model, Unit.EXACT) for model in translation.models]
    columns += [
        Column(
            f"ratio_{model.model}", "ratio" if len(references) == 1 else f"ratio to {model.model}", Unit.RATIO
        )
        for model in references
    ]
    rows = []
    for position, reading in enumerate(subject.readings):
        totals = [model.readings[position].total for model in translation.models]
        ratios = [translation.ratio(position, reference) for reference in range(1, len(totals))]
        rows.append(Row((reading.convention, _counts(reading), *totals, *ratios)))
    caption = f"Ratios are {subject.model} / reference, under one and the same convention."
    return Table("Numbers and ratios", tuple(columns), tuple(rows), caption)
