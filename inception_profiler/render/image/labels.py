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
_BY, _NEXT = 0.04, 0.2
"""How far in inches the name of a dot is from it at least, and at most without a line to it."""
_SPACE = 0.07
"""How far in inches labels that stand beside each other keep apart."""
_OFF = 0.07
"""How far in inches a remark keeps off the line that it is about, on which lines and dots may lie."""
_STEP = 0.15
"""How far apart in inches a line is taken to be where labels must keep off it."""


class Labels:
    """The text between the marks of a panel; everything is placed in inches on the sheet.

    Attributes:
        inside: where labels may be.
        taken: where something is already.
        dots: where the dots are, and how large.
        written: where labels of lines, dots and points are.
        leaders: where lines lead from a point to its label.
    """

    def __init__(self, panel: Panel, box: Box) -> None:
        self.panel, self.box = panel, box
        self.lettering = panel.sheet.lettering
        self.small, self.height = panel.size(_NOTE), panel.inches(_NOTE)
        self.inside = Box(box.left, box.bottom, box.right + 0.35, box.top + 0.05)
        self.taken: list[Box] = []
        self.dots: list[tuple[float, float, float]] = []
        self.written: list[Box] = []
        self.leaders: list[Box] = []

    def write(self) -> None:
        """Write all of it: what must be said first, then what there is room for."""
        series = self.panel.chart.series
        for entry in series:
            self._keep_off(entry)
        self._ends([(n, entry) for n, entry in enumerate(series) if entry.kind == LINE and entry.points])
        for note in self.panel.chart.notes:
            self._note(note)
        dotted = [(n, entry) for n, entry in enumerate(series) if entry.kind == POINTS]
        if self.panel.chart.placed.categories:
            for n, entry in dotted:
                self._numbers(entry, legible(self.panel.colours[n]))
            return
        named = [(n, entry, point) for n, entry in dotted for point in entry.points if point.label]
        room = {id(point): self._room(point) for _, _, point in named}
        for n, entry, point in sorted(named, key=lambda one: (one[1].faint, room[id(one[2])])):
            gap = radius(self.panel, point) + _BY
            colour = legible(self.panel.colours[n])
            self._beside(point.label, [point], colour, bold=not entry.faint, gap=gap, near=entry.faint)

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
                reach = radius(self.panel, point)
                self.taken.append(Box(x, y, x, y).wider(0.9 * reach))
                self.dots.append((x, y, reach))
        if series.kind not in {LINE, STEPS}:
            return
        for start, end in pairwise(places):
            self.taken += _along(start, end)

    def _ends(self, lines: list[tuple[int, Series]]) -> None:
        """Write the name of each line to the right of its end, or beside it where it ends earlier."""
        if len(self.panel.chart.series) < 2:
            return
        panel, box, size = self.panel, self.box, self.panel.size(LABEL)
        ends = [self.at(series.points[-1].x, series.points[-1].y) for _, series in lines]
        outside = [n for n, (_, series) in enumerate(lines) if panel.named_outside(series)]
        heights = spread([ends[n][1] for n in outside], panel.inches(LABEL), box.bottom, box.top)
        for position, (n, series) in enumerate(lines):
            colour = legible(QUIET if series.faint else panel.colours[n])
            if position not in outside:
                points = series.points[::-1]
                self._beside(series.title, self._from_the_middle(series) if series.faint else points, colour)
                continue
            x, y = box.right + 0.12, heights[outside.index(position)]
            name = self.lettering.shortened(series.title, panel.width - x - 0.1, size, bold=True)
            panel.sheet.write(x, y, name, size, colour=colour, bold=True, up="center_baseline")
            self.taken.append(Box(x, y, panel.width, y).wider(0.5 * panel.inches(LABEL)))

    def _note(self, note: Note) -> None:
        colour = INK if note.strong else QUIET
        if note.x is not None and note.y is not None:
            self._beside(note.text, [Point(note.x, note.y)], colour, bold=note.strong, backed=True)
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
        bottoms = [y + _OFF] + [y - self.height - _OFF] * (y - self.height > self.box.bottom)
        return [Box(left, bottom, left + width, bottom + self.height) for bottom in bottoms for left in lefts]

    def _middle(self, direction: int) -> float:
        """Return a raw value within the chart."""
        span = self.panel.spans[direction]
        return span.high * span.factor

    def _numbers(self, series: Series, colour: str) -> None:
        """Write the numbers of dots that stand in rows, which have the names."""
        for point in series.points:
            number, (x, y) = self._number(point), self.at(point.x, point.y)
            width = self.lettering.width(number, self.small, bold=True)
            left = min(max(x - width / 2, self.box.left), self.box.right - width)
            up = y + radius(self.panel, point) + 0.12
            self.panel.sheet.write(left, up, number, self.small, colour=colour, bold=True, backed=True)

    def _room(self, point: Point) -> int:
        """Return how many places there are for the name of a dot: who has least is served first."""
        x, y = self.at(point.x, point.y)
        width, gap = self.lettering.width(point.label, self.small, bold=True), radius(self.panel, point) + _BY
        places = around(x, y, width, 0.9 * self.height, gap)
        return sum(
            place.within(self.inside) and not any(map(place.meets, self.taken))
            for place in islice(places, 2 * _NEAR)
        )

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
        backed: bool = False,
    ) -> None:
        """Write a label beside the first of the points that has room for it, only ``near`` it if so asked."""
        size, reach = self.small, 0.6 * (self.box.right - self.box.left)
        text = self.lettering.shortened(text, reach, size, bold=bold)
        width = self.lettering.width(text, size, bold=bold)
        for point in points:
            x, y = self.at(point.x, point.y)
            places: Iterable[Box] = around(x, y, width, 0.9 * self.height, gap)
            if near:
                places = (place for place in islice(places, _NEAR) if not self._strays(x, y, place, gap))
            reached = (place for place in places if not self._crosses(x, y, place, gap))
            place = free(reached, self.taken, self.inside)
            if place is None:
                continue
            middle = (place.left + place.right) / 2, (place.bottom + place.top) / 2
            if self._strays(x, y, place, gap):
                edge = place.nearest(x, y)
                self.panel.sheet.line((x, y), edge, QUIET)
                self.leaders += _along((x, y), edge)
            self.taken.append(Box(place.left - _SPACE, place.bottom, place.right + _SPACE, place.top))
            self.written.append(place)
            self.panel.sheet.write(
                *middle, text, size, colour=colour, bold=bold, across="center", up="center_baseline",
                backed=backed,
            )  # fmt: skip
            return

    def _crosses(self, x: float, y: float, place: Box, gap: float) -> bool:
        """Tell whether a label there would lie on the line to another, or its own line on another label."""
        if any(map(place.meets, self.leaders)):
            return True
        mine = _along((x, y), place.nearest(x, y)) if self._strays(x, y, place, gap) else []
        return any(part.meets(other) for part in mine for other in self.written)

    def _strays(self, x: float, y: float, place: Box, gap: float) -> bool:
        """Tell whether a label is so far from its point, or near to another that a line leads to it."""
        own = place.distance(x, y) - gap
        return not place.wider(gap + _NEXT).holds(x, y) or any(
            place.distance(at_x, at_y) - reach < own
            for at_x, at_y, reach in self.dots
            if (at_x, at_y) != (x, y)
        )

    def _from_the_middle(self, series: Series) -> list[Point]:
        """Return places along a line, the middle of its way first."""
        places = [*series.points, *(self._between(*pair) for pair in pairwise(series.points))]
        shares = [self.panel.spans[0].share(point.x) for point in places]
        middle = (min(shares) + max(shares)) / 2
        order = sorted(range(len(places)), key=lambda n: abs(shares[n] - middle))
        return [places[n] for n in order]

    def _between(self, start: Point, end: Point) -> Point:
        """Return the point half-way between two, on axes as they are drawn."""
        x, y = (
            math.sqrt(a * b) if span.log else (a + b) / 2
            for a, b, span in zip((start.x, start.y), (end.x, end.y), self.panel.spans, strict=True)
        )
        return Point(x, y)


def _along(start: tuple[float, float], end: tuple[float, float]) -> list[Box]:
    """Return the places of a straight line."""
    (x, y), (to_x, to_y) = start, end
    steps = max(1, min(60, math.ceil(math.hypot(to_x - x, to_y - y) / _STEP)))
    parts = [step / steps for step in range(steps + 1)]
    on = [(x + (to_x - x) * part, y + (to_y - y) * part) for part in parts]
    return [Box(across, up, across, up).wider(0.03) for across, up in on]
