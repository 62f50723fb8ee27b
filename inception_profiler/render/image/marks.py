"""Lines, filled steps, dots and bubbles, and the intervals at them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inception_profiler.document.chart import LINE, POINTS, STEPS, Point, Series
from inception_profiler.document.colours import INK, PAPER, QUIET
from inception_profiler.render.image.panel import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DOT = 5.5
"""Radius of a dot without a size, in points on a slide."""
_WITHIN = 3.5
"""The same where it has an interval, which must be seen."""
_LARGEST = {16: 0.55, 48: 0.42, math.inf: 0.3}
"""Radius in inches of the largest bubble on a slide where there are at most so many."""
_SMALLEST = 0.04
_FEW = 24
"""A line of at most so many points has a dot at each."""
_DASHED = (0, (4, 3))


def draw(panel: Panel, axes: Axes) -> None:
    """Draw all series but bars, what stands in the background first, and the lines and dots of the notes."""
    numbered = list(enumerate(panel.chart.series))
    for n, series in reversed(numbered):
        if series.kind == LINE:
            covered = any(series.points == other.points for other in panel.chart.series[:n])
            _line(panel, axes, series, panel.colours[n], 10 - n, wide=covered)
        elif series.kind == STEPS:
            _steps(panel, axes, series, panel.colours[n])
    for n, series in sorted(numbered, key=lambda entry: not entry[1].faint):
        if series.kind == POINTS:
            _intervals(panel, axes, series, panel.colours[n])
            _dots(panel, axes, series, panel.colours[n])
    for note in panel.chart.notes:
        x, y = (
            None if place is None else place / span.factor
            for place, span in zip((note.x, note.y), panel.spans, strict=True)
        )
        if x is not None and y is not None:
            colour, size = (INK, 9) if note.strong else (QUIET, 6)
            axes.plot([x], [y], "o", color=colour, markersize=size, zorder=25, clip_on=False)
        elif x is not None:
            axes.axvline(x, color=QUIET, linewidth=1.2, linestyle=_DASHED)
        elif y is not None:
            axes.axhline(y, color=QUIET, linewidth=1.2, linestyle=_DASHED)


def radius(panel: Panel, point: Point) -> float:
    """Return the radius of a dot in inches; the areas of bubbles go by what they stand for."""
    if point.size is None or not panel.sizes:
        return panel.size(_DOT if point.low is None else _WITHIN) / 72
    largest = panel.size(next(value for most, value in _LARGEST.items() if len(panel.sizes) <= most))
    return max(_SMALLEST, largest * math.sqrt(max(0.0, point.size) / (max(panel.sizes) or 1)))


def _drawn(panel: Panel, series: Series) -> tuple[list[float], list[float]]:
    x, y = panel.spans
    return [point.x / x.factor for point in series.points], [point.y / y.factor for point in series.points]


def _line(panel: Panel, axes: Axes, series: Series, colour: str, rank: int, *, wide: bool) -> None:
    """Draw a line; a wide one is seen on both sides of the one that lies on it."""
    xs, ys = _drawn(panel, series)
    dotted = len(xs) <= _FEW and not series.faint
    thick = 1.4 if series.faint else 9.0 if wide else 3.0
    axes.plot(
        xs, ys, color=QUIET if series.faint else colour, linewidth=thick,
        marker="o" if dotted else "", markersize=6, zorder=rank, solid_capstyle="round",
        solid_joinstyle="round",
    )  # fmt: skip


def _steps(panel: Panel, axes: Axes, series: Series, colour: str) -> None:
    xs, ys = _drawn(panel, series)
    axes.fill_between(xs, ys, step="post", color=colour, alpha=0.25, linewidth=0)
    axes.step(xs, ys, where="post", color=colour, linewidth=2.5)


def _intervals(panel: Panel, axes: Axes, series: Series, colour: str) -> None:
    """Draw a bar from the lower to the upper end of each interval, with a cap at both."""
    lying = panel.chart.lying
    for point, x, y in zip(series.points, *_drawn(panel, series), strict=True):
        if point.low is not None and point.high is not None:
            ends = [point.low / panel.measured.factor, point.high / panel.measured.factor]
            along = (ends, [y, y]) if lying else ([x, x], ends)
            axes.plot(
                *along, color=colour, linewidth=3, marker="|" if lying else "_", markersize=20,
                markeredgewidth=3, zorder=19, clip_on=False,
            )  # fmt: skip


def _dots(panel: Panel, axes: Axes, series: Series, colour: str) -> None:
    xs, ys = _drawn(panel, series)
    areas = [(2 * 72 * radius(panel, point)) ** 2 for point in series.points]
    opacity = 0.35 if series.faint else 0.8 if panel.sizes else 1.0
    axes.scatter(
        xs, ys, areas, color=colour, alpha=opacity, edgecolor=PAPER, linewidth=1.0,
        zorder=18 if series.faint else 20, clip_on=False,
    )  # fmt: skip
