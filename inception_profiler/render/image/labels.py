"""What is written between the marks: names of lines and dots, and notes, none on another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice, pairwise

from inception_profiler.document.chart import LINE, POINTS, STEPS, Note, Point, Series
from inception_profiler.document.colours import INK, QUIET, legible
from inception_profiler.render.image.marks import radius
from inception_profiler.render.image.panel import LABEL, Panel
from inception_profiler.render.image.placing import Box, around, free, spread
from inception_profiler.units import scale_for

_NOTE = 14.0
_NEAR = 8
"""How many places right beside a point there are."""
_STEP = 0.15
"""How far apart in inches a line is taken to be where labels must keep off it."""


class Labels:
    """The text between the marks of a panel; everything is placed in inches on the sheet.

    Attributes:
        taken: where something is already.
    """

    def __init__(self, panel: Panel, box: Box) -> None:
        self.panel, self.box = panel, box
        self.lettering = panel.sheet.lettering
        self.small, self.height = panel.size(_NOTE), panel.inches(_NOTE)
        self.taken: list[Box] = []

    def write(self) -> None:
        """Write all of it: what must be said first, then what there is room for."""
        series = self.panel.chart.series
        for entry in series:
            self._keep_off(entry)
        self._ends([(n, entry) for n, entry in enumerate(series) if entry.kind == LINE and entry.points])
        for note in self.panel.chart.notes:
            self._note(note)
        for n, entry in sorted(enumerate(series), key=lambda pair: pair[1].faint):
            if entry.kind == POINTS:
                self._dots(entry, legible(self.panel.colours[n]))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where on the sheet a point of the chart lies."""
        box, (across, up) = self.box, self.panel.spans
        height = 1 - up.share(y) if self.panel.chart.y.categories else up.share(y)
        return (
            box.left + across.share(x) * (box.right - box.left),
            box.bottom + height * (box.top - box.bottom),
        )

    def _keep_off(self, series: Series) -> None:
        """Take the places of lines and dots."""
        places = [self.at(point.x, point.y) for point in series.points]
        if series.kind == POINTS:
            for (x, y), point in zip(places, series.points, strict=True):
                self.taken.append(Box(x, y, x, y).wider(0.9 * radius(self.panel, point)))
        if series.kind not in {LINE, STEPS}:
            return
        for (x, y), (to_x, to_y) in pairwise(places):
            steps = max(1, min(60, math.ceil(math.hypot(to_x - x, to_y - y) / _STEP)))
            for step in range(steps + 1):
                on_x, on_y = x + (to_x - x) * step / steps, y + (to_y - y) * step / steps
                self.taken.append(Box(on_x, on_y, on_x, on_y).wider(0.03))

    def _ends(self, lines: list[tuple[int, Series]]) -> None:
        """Write the name of each line to the right of its end, or beside it where it ends earlier."""
        if len(self.panel.chart.series) < 2:
            return
        panel, box, size = self.panel, self.box, self.panel.size(LABEL)
        ends = [self.at(series.points[-1].x, series.points[-1].y) for _, series in lines]
        outside = [n for n, (x, _) in enumerate(ends) if x > box.right - 0.1 * (box.right - box.left)]
        heights = spread([ends[n][1] for n in outside], panel.inches(LABEL), box.bottom, box.top)
        for position, (n, series) in enumerate(lines):
            colour = legible(QUIET if series.faint else panel.colours[n])
            if position not in outside:
                self._beside(series.title, series.points[::-1], colour)
                continue
            x, y = box.right + 0.12, heights[outside.index(position)]
            name = self.lettering.shortened(series.title, panel.width - x - 0.1, size, bold=True)
            panel.sheet.write(x, y, name, size, colour=colour, bold=True, up="center_baseline")
            self.taken.append(Box(x, y, panel.width, y).wider(0.5 * panel.inches(LABEL)))

    def _note(self, note: Note) -> None:
        colour = INK if note.strong else QUIET
        if note.x is not None and note.y is not None:
            self._beside(note.text, [Point(note.x, note.y)], colour, bold=note.strong)
            return
        text = self.lettering.shortened(note.text, 0.3 * self.panel.room, self.small)
        width = self.lettering.width(text, self.small)
        places = self._along_upright(note.x, width) if note.x is not None else self._along_level(note, width)
        place = free(places, self.taken, self.box.wider(0.4)) or places[0]
        self.taken.append(place)
        y = place.bottom + 0.25 * self.height
        self.panel.sheet.write(place.left, y, text, self.small, colour=colour, backed=True)

    def _along_upright(self, x: float, width: float) -> list[Box]:
        """Return the places beside a line from bottom to top, the highest first."""
        on_x, _ = self.at(x, self._middle(1))
        left = on_x + 0.07 if on_x + 0.07 + width < self.box.right else on_x - 0.07 - width
        rows = int((self.box.top - self.box.bottom) / self.height)
        tops = [self.box.top - row * self.height for row in range(max(1, rows))]
        return [Box(left, top - self.height, left + width, top) for top in tops]

    def _along_level(self, note: Note, width: float) -> list[Box]:
        """Return the places above and below a line across the chart, at its ends first."""
        _, y = self.at(self._middle(0), note.y or 0.0)
        lefts = [self.box.left + 0.1, self.box.right - width - 0.05]
        lefts += [self.box.left + share * (self.box.right - self.box.left) for share in (0.25, 0.5, 0.7)]
        bottoms = [y + 0.02] + [y - self.height - 0.02] * (y - self.height > self.box.bottom)
        return [Box(left, bottom, left + width, bottom + self.height) for bottom in bottoms for left in lefts]

    def _middle(self, direction: int) -> float:
        """Return a raw value within the chart."""
        span = self.panel.spans[direction]
        return span.high * span.factor

    def _dots(self, series: Series, colour: str) -> None:
        """Write the names of dots, or their numbers where they stand in rows that have names."""
        rows = bool(self.panel.chart.placed.categories)
        for point in series.points:
            gap = radius(self.panel, point) + 0.04
            if rows:
                number = self._number(point)
                x, y = self.at(point.x, point.y)
                width = self.lettering.width(number, self.small, bold=True)
                left = min(max(x - width / 2, self.box.left), self.box.right - width)
                self.panel.sheet.write(left, y + gap + 0.08, number, self.small, colour=colour, bold=True)
            elif point.label:
                faint = series.faint
                self._beside(point.label, [point], colour, bold=not faint, gap=gap, near=faint)

    def _number(self, point: Point) -> str:
        """Print what a dot shows, with its interval where it has one."""
        value = self.panel.chart.value(point)
        scale = scale_for((value,), self.panel.chart.measured.unit)
        if point.low is None or point.high is None:
            return scale.full(value)
        return f"{scale.full(value)} ({scale.text(point.low)} to {scale.text(point.high)})"

    def _beside(
        self,
        text: str,
        points: Iterable[Point],
        colour: str,
        *,
        bold: bool = True,
        gap: float = 0.12,
        near: bool = False,
    ) -> None:
        """Write a label beside the first of the points that has room for it, only ``near`` it if so asked."""
        size, reach = self.small, 0.6 * (self.box.right - self.box.left)
        text = self.lettering.shortened(text, reach, size, bold=bold)
        width = self.lettering.width(text, size, bold=bold)
        inside = Box(self.box.left, self.box.bottom, self.box.right + 0.35, self.box.top + 0.05)
        for point in points:
            x, y = self.at(point.x, point.y)
            places = around(x, y, width, 0.9 * self.height, gap)
            place = free(islice(places, _NEAR) if near else places, self.taken, inside)
            if place is None:
                continue
            self.taken.append(place)
            middle = (place.left + place.right) / 2, (place.bottom + place.top) / 2
            if not place.wider(gap + 0.2).holds(x, y):
                edge = min(max(x, place.left), place.right), min(max(y, place.bottom), place.top)
                self.panel.sheet.line((x, y), edge, QUIET)
            self.panel.sheet.write(
                *middle, text, size, colour=colour, bold=bold, across="center", up="center_baseline"
            )
            return
