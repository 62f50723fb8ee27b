"""Curves of costs as documents: a table for each axis, and the laws in words."""

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
from inception_profiler.document.charts.scaling import sweep_charts
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.scaling import Law, Number, Scaling, Sweep
from inception_profiler.units import Unit, scale_for

_AXES = {"input": "side of the input", "batch": "batch"}
_VARIABLES = {"pixels": "H·W", "batch": "batch"}


def sweep_document(sweep: Sweep) -> Document:
    """Show every axis: what each model costs at each point, and the law that this follows."""
    names = list(dict.fromkeys(curve.model for curve in sweep.curves))
    title = f"{' and '.join(names)}: cost by {' and by '.join(_AXES[axis] for axis in sweep.axes)}"
    blocks: list[Block] = [Heading(title, 1)]
    for axis in sweep.axes:
        curves = sweep.along(axis)
        blocks.append(_table(axis, curves))
        blocks += [Prose(f"{curve.model}: {told}") for curve in curves for told in _laws(curve)]
        blocks += _refusals(axis, curves)
    blocks.append(Illustration(sweep_charts, (sweep,)))
    for curve in sweep.curves:
        if curve.unpriced:
            unknown = ", ".join(curve.unpriced)
            blocks.append(Callout("warning", f"{curve.model}: the cost of {unknown} is unknown."))
    return Document(title, tuple(blocks), sweep)


def _table(axis: str, curves: Sequence[Scaling]) -> Table:
    columns = [Column(axis, _AXES[axis], Unit.TEXT)]
    alone = len(curves) == 1
    for key in curves[0].metrics:
        metric = METRICS.get(key)
        for number, curve in enumerate(curves):
            title = metric.title if alone else f"{curve.model} {metric.title}"
            name = key if alone else f"{key}_{number}_{curve.model}"
            columns.append(Column(name, title, metric.unit, quantity=key))
    rows = []
    for index, point in enumerate(curves[0].points):
        cells: list[Cell] = [str(point.at)]
        for key in curves[0].metrics:
            cells += [curve.values(key)[index] for curve in curves]
        rows.append(Row(tuple(cells)))
    caption = f"{' · '.join(f'{curve.model}: input {curve.setting}' for curve in curves)}."
    if any(point.refused for curve in curves for point in curve.points):
        caption += " – stands where a layer refuses."
    return Table(f"By {_AXES[axis]}", tuple(columns), tuple(rows), caption)


def _laws(curve: Scaling) -> Iterator[str]:
    """Say each law in words; metrics that do not change are named together."""
    still = [METRICS.get(law.metric).title for law in curve.laws if law.kind == "constant"]
    for law in curve.laws:
        if law.kind in {"linear", "power"}:
            yield f"{METRICS.get(law.metric).title} {law_words(law)}."
    if still:
        yield f"{', '.join(still)}: the same at every point."


def law_words(law: Law) -> str:
    """Say a law: ``= 1,582,671,872 · batch, exactly`` or ``≈ 31.6 k · (H·W)^1.001, 2.1% off at most``."""
    variable, unit = _VARIABLES[law.variable], METRICS.get(law.metric).unit
    if law.kind == "linear":
        constant = f"{_exact(law.constant)} + " if law.constant else ""
        noun = " bytes" if unit is Unit.BYTES else ""
        return f"= {constant}{_exact(law.factor)} · {variable}{noun}, exactly"
    factor = scale_for((law.factor,), unit).full(law.factor)
    off = scale_for((law.deviation,), Unit.SHARE).full(law.deviation)
    return f"≈ {factor} · ({variable})^{law.exponent:.3f}, fitted, {off} off at most"


def _exact(number: Number) -> str:
    return f"{number:,}"


def _refusals(axis: str, curves: Sequence[Scaling]) -> Iterator[Callout]:
    """Name what each model refuses, one line for each reason that differs in more than sizes."""
    for curve in curves:
        refused = [point for point in curve.points if point.refused]
        layers: dict[str, list[str]] = {}
        for point in refused:
            layers.setdefault(point.refused.partition(":")[0], []).append(str(point.at))
        for layer, points in layers.items():
            first = next(point.refused for point in refused if point.refused.startswith(f"{layer}:"))
            listed = ", ".join(points[:6]) + (", …" if len(points) > 6 else "")
            yield Callout("note", f"{curve.model} cannot take {axis} {listed}: {first}")
