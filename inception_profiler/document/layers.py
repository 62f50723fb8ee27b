"""The table of a profile's layers, grouped as the reader wants."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from inception_profiler.document.blocks import Cell, Column, Row, Table
from inception_profiler.document.view import View
from inception_profiler.records.comparison import quotient
from inception_profiler.records.cost import Cost
from inception_profiler.records.executions import Executions
from inception_profiler.records.layer import Group, LayerCost
from inception_profiler.records.metrics import METRICS, Metric
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit

TREE_DEPTH = 2
_TITLES = {
    "stage": "stage",
    "module": "module",
    "layer": "layer",
    "op": "operation",
    "resolution": "feature map",
}


def layer_table(profile: Profile, view: View) -> Table:
    """Show the layers of a profile.

    By default a tree: stages (spans between two resolutions), the modules in them, and under each module
    its layers, down to ``view.depth`` segments of the path. Sorting or cutting the table flattens it to the
    rows of the lowest level.
    """
    metrics = view.metrics
    columns = [Column("layer" if view.by == "layer" else view.by, _TITLES[view.by], Unit.TEXT)]
    columns.append(Column("output", "output", Unit.TEXT))
    for metric in metrics:
        columns.append(Column(metric.key, metric.title, metric.unit))
        if metric.additive:
            columns.append(Column(f"{metric.key}_share", "share", Unit.SHARE))
    totals = [metric.of(profile) for metric in metrics]
    rows: list[tuple[Group, str, int]]
    flat = bool(view.sort or view.top)
    if view.by == "layer" and not flat:
        rows = list(_tree(profile, view.depth or TREE_DEPTH))
    else:
        rows = [(group, "", 0) for group in _flat(profile, view)]
    free = sum(layer.cost == Cost.ZERO and not layer.params for layer in profile.layers)
    rows = [row for row in rows if row[0].cost != Cost.ZERO or row[0].params]
    if view.sort:
        key = METRICS.get(view.sort)
        rows.sort(key=lambda row: _size(key.of(row[0])), reverse=True)
    hidden = len(rows) - view.top if view.top else 0
    if view.top:
        rows = rows[: view.top]
    deepest = max((level for _, _, level in rows), default=0)
    body = tuple(
        Row(_cells(group, output, metrics, totals), level, strong=level == 0 and deepest > 0)
        for group, output, level in rows
    )
    notes = [
        "Names are the paper's."
        if profile.naming.segments
        else "Names are the attribute paths of the modules."
    ]
    if view.by == "layer" and not flat:
        notes.append("A stage is a span of operations at one feature-map size; a row sums up those below it.")
    if free:
        notes.append(
            f"{free} operations cost nothing (views, dropout in inference) and have no row of their own."
            if free > 1
            else "One operation costs nothing (a view, or dropout in inference) and has no row of its own."
        )
    if any(group.executions > 1 for group, _, _ in rows):
        notes.append("×n marks a module that ran n times; its row adds up all of them.")
    if hidden > 0:
        notes.append(f"{hidden} more rows are not shown.")
    if not any(row.cells[1] for row in body):
        columns.pop(1)
        body = tuple(Row((row.cells[0], *row.cells[2:]), row.level, row.strong) for row in body)
    return Table(f"{profile.model} by {_TITLES[view.by]}", tuple(columns), body, " ".join(notes))


def _size(value: float | None) -> float:
    """Return what to sort a value by; what has none comes last."""
    return -math.inf if value is None else value


def _flat(profile: Profile, view: View) -> Sequence[Group]:
    match view.by:
        case "stage":
            return profile.by_stage()
        case "module":
            return profile.by_module(view.depth or 1)
        case "op":
            return profile.by_op()
        case "resolution":
            return profile.by_resolution()
        case _:
            return profile.by_module(view.depth) if view.depth else profile.by_layer()


def _tree(profile: Profile, depth: int) -> Iterable[tuple[Group, str, int]]:
    """Yield each stage and, under it, its modules level by level, with the last output shape of each."""
    stages: dict[str, list[LayerCost]] = {}
    for layer in profile.layers:
        stages.setdefault(layer.stage, []).append(layer)
    ran = profile.executions()
    for title, layers in stages.items():
        yield Group.of(f"stage {title}", layers), "", 0
        yield from _branches(profile, ran, layers, 1, depth)


def _branches(
    profile: Profile, ran: Executions, layers: Sequence[LayerCost], level: int, depth: int
) -> Iterable[tuple[Group, str, int]]:
    members: dict[tuple[str, str], list[LayerCost]] = {}
    for layer in layers:
        segments = layer.path.split(".") if layer.path else []
        itself = layer.op if len(segments) < level else ""  # what a module does between its children
        members.setdefault((".".join(segments[:level]), itself), []).append(layer)
    for (prefix, itself), inside in members.items():
        below = not itself and level < depth and any(layer.path != prefix for layer in inside)
        rows = list(_branches(profile, ran, inside, level + 1, depth)) if below else []
        if len(rows) == 1:  # a module of one part is shown as that part
            group, output, _ = rows[0]
            yield group, output, level
            continue
        name = profile.naming.name(prefix) or f"({profile.model})"
        group = Group.of(f"{name} · {itself}" if itself else name, inside, ran.of(prefix, inside, itself))
        yield group, _output(inside[-1]), level
        yield from rows


def _output(layer: LayerCost) -> str:
    return "×".join(map(str, layer.call.outputs[0].shape[1:])) if layer.call.outputs else ""


def _titled(group: Group) -> str:
    return f"{group.title} ×{group.executions}" if group.executions > 1 else group.title


def _cells(group: Group, output: str, metrics: Sequence[Metric], totals: Sequence[float]) -> tuple[Cell, ...]:
    cells: list[Cell] = [_titled(group), output]
    for metric, total in zip(metrics, totals, strict=True):
        value = metric.of(group)
        cells.append(value)
        if metric.additive:
            cells.append(quotient(value, total) if total else 0.0)
    return tuple(cells)
