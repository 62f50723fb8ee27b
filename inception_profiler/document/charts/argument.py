"""Charts of a cost argument: what both sides cost along its curve, and what the second saves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from inception_profiler.document.chart import LINE, LINEAR, LOG, Axis, Chart, Note, Point, Series
from inception_profiler.document.colours import colour_of
from inception_profiler.records.argument import Argument
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.trace import Attribute
from inception_profiler.units import Unit, scale_for

_ROLES = ("first side", "second side")


def argument_charts(argument: Argument) -> Iterator[Chart]:
    """Yield both sides along the curve, and their ratio."""
    if len(argument.curve.points) > 1:
        yield sides(argument)
        if any(math.isfinite(point.ratio) for point in argument.curve.points):
            yield saving(argument)


def sides(argument: Argument) -> Chart:
    """Show what each side costs at every point of the curve."""
    curve, metric = argument.curve, METRICS.get(argument.curve.metric)
    lines = []
    for n, side in enumerate(argument.sides):
        points = tuple(Point(point.at, point.values[n]) for point in curve.points)
        lines.append(Series(side.title, LINE, points, side.title if colour_of(side.title) else _ROLES[n]))
    return Chart(
        "sides",
        f"{argument.title}: {metric.title} over the {curve.axis}",
        _axis(argument),
        Axis(metric.title, metric.unit),
        tuple(lines),
        caption=f"{argument.rule} {metric.title}: {metric.explained}.",
        source=_source(argument),
    )


def saving(argument: Argument) -> Chart:
    """Show first side / second side along the curve; above the line at 1 the second is cheaper.

    The point at which the sides themselves stand is marked, where the curve has it.
    """
    curve, metric = argument.curve, METRICS.get(argument.curve.metric)
    first, second = (side.title for side in argument.sides)
    own = tuple(metric.of(side.profile) for side in argument.sides)
    notes = [Note("equal", y=1)]
    for point in curve.points:
        if point.values == own and math.isfinite(point.ratio):
            said = scale_for((), Unit.RATIO).full(point.ratio)
            notes.append(Note(f"{said} at {point.at:g}", point.at, point.ratio, strong=True))
            break
    points = tuple(Point(point.at, point.ratio) for point in curve.points if math.isfinite(point.ratio))
    return Chart(
        "saving",
        f"How many times the {metric.title} of “{second}” does “{first}” take?",
        _axis(argument),
        Axis(f"{metric.title}: {first} / {second}", Unit.RATIO),
        (Series("ratio", LINE, points, "saving"),),
        notes=tuple(notes),
        caption=f"{argument.rule} Above the line at 1 the second is the cheaper one.",
        source=_source(argument),
    )


def _axis(argument: Argument) -> Axis:
    """Return the axis of the curve, divided so that points which multiply from one to the next are even."""
    places = [point.at for point in argument.curve.points]
    growing = len(places) > 3 and all(low > 0 and high / low >= 2 for low, high in pairwise(places))
    # the side of a map or of a kernel is the only length that is varied; the others are numbers of something
    unit = Unit.PIXELS if argument.curve.axis.startswith("side of ") else Unit.EXACT
    return Axis(argument.curve.axis, unit, divided=LOG if growing else LINEAR)


def _source(argument: Argument) -> str:
    given = ", ".join(_given(*entry) for entry in argument.given if entry[1] not in {"", False, None})
    counted = "Both sides are counted at every point."
    return f"{counted} Given: {given}." if given else counted


def _given(name: str, value: Attribute) -> str:
    """Say what was asked: ``size 28×28``; of a switch that is on, its name."""
    said = name.replace("_", " ")
    if value is True:
        return said
    return f"{said} {'×'.join(map(str, value)) if isinstance(value, tuple) else value}"
