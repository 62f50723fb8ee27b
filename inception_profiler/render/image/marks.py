"""Lines, filled steps, dots and bubbles, the intervals at them, and the remarks between them."""

from __future__ import annotations

import math
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from inception_profiler.document.chart import LINE, POINTS, STEPS, Series
from inception_profiler.document.colours import INK, PAPER, QUIET, legible
from inception_profiler.render.image.lettering import drawable
from inception_profiler.render.image.panel import LABEL, Panel
from inception_profiler.render.image.placing import Box, around, free, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NOTE = 14.0
_LARGEST = 0.55
"""Radius in inches of the largest bubble on a slide."""


class Marks:
    """What is drawn in the axes of a panel apart from bars; labels are placed in inches on the sheet."""

    def __init__(self, panel: Panel, axes: Axes, box: Box) -> None:
        self.panel, self.axes, self.box = panel, axes, box
        self.taken: list[Box] = []
        self.sizes = [
            point.size for series in panel.chart.series for point in series.points if point.size is not None
        ]

    def draw(self) -> None:
        """Draw all of it: what stands in the background first, remarks last."""
        chart = self.panel.chart
        numbered = list(enumerate(chart.series))
        for n, series in reversed(numbered):
            if series.kind in {LINE, STEPS}:
                self._line(series, self.panel.colours[n], rank=10 - n)
        for n, series in sorted(numbered, key=lambda entry: not entry[1].faint):
            if series.kind == POINTS:
                self._dots(series, self.panel.colours[n])
        self._lines_along()
        self._ends()
        self._notes()
        self._labels()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where on the sheet a point of the chart lies, in inches."""
        box, (across, up) = self.box, self.panel.spans
        high = 1 - up.share(y) if self.panel.chart.y.categories else up.share(y)
        return (
            box.left + across.share(x) * (box.right - box.left),
            box.bottom + high * (box.top - box.bottom),
        )

    def drawn(self, series: Series) -> tuple[list[float], list[float]]:
        """Return the coordinates of a series as the axes take them."""
        x, y = self.panel.spans
        return [point.x / x.factor for point in series.points], [
            point.y / y.factor for point in series.points
        ]

    def _line(self, series: Series, colour: str, rank: int) -> None:
        xs, ys = self.drawn(series)
        shade = QUIET if series.faint else colour
        width = 1.4 if series.faint else 3.0
        if series.kind == STEPS:
            self.axes.fill_between(xs, ys, step="post", color=shade, alpha=0.25, linewidth=0, zorder=rank)
            self.axes.step(xs, ys, where="post", color=shade, linewidth=width, zorder=rank + 0.5)
            return
        dotted = "o" if len(xs) <= 24 and not series.faint else ""
        self.axes.plot(
            xs, ys, color=shade, linewidth=width, marker=dotted, markersize=6, zorder=rank,
            solid_capstyle="round", solid_joinstyle="round",
        )  # fmt: skip

    def radius(self, size: float | None) -> float:
        """Return the radius of a dot in inches; areas go by what they stand for."""
        if size is None or not self.sizes:
            return self.panel.size(5.5) / 72
        largest = _LARGEST * self.panel.size(1)
        return max(0.04, largest * math.sqrt(max(0.0, size) / (max(self.sizes) or 1)))

    def _dots(self, series: Series, colour: str) -> None:
        xs, ys = self.drawn(series)
        chart = self.panel.chart
        spans = [
            (place, point)
            for place, point in zip(zip(xs, ys, strict=True), series.points, strict=True)
            if point.low is not None and point.high is not None
        ]
        factor = (self.panel.spans[0] if chart.lying else self.panel.spans[1]).factor
        for (x, y), point in spans:
            ends = [(point.low or 0) / factor, (point.high or 0) / factor]
            along = (ends, [y, y]) if chart.lying else ([x, x], ends)
            self.axes.plot(*along, color=colour, linewidth=3, zorder=19, clip_on=False)
        areas = [math.pi * (self.radius(point.size) * 72) ** 2 for point in series.points]
        self.axes.scatter(
            xs, ys, [4 / math.pi * area for area in areas], color=colour,
            alpha=0.35 if series.faint else 0.8 if self.sizes else 1, edgecolor=PAPER, linewidth=1.0,
            zorder=18 if series.faint else 20, clip_on=False,
        )  # fmt: skip
        for point in series.points:
            x, y = self.at(point.x, point.y)
            reach = self.radius(point.size) * 0.9
            self.taken.append(Box(x - reach, y - reach, x + reach, y + reach))

    def _lines_along(self) -> None:
        """Keep labels off the lines."""
        for series in self.panel.chart.series:
            if series.kind not in {LINE, STEPS}:
                continue
            places = [self.at(point.x, point.y) for point in series.points]
            for (x, y), (to_x, to_y) in pairwise(places):
                steps = max(1, min(60, math.ceil(math.hypot(to_x - x, to_y - y) / 0.15)))
                for step in range(steps + 1):
                    middle = x + (to_x - x) * step / steps, y + (to_y - y) * step / steps
                    self.taken.append(
                        Box(middle[0] - 0.03, middle[1] - 0.03, middle[0] + 0.03, middle[1] + 0.03)
                    )

    def _ends(self) -> None:
        """Write the name of each line to the right of its end."""
        panel, box = self.panel, self.box
        lines = [
            (n, series)
            for n, series in enumerate(panel.chart.series)
            if series.kind == LINE and series.points and len(panel.chart.series) > 1
        ]
        size = panel.size(LABEL)
        ends = [self.at(series.points[-1].x, series.points[-1].y) for _, series in lines]
        outside = [n for n, (x, _) in enumerate(ends) if x > box.right - 0.1 * (box.right - box.left)]
        heights = spread([ends[n][1] for n in outside], panel.inches(LABEL), box.bottom, box.top)
        for position, (n, series) in enumerate(lines):
            colour = legible(QUIET if series.faint else panel.colours[n])
            if position in outside:
                x, y = box.right + 0.12, heights[outside.index(position)]
                room = panel.width - x - 0.1
                name = panel.sheet.lettering.shortened(series.title, room, size, bold=True)
                panel.sheet.write(x, y, name, size, colour=colour, bold=True, up="center_baseline")
            else:
                self._place(series.title, [(point.x, point.y) for point in series.points[::-1]], colour)

    def _place(
        self,
        text: str,
        points: list[tuple[float, float]],
        colour: str,
        *,
        bold: bool = True,
        gap: float = 0.12,
        near: bool = False,
    ) -> None:
        """Write a label beside the first of the points that has room for it, only ``near`` it if so asked."""
        panel, size = self.panel, self.panel.size(_NOTE)
        text = panel.sheet.lettering.shortened(text, 0.45 * (self.box.right - self.box.left), size, bold=bold)
        width = panel.sheet.lettering.width(text, size, bold=bold)
        inside = Box(self.box.left, self.box.bottom, self.box.right + 0.35, self.box.top + 0.05)
        for point in points:
            x, y = self.at(*point)
            places = around(x, y, width, panel.inches(_NOTE) * 0.9, gap)
            place = free(islice(places, 8) if near else places, self.taken, inside)
            if place is None:
                continue
            self.taken.append(place)
            middle = (place.left + place.right) / 2, (place.bottom + place.top) / 2
            if not place.wider(2.2 * gap).holds(x, y):
                self._lead((x, y), middle)
            panel.sheet.write(
                *middle, text, size, colour=colour, bold=bold, across="center", up="center_baseline"
            )
            return

    def _lead(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a thin line from a point to its label."""
        from matplotlib.lines import Line2D

        sheet = self.panel.sheet
        self.panel.sheet.figure.add_artist(
            Line2D(
                [start[0] / sheet.width, end[0] / sheet.width],
                [start[1] / sheet.height, end[1] / sheet.height],
                color=QUIET, linewidth=0.6, zorder=0.5, transform=sheet.figure.transFigure,
            )
        )  # fmt: skip

    def _notes(self) -> None:
        x_span, y_span = self.panel.spans
        size = self.panel.size(_NOTE)
        for note in self.panel.chart.notes:
            colour = INK if note.strong else QUIET
            if note.x is not None and note.y is not None:
                self.axes.plot(
                    [note.x / x_span.factor], [note.y / y_span.factor], "o", color=colour,
                    markersize=9 if note.strong else 6, zorder=25, clip_on=False,
                )  # fmt: skip
                self._place(note.text, [(note.x, note.y)], colour, bold=note.strong)
            elif note.x is not None:
                self.axes.axvline(note.x / x_span.factor, color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)))
                x, _ = self.at(note.x, self.panel.chart.y.limits[0] if self.panel.chart.y.limits else 1)
                self._upright(x, note.text, size, colour)
            elif note.y is not None:
                self.axes.axhline(note.y / y_span.factor, color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)))
                _, y = self.at(1, note.y)
                text = drawable(note.text)
                width = self.panel.sheet.lettering.width(text, size)
                self.panel.sheet.write(self.box.left + 0.1, y + 0.05, text, size, colour=colour)
                self.taken.append(
                    Box(self.box.left, y, self.box.left + 0.1 + width, y + self.panel.inches(_NOTE))
                )

    def _upright(self, x: float, text: str, size: float, colour: str) -> None:
        """Write what a vertical line says at its top, to the right of it."""
        text = self.panel.sheet.lettering.shortened(text, 0.3 * self.panel.room, size)
        width = self.panel.sheet.lettering.width(text, size)
        left = x + 0.07 if x + 0.07 + width < self.box.right + 0.4 else x - 0.07 - width
        height = self.panel.inches(_NOTE)
        y = self.box.top - height
        while any(Box(left, y, left + width, y + height).meets(other) for other in self.taken):
            y -= height
            if y < self.box.bottom:
                y = self.box.top - height
                break
        self.taken.append(Box(left, y, left + width, y + height))
        self.panel.sheet.write(left, y + 0.25 * height, text, size, colour=colour, backed=True)

    def _labels(self) -> None:
        """Write the names of dots where there is room for them, those in front first."""
        for series in sorted(self.panel.chart.series, key=lambda series: series.faint):
            if series.kind != POINTS:
                continue
            colour = legible(self.panel.colours[self.panel.chart.series.index(series)])
            for point in series.points:
                if point.label:
                    reach = self.radius(point.size) + 0.04
                    where, faint = [(point.x, point.y)], series.faint
                    self._place(point.label, where, colour, bold=not faint, gap=reach, near=faint)
