"""Charts of a cost argument: what both sides cost along its curve, and what the second saves."""

from __future__ import annotations

import math
from collections.abc import Iterator

from inception_profiler.document.chart import LINE, Axis, Chart, Note, Point, Series
from inception_profiler.records.argument import Argument
from inception_profiler.records.metrics import METRICS
from inception_profiler.units import Unit, scale_for


def argument_charts(argument: Argument) -> Iterator[Chart]:
    """Yield both sides along the curve, and their ratio."""
    if len(argument.curve.points) > 1:
        yield sides(argument)
        if any(math.isfinite(point.ratio) for point in argument.curve.points):
            yield saving(argument)


def sides(argument: Argument) -> Chart:
    """Show what each side costs at every point of the curve."""
    curve, metric = argument.curve, METRICS.get(argument.curve.metric)
    return Chart(
        "sides",
        f"{argument.title}: {metric.title} over the {curve.axis}",
        _axis(argument),
        Axis(metric.title, metric.unit),
        tuple(
            Series(
                side.title, LINE, tuple(Point(point.at, point.values[n]) for point in curve.points),
                side.profile.model if side.profile.model == side.title else side.title,
            )
            for n, side in enumerate(argument.sides)
        ),
        caption=f"{argument.rule} {metric.title}: {metric.explained}.",
        source=_source(argument),
    )  # fmt: skip


def saving(argument: Argument) -> Chart:
    """Show first side / second side along the curve; above the line at 1 the second is cheaper."""
    curve, metric = argument.curve, METRICS.get(argument.curve.metric)
    first, second = (side.title for side in argument.sides)
    points = tuple(Point(point.at, point.ratio) for point in curve.points if math.isfinite(point.ratio))
    best = max(points, key=lambda point: point.y)
    said = scale_for((), Unit.RATIO).full(best.y)
    return Chart(
        "saving",
        f"How many times the {metric.title} of “{second}” does “{first}” take?",
        _axis(argument),
        Axis(f"{metric.title}: {first} / {second}", Unit.RATIO),
        (Series("ratio", LINE, points, "MACs"),),
        notes=(Note("equal", y=1), Note(f"{said} at {best.x:g}", best.x, best.y, strong=True)),
        caption=f"{argument.rule} Above the line at 1 the second is the cheaper one.",
        source=_source(argument),
    )


def _axis(argument: Argument) -> Axis:
    return Axis(argument.curve.axis, Unit.EXACT)


def _source(argument: Argument) -> str:
    given = ", ".join(
        f"{name} {'×'.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in argument.given
    )
    return f"Counted in networks built for every point. Given: {given}." if given else ""
