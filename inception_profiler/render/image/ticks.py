"""How far an axis reaches and which numbers stand along it: plain arithmetic, without a drawing library."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from inception_profiler.document.chart import (
    BARS,
    LINE,
    LINEAR,
    LOG,
    MIRRORED,
    POINTS,
    STACKED,
    STEPS,
    Axis,
    Chart,
)
from inception_profiler.units import Unit

_STEPS = (1, 2, 2.5, 5, 10)
_WANTED = 5
_FEW = 10
"""Up to so many points of lines along an axis have a number there each."""
_APART = 0.06
"""What share of an even axis at least lies between two such numbers."""
_ROOM = 1.6
"""By what factor a logarithmic axis goes on beyond its numbers."""


class Span(NamedTuple):
    """An axis as it is drawn: ``drawn = value / factor``.

    Attributes:
        low: where it begins.
        high: where it ends.
        ticks: the numbers along it, and what is written at each.
        factor: of the magnitude; 1 on a logarithmic axis, whose numbers have a symbol each.
        log: whether it is logarithmic.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    factor: float
    log: bool

    def share(self, value: float) -> float:
        """Return where a raw value lies between the two ends, from 0 to 1."""
        drawn = value / self.factor
        if self.log:
            return math.log(max(drawn, self.low) / self.low) / math.log(self.high / self.low)
        return (drawn - self.low) / (self.high - self.low)


def span(chart: Chart, axis: Axis) -> Span:
    """Return how an axis of a chart is drawn."""
    scale = chart.scale(axis)
    if axis.categories:
        last = len(axis.categories) - 0.5
        named = tuple((float(place), name) for place, name in enumerate(axis.categories))
        return Span(-0.5, last, named, 1.0, log=False)
    low, high = _range(chart, axis)
    own = stands(chart, axis)
    if axis.divided == LOG:
        positions = own or _decades(low, high, binary=axis.unit is Unit.BYTES)
        return Span(low, high, tuple((at, axis.tick(at, scale)) for at in positions), 1.0, log=True)
    low, high = low / scale.factor, high / scale.factor
    if own:
        ticks = [(at / scale.factor, axis.tick(at, scale)) for at in own]
        return Span(low, high, tuple(ticks), scale.factor, log=False)
    whole = scale.factor == 1 and all(float(value).is_integer() for value in _numbers(chart, axis))
    step = _step(high - low, whole=whole)
    ticks = []
    at = math.ceil(low / step - 1e-9) * step
    while at <= high + 1e-9 * step:
        value = round(at, 12)
        shown = abs(value) if chart.arrangement == MIRRORED else value
        ticks.append((value, axis.tick(shown * scale.factor, scale)))
        at += step
    return Span(low, high, tuple(ticks), scale.factor, log=False)


def stands(chart: Chart, axis: Axis) -> list[float]:
    """Return the places of the points of lines, where they are so few that each can have its number."""
    if axis is not chart.placed or any(series.kind != LINE for series in chart.series):
        return []
    points = (point for series in chart.series for point in series.points)
    own = sorted({point.x if axis is chart.x else point.y for point in points})
    if len(own) > _FEW or (axis.divided == LOG and min(own, default=1) <= 0):
        return []
    even = axis.divided == LINEAR and len(own) > 1
    close = even and min(after - at for at, after in pairwise(own)) < _APART * (own[-1] - own[0])
    return [] if close else own


def _range(chart: Chart, axis: Axis) -> tuple[float, float]:
    if axis.limits is not None:
        return axis.limits
    values = [value for value in _numbers(chart, axis) if math.isfinite(value)]
    if axis.divided == LOG:
        positive = [value for value in values if value > 0] or [1.0]
        dots = any(series.kind == POINTS for series in chart.series)
        sized = any(series.sized for series in chart.series)
        tall = sized and axis is chart.y  # there a large dot is a good part of the chart
        room = (2 if tall else 1) * _ROOM if dots or axis is chart.measured else 1.1
        return min(positive) / room, max(positive) * room
    low, high = min(values, default=0), max(values, default=0)
    if axis is chart.measured:
        largest = max(high, 0) * 1.08 or 1
        if chart.arrangement == MIRRORED:
            return _mirrored(chart)
        kinds = {series.kind for series in chart.series}
        return min(low, 0), largest * (1.05 if BARS in kinds else 1.15 if STEPS in kinds else 1)
    room = (high - low) * 0.02 or 1
    filled = any(series.kind == STEPS for series in chart.series)
    return (low, high) if filled and high > low else (low - room, high + room)


def _mirrored(chart: Chart) -> tuple[float, float]:
    """Return how far both sides reach, with room for the numbers behind the bars; the scale is the same."""
    left, right = (max((point.x for point in side.points), default=0) for side in chart.series[:2])
    room = 0.1 * (left + right) or 1
    least = 0.25 * (left + right)
    return -max(left, least) - room, max(right, least) + room


def _numbers(chart: Chart, axis: Axis) -> Iterator[float]:
    horizontal = axis is chart.x
    sums: dict[float, float] = {}
    for series in chart.series:
        for point in series.points:
            value = point.x if horizontal else point.y
            yield value
            if axis is chart.measured:
                yield from (end for end in (point.low, point.high) if end is not None)
                if chart.arrangement == STACKED and series.kind == BARS:
                    place = chart.place(point)
                    sums[place] = sums.get(place, 0) + value
    yield from sums.values()
    for note in chart.notes:
        marked = note.x if horizontal else note.y
        if marked is not None:
            yield marked


def _step(reach: float, *, whole: bool) -> float:
    """Return the round step that puts about five numbers along ``reach``."""
    rough = reach / _WANTED
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in _STEPS if power * part >= rough * 0.999)
    return max(1, math.ceil(step)) if whole else step


def _decades(low: float, high: float, *, binary: bool) -> Iterator[float]:
    """Yield the powers between two numbers, of 2 for bytes; 2 and 5 times those of 10 where they are few."""
    base = 2 if binary else 10
    first, last = math.ceil(math.log(low, base) - 1e-9), math.floor(math.log(high, base) + 1e-9)
    if not binary and last - first < 2:
        for power in range(first - 1, last + 1):
            yield from (part * 10.0**power for part in (1, 2, 5) if low <= part * 10.0**power <= high)
        return
    stride = max(1, math.ceil((last - first + 1) / 8))
    yield from (float(base) ** power for power in range(first, last + 1, stride))
