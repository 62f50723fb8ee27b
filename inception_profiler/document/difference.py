"""Differences as documents: which totals changed, and which layers grew, shrank, appeared, went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inception_profiler.document.blocks import Block, Callout, Column, Document, Heading, Prose, Row, Table
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.difference import difference_charts
from inception_profiler.records.difference import (
    RENAMED,
    Amount,
    Difference,
    LayerChange,
    Lone,
    ModelDifference,
)
from inception_profiler.records.metrics import METRICS
from inception_profiler.units import Unit

ROWS = 40
"""How many layers of a model have a row of their own unless asked otherwise."""

_LAYER_METRICS = ("params", "macs", "flops", "activation_bytes")


def difference_document(difference: Difference, *, top: int = ROWS) -> Document:
    """Show what is not the same on two sides."""
    title = f"{difference.old} against {difference.new}"
    blocks: list[Block] = [Heading(title, 1), Prose(_summary(difference))]
    blocks.append(Illustration(difference_charts, (difference,)))
    blocks += [Callout("note", text) for text in difference.notes if not difference.same]
    for model in difference.models:
        if not model.same or any(change.moved for change in model.layers):
            blocks += model_blocks(model, top=top)
    blocks += _lone(difference)
    return Document(title, tuple(blocks), difference)


def model_blocks(model: ModelDifference, *, top: int = ROWS) -> Iterator[Block]:
    """Show what is not the same in two counts of one model."""
    if model.settings:
        for setting in model.settings:
            yield Callout(
                "warning", f"{model.name}: its {setting.title} was {setting.old} and is {setting.new}."
            )
    if model.changed:
        yield totals_table(f"{model.name}: totals", model.changed)
    if model.layers:
        yield _layers(model, top)


def totals_table(title: str, amounts: Iterable[Amount]) -> Table:
    """Show quantities before and after, digit by digit."""
    columns = (
        Column("quantity", "quantity", Unit.TEXT),
        Column("old", "before", Unit.EXACT),
        Column("new", "now", Unit.EXACT),
        Column("delta", "difference", Unit.EXACT),
        Column("share", "by", Unit.SHARE),
    )
    rows = (
        Row((quantity(entry.metric), entry.old, entry.new, entry.delta, entry.share)) for entry in amounts
    )
    return Table(title, columns, tuple(rows))


def quantity(metric: str, module: str = "") -> str:
    """Return the name of a quantity for people, with its unit where it is not a count."""
    known = METRICS.find(metric)
    title = known.title if known is not None else _OTHERS.get(metric, (metric, Unit.COUNT))[0]
    title = f"{title} of {module}" if module else title
    return f"{title} (bytes)" if unit_of(metric) is Unit.BYTES and "bytes" not in title else title


def unit_of(metric: str) -> Unit:
    """Return what a quantity of a check is counted in."""
    known = METRICS.find(metric)
    return known.unit if known is not None else _OTHERS.get(metric, (metric, Unit.COUNT))[1]


_OTHERS = {
    "saved_bytes": ("saved for backward", Unit.BYTES),
    "latency": ("latency", Unit.RATIO),
    "calls": ("calls", Unit.COUNT),
}


def _summary(difference: Difference) -> str:
    models = len(difference.models) + len(difference.lone)
    said = "1 model" if models == 1 else f"{models} models"
    if difference.same:
        return f"{said}: all cost the same, layer by layer."
    changed = sum(not model.same for model in difference.models)
    parts = [f"{changed} changed"] if changed else []
    same = len(difference.models) - changed
    parts += [f"{same} same"] if same else []
    parts += [f"{len(difference.lone)} on one side only"] if difference.lone else []
    return f"{said}: {', '.join(parts)}."


def _layers(model: ModelDifference, top: int) -> Table:
    columns = (
        Column("layer", "layer", Unit.TEXT),
        Column("change", "change", Unit.TEXT),
        Column("output", "output", Unit.TEXT),
        *(Column(f"{key}_delta", METRICS.get(key).title, Unit.EXACT) for key in _LAYER_METRICS),
    )
    folded = list(_folded(model.layers))
    rows, left = _shown(folded, top)
    lines = [Row((_title(group), group[0].kind, _output(group), *_sums(group))) for group in rows]
    if left:
        calls = [change for group in left for change in group]
        lines.append(Row((f"{len(left)} more", "", "", *_sums(calls))))
    lines.append(Row(("all", "", "", *_sums(model.layers)), strong=True))
    caption = "Numbers are differences, now - before."
    if any(change.kind == "moved" for change in model.layers):
        caption += " A layer that moved is executed at another place in the order, at the same cost."
    return Table(f"{model.name}: layers", columns, tuple(lines), caption)


def _folded(changes: Sequence[LayerChange]) -> Iterator[tuple[LayerChange, ...]]:
    """Gather the layers of one module that was renamed and costs what it did; all others stand alone."""
    groups: dict[tuple[str, str], list[LayerChange]] = {}
    for change in changes:
        if change.kind == RENAMED:
            groups.setdefault(_renaming(change), []).append(change)
    for change in changes:
        if change.kind != RENAMED:
            yield (change,)
        elif change is groups[_renaming(change)][0]:
            yield tuple(groups[_renaming(change)])


def _renaming(change: LayerChange) -> tuple[str, str]:
    """Return the outermost part of its path that was renamed, before and after."""
    assert change.old is not None
    assert change.new is not None
    before, after = change.old.path.split("."), change.new.path.split(".")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return ".".join(before), ".".join(after)


def _title(group: Sequence[LayerChange]) -> str:
    if len(group) == 1:
        return group[0].title
    before, after = _renaming(group[0])
    return f"{before} → {after} ({len(group)} layers)"


def _output(group: Sequence[LayerChange]) -> str:
    change = group[0]
    if len(group) > 1:
        return ""
    before = change.old.output if change.old is not None else ""
    after = change.new.output if change.new is not None else ""
    return (f"{before} → {after}" if before and after and before != after else after or before).replace(
        "x", "×"
    )


def _sums(changes: Iterable[LayerChange]) -> tuple[int, ...]:
    rows = [{amount.metric: amount.delta or 0 for amount in change.amounts} for change in changes]
    return tuple(sum(int(row[key]) for row in rows) for key in _LAYER_METRICS)


def _shown(
    groups: Sequence[tuple[LayerChange, ...]], top: int
) -> tuple[list[tuple[LayerChange, ...]], list[tuple[LayerChange, ...]]]:
    """Choose the rows with the largest differences, and keep them in the order of execution."""
    if not top or len(groups) <= top:
        return list(groups), []
    weights = [tuple(map(abs, (_sums(group)[1], _sums(group)[0], *_sums(group)[2:]))) for group in groups]
    largest = sorted(range(len(groups)), key=lambda at: weights[at], reverse=True)[:top]
    kept = set(largest)
    return [groups[at] for at in sorted(kept)], [group for at, group in enumerate(groups) if at not in kept]


def _lone(difference: Difference) -> Iterator[Block]:
    for entry in difference.lone:
        if entry.reason:
            yield Callout("warning", f"{entry.name} could not be counted in {entry.side}: {entry.reason}")
        else:
            yield Callout("note", f"{entry.name} is in {entry.side} only{_costing(entry)}.")


def _costing(entry: Lone) -> str:
    values = {amount.metric: amount.new if amount.new is not None else amount.old for amount in entry.totals}
    said = [
        f"{values[key]:,} {METRICS.get(key).title}"
        for key in ("params", "macs")
        if values.get(key) is not None
    ]
    return f": {' and '.join(said)}" if said else ""
