"""Bars, lying or standing: side by side, end to end, or to both sides of one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inception_profiler.document.chart import BARS, MIRRORED, STACKED
from inception_profiler.document.colours import INK, PAPER, contrast_between, legible
from inception_profiler.render.image.panel import AXIS, LABEL, MARGIN, Panel
from inception_profiler.render.image.placing import Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_THICK = 0.8
_APART = 0.2
"""Half of the room in inches between the names of both sides."""


def draw(panel: Panel, axes: Axes, box: Box) -> None:
    """Draw all series of bars with their numbers."""
    chart = panel.chart
    barred = [n for n, series in enumerate(chart.series) if series.kind == BARS]
    if chart.arrangement == STACKED:
        _stacked(panel, axes, box, barred)
        return
    mirrored = chart.arrangement == MIRRORED
    thick = _THICK if mirrored else _THICK / len(barred)
    factor = panel.measured.factor
    for position, n in enumerate(barred):
        sign = -1 if mirrored and position == 0 else 1
        shift = 0.0 if mirrored else (position + 0.5) * thick - _THICK / 2
        number = _Number(panel, axes, box, panel.colours[n])
        for point in chart.series[n].points:
            place, value = chart.place(point) + shift, chart.value(point)
            _fill(panel, axes, place, thick, 0.0, sign * value / factor, n)
            if value or mirrored:  # where many stand beside each other, none says as much as 0
                number.beyond(place, sign * value / factor, value, thick, sign)
    if mirrored:
        axes.axvline(0, color=INK, linewidth=1.0)
        _sides(panel, box, barred)


def _stacked(panel: Panel, axes: Axes, box: Box, barred: list[int]) -> None:
    """Put the bars of a category end to end; where they add up to something, that stands behind the last."""
    chart, factor = panel.chart, panel.measured.factor
    parts: dict[float, list[tuple[int, float]]] = {}
    for n in barred:
        for point in chart.series[n].points:
            parts.setdefault(chart.place(point), []).append((n, chart.value(point)))
    whole = chart.measured.limits is not None  # shares of one whole have no sum that says anything
    for place, members in parts.items():
        reached = 0.0
        for n, value in members:
            _fill(panel, axes, place, _THICK, reached, value / factor, n)
            if len(members) > 1 or whole:
                number = _Number(panel, axes, box, panel.colours[n])
                number.inside(place, reached, value / factor, value)
            reached += value / factor
        if not whole:
            colour = panel.colours[members[0][0]] if len(members) == 1 else INK
            total = sum(value for _, value in members)
            _Number(panel, axes, box, colour).beyond(place, reached, total, _THICK, 1)


def _fill(panel: Panel, axes: Axes, place: float, thick: float, start: float, length: float, n: int) -> None:
    """Fill one bar."""
    colour, edge = panel.colours[n], PAPER if panel.chart.arrangement == STACKED else "none"
    if panel.chart.lying:
        axes.barh([place], [length], thick, left=start, color=colour, edgecolor=edge, linewidth=0.8)
    else:
        axes.bar([place], [length], thick, bottom=start, color=colour, edgecolor=edge, linewidth=0.8)


class _Number:
    """The number of a bar."""

    def __init__(self, panel: Panel, axes: Axes, box: Box, colour: str) -> None:
        self.panel, self.axes, self.box, self.colour = panel, axes, box, colour
        self.lying = panel.chart.lying

    def _size(self, thick: float) -> float:
        """Return a size of type that fits beside a bar of that share of its slot."""
        x, y = self.panel.spans
        slot = (
            (self.box.top - self.box.bottom) / (y.high - y.low)
            if self.lying
            else 0.5 * (self.box.right - self.box.left) / (x.high - x.low)
        )
        return min(self.panel.size(LABEL), thick * slot * 72 * 1.05)

    def beyond(self, place: float, end: float, value: float, thick: float, sign: int) -> None:
        """Write the number behind the end of the bar."""
        self.axes.annotate(
            self.panel.said(value),
            (end, place) if self.lying else (place, end),
            (4 * sign, 0) if self.lying else (0, 3 * sign),
            textcoords="offset points",
            ha=("left" if sign > 0 else "right") if self.lying else "center",
            va="center_baseline" if self.lying else ("bottom" if sign > 0 else "top"),
            fontsize=self._size(thick),
            color=legible(self.colour),
            annotation_clip=False,
        )

    def inside(self, place: float, start: float, length: float, value: float) -> None:
        """Write the number into a bar that has room for it."""
        size = self._size(_THICK * 0.8)
        text = self.panel.said(value)
        span = self.panel.spans[0] if self.lying else self.panel.spans[1]
        inches = (self.box.right - self.box.left) if self.lying else (self.box.top - self.box.bottom)
        room = length / (span.high - span.low) * inches
        width = self.panel.sheet.lettering.width(text, size)
        if (width + 0.08 if self.lying else size * 1.3 / 72) > room:
            return
        middle = start + length / 2
        white = contrast_between(self.colour, PAPER) > contrast_between(self.colour, INK)
        self.axes.text(
            *((middle, place) if self.lying else (place, middle)),
            text,
            ha="center",
            va="center_baseline",
            fontsize=size,
            color=PAPER if white else INK,
        )


def _sides(panel: Panel, box: Box, barred: list[int]) -> None:
    """Write the names of both sides above them, right of what the rows are."""
    lettering, size = panel.sheet.lettering, panel.size(18)
    names = [
        lettering.shortened(panel.chart.series[n].title, 0.3 * panel.room, size, bold=True)
        for n in barred[:2]
    ]
    zero = box.left + panel.spans[0].share(0) * (box.right - box.left)
    row = lettering.width(panel.chart.y.label(panel.scales[1]), panel.size(AXIS))
    first = lettering.width(names[0], size, bold=True)
    middle = max(zero, MARGIN + row + first + 2 * _APART)
    for position, (n, name) in enumerate(zip(barred, names, strict=False)):
        x = middle + (_APART if position else -_APART)
        panel.sheet.write(
            x, box.top + 0.06, name, size, colour=legible(panel.colours[n]), bold=True,
            across="left" if position else "right",
        )  # fmt: skip
