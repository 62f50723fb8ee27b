"""A check as a document: a line for every model, then what changed and what is over its limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
from inception_profiler.document.cells import ABSENT
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.difference import check_charts
from inception_profiler.document.difference import ROWS, model_blocks, quantity
from inception_profiler.records.check import (
    FAILED,
    GONE,
    NEW,
    SAME,
    TOLD,
    Check,
    Judgement,
    ModelCheck,
)
from inception_profiler.records.difference import MOVED, Amount
from inception_profiler.units import Unit, scale_for

_TOTALS = ("params", "macs", "peak_activation_bytes")
FEW = 12
"""Up to how many models each has a row, whatever became of it."""

_COUNTED = "counted"
_EXACT = scale_for((), Unit.EXACT)


def check_document(check: Check, *, top: int = ROWS) -> Document:
    """Show a check: first whether it passed, then one line a model, then what differs in each."""
    title = "Cost check"
    blocks: list[Block] = [Heading(title, 1), Prose(_summary(check)), *_callouts(check)]
    blocks.append(Illustration(check_charts, (check,)))
    blocks += _models(check)
    limits = [(model, entry) for model in check.models for entry in model.judgements]
    if limits:
        blocks.append(_limits(limits, named=len(check.models) > 1))
    for model in check.models:
        if model.difference is not None and (not model.difference.same or model.difference.layers):
            blocks += model_blocks(model.difference, top=top)
    return Document(title, tuple(blocks), check)


def verdict(check: Check, model: ModelCheck) -> str:
    """Say in a few words what became of a model: ``same``, ``changed, over its limit``, ``failed``."""
    word = model.verdict
    if word == NEW:
        word = "locked" if check.updated else _COUNTED if check.unlocked else "not locked"
    elif word == GONE:
        word = "taken out" if check.updated else "locked, but not asked for"
    elif check.updated and word not in {SAME, FAILED}:
        word = "changed, locked anew"
    parts = [word]
    if model.over:
        parts.append(
            "over a limit" if any(entry.bound is not None for entry in model.over) else "limit of no module"
        )
    if model.unknown:
        parts.append("unknown operations")
    return ", ".join(part for part in parts if part != SAME or len(parts) == 1)


def _summary(check: Check) -> str:
    count = len(check.models)
    models = "1 model" if count == 1 else f"{count} models"
    against = "limits alone" if check.unlocked else check.lock
    failing = len(check.failing)
    if check.updated:
        done = sum(model.counted is not None for model in check.models)
        text = f"{done} model{'' if done == 1 else 's'} counted and written to {check.lock}."
        return f"{text} {failing} {'fails' if failing == 1 else 'fail'}." if failing else text
    if check.passed:
        told = any(model.verdict == TOLD for model in check.models)
        how = "all are within their limits" if told or check.unlocked else "all cost the same, layer by layer"
        return f"{models} against {against}: {how}."
    if failing:
        return f"{models} against {against}: {failing} fail{'s' if failing == 1 else ''}."
    return f"{models} against {against}: the cost of some operations is unknown."


def _callouts(check: Check) -> Iterator[Block]:
    for model in check.models:
        if model.failed:
            yield Callout("warning", f"{model.name} could not be counted: {model.failed}")
        for entry in model.over:
            yield Callout("warning", f"{model.name}: {broken(entry)}")
        if model.unknown:
            yield Callout(
                "warning",
                f"{model.name}: the cost of {', '.join(model.unknown)} is unknown and not counted; its "
                "numbers are lower bounds.",
            )
    for text in check.notes:
        yield Callout("note", text)
    if not check.updated and any(model.verdict not in {SAME, FAILED, TOLD} for model in check.failing):
        yield Callout(
            "note", "If this is meant, run inception-profiler check --update and commit the lock file."
        )


def broken(entry: Judgement) -> str:
    """Say how a limit is broken."""
    name = quantity(entry.metric, entry.module)
    if entry.bound is None:
        return f"a limit on {name} holds nothing: {entry.note}"
    return f"{name} is {_said(entry.value)} and the limit is {entry.limit} ({_said(entry.bound)})."


def _said(value: float | None) -> str:
    return _EXACT.text(value) if value is not None else ABSENT


def _models(check: Check) -> Iterator[Table]:
    """Show a row a model; where there are many, those that are as they were are told in one line instead."""
    shown = [model for model in check.models if model.verdict != SAME or model.over or model.unknown]
    if len(check.models) <= FEW or check.updated:
        shown = list(check.models)
    if not shown:
        return
    columns = [Column("model", "model", Unit.TEXT), Column("verdict", "verdict", Unit.TEXT)]
    for key in _TOTALS:
        columns.append(Column(key, quantity(key), Unit.EXACT))
        columns.append(Column(f"{key}_delta", "difference", Unit.EXACT))
    rows = tuple(Row((model.name, verdict(check, model), *_numbers(model))) for model in shown)
    left = len(check.models) - len(shown)
    same = [f"{left} more cost what they did, layer by layer, and have no row."] if left else []
    yield Table("Models", tuple(columns), rows, " ".join([*same, *_moved(check.models)]))


def _numbers(model: ModelCheck) -> Iterator[int | float | None]:
    deltas: dict[str, Amount] = {}
    if model.difference is not None:
        deltas = {amount.metric: amount for amount in model.difference.totals}
    for key in _TOTALS:
        yield model.counted.total(key) if model.counted is not None else None
        yield deltas[key].delta if key in deltas else None


def _moved(models: Iterable[ModelCheck]) -> Iterator[str]:
    """Say of models whose layers only moved that this is no failure."""
    names = [
        model.name
        for model in models
        if model.difference is not None
        and model.difference.same
        and any(change.kind == MOVED for change in model.difference.layers)
    ]
    if names:
        yield f"In {', '.join(names)} layers moved, at the same cost: that fails nothing."


def _limits(limits: Sequence[tuple[ModelCheck, Judgement]], *, named: bool) -> Table:
    measured = any(entry.low is not None for _, entry in limits)
    columns = [
        Column("quantity", "quantity", Unit.TEXT),
        Column("limit", "limit", Unit.TEXT),
        Column("bound", "comes to", Unit.EXACT),
        Column("value", "is", Unit.EXACT),
        *((Column("low", "from", Unit.EXACT), Column("high", "to", Unit.EXACT)) if measured else ()),
        Column("room", "left", Unit.SHARE),
        Column("verdict", "verdict", Unit.TEXT),
    ]
    rows = []
    for model, entry in limits:
        name = quantity(entry.metric, entry.module)
        room = 1 - entry.value / entry.bound if entry.bound and entry.value is not None else None
        cells: list[Cell] = [
            f"{model.name}: {name}" if named else name,
            entry.limit,
            entry.bound,
            entry.value,
        ]
        cells += [entry.low, entry.high] if measured else []
        cells += [room, f"{entry.verdict}: {entry.note}" if entry.note else entry.verdict]
        rows.append(Row(tuple(cells), strong=entry.fails))
    caption = "From and to: what holds the true ratio with 95 % confidence." if measured else ""
    return Table("Limits", tuple(columns), tuple(rows), caption)
