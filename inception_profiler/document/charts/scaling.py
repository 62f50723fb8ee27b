"""Charts of a sweep: what models cost over the size of the input and over the batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.chart import LINE, LOG, Axis, Chart, Point, Series
from inception_profiler.document.profiled import listed
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.scaling import Scaling, Sweep
from inception_profiler.units import Unit

_AXES = {
    "input": Axis("side of the input", Unit.PIXELS),
    "batch": Axis("batch", Unit.COUNT, "images", LOG),
}
_TITLES = {"input": "size of the input", "batch": "batch"}


def sweep_charts(sweep: Sweep) -> Iterator[Chart]:
    """Yield every metric along every axis, the models beside each other."""
    for axis in sweep.axes:
        curves = sweep.along(axis)
        for metric in curves[0].metrics:
            chart = scaling(axis, metric, curves)
            if chart is not None:
                yield chart


def scaling(axis: str, key: str, curves: Sequence[Scaling]) -> Chart | None:
    """Show one metric along one axis; None where no model has two points.

    The batch doubles from point to point, so that both axes are logarithmic and proportion is a straight
    line.
    """
    metric = METRICS.get(key)
    series = []
    for curve in curves:
        pairs = zip(curve.points, curve.values(key), strict=True)
        points = tuple(Point(point.at, value) for point, value in pairs if value is not None)
        if len(points) > 1:
            series.append(Series(curve.model, LINE, points, curve.model))
    if not series:
        return None
    positive = all(point.y > 0 for line in series for point in line.points)
    divided = LOG if _AXES[axis].divided == LOG and positive else "linear"
    refused = [curve.model for curve in curves if any(point.refused for point in curve.points)]
    gaps = f" Where a layer refuses there is no point: {', '.join(refused)}." if refused else ""
    return Chart(
        f"{key}-over-{axis}",
        f"{metric.title} over the {_TITLES[axis]}: {listed([line.title for line in series])}",
        _AXES[axis],
        Axis(metric.title, metric.unit, divided=divided),
        tuple(series),
        caption=f"{metric.title}: {metric.explained}. Every point is counted by a trace of its own.{gaps}",
        source=" · ".join(f"{curve.model}: input {curve.setting}" for curve in curves),
    )
