"""One chart on its part of the sheet: title, key, axes, what is drawn in them, and the caption."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inception_profiler.document.chart import BARS, LINE, MIRRORED, POINTS, STACKED, Chart, Series
from inception_profiler.document.colours import PAPER, QUIET, colours
from inception_profiler.render.image.placing import Box
from inception_profiler.render.image.sheet import Sheet, line_height
from inception_profiler.render.image.ticks import span

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE = 13.333
_END = 0.9
"""From which share of the x axis on a line ends at its right."""
MARGIN = 0.45
_ROW = 0.29
_DOTTED = 0.52
"""How high a row of bars is, and one of dots, whose numbers stand above them, in inches on a slide."""
TITLE, KEY, AXIS, LABEL, CAPTION = 24.0, 15.0, 15.0, 15.0, 12.5
"""Sizes of type in points on a slide."""


def height(chart: Chart, size: tuple[float, float]) -> float:
    """Return how high a chart is: as asked, or as its rows need."""
    rows = len(chart.y.categories)
    if chart.arrangement not in {STACKED, MIRRORED}:
        rows *= max(1, sum(series.kind == BARS for series in chart.series))
    row = _DOTTED if any(series.kind == POINTS for series in chart.series) else _ROW
    return max(size[1], rows * row * _type(size[0]) + 0.5 * size[1])


def _type(width: float) -> float:
    """Return how large type is: a picture half as wide has type of 0.7, not of half the size."""
    return float((width / _WIDE) ** 0.5)


class Panel:
    """A chart, where its parts lie on the sheet, and how its axes are drawn."""

    def __init__(self, sheet: Sheet, chart: Chart, width: float, top: float, bottom: float) -> None:
        self.sheet = sheet
        self.chart = chart
        self.width = width
        self.top = top
        self.bottom = bottom
        self.colours = colours(chart)
        self.scales = chart.scale(chart.x), chart.scale(chart.y)
        self.spans = span(chart, chart.x), span(chart, chart.y)
        self.measured = self.spans[0] if chart.lying else self.spans[1]
        self.sizes = [p.size for series in chart.series for p in series.points if p.size is not None]
        self.room = self.width - 2 * MARGIN

    def size(self, points: float) -> float:
        """Return the size here of type that has so many points on a slide."""
        return points * _type(self.width)

    def said(self, value: float) -> str:
        """Print a number as it stands at a mark: with one decimal less than in a table."""
        scale = self.scales[0] if self.chart.lying else self.scales[1]
        if scale.decimals:
            scale = replace(scale, decimals=max(1, scale.decimals - 1))
        return scale.text(value)

    def inches(self, points: float) -> float:
        """Return the height of a line of such type."""
        return line_height(self.size(points))

    def write(self) -> tuple[Axes, Box]:
        """Write everything around the axes, and return these with the rectangle that they fill."""
        top, low = self._head(), self._foot()
        names = self._names()
        size, gap = self.size(AXIS), 0.1
        x_label = self.sheet.lettering.shortened(self.chart.x.label(self.scales[0]), self.room, size)
        y_label = self.sheet.lettering.shortened(self.chart.y.label(self.scales[1]), self.room, size)
        if self.chart.placed is self.chart.y and not self.chart.y.noun:
            y_label = ""  # the names of rows say what they are
        else:
            top -= self.inches(AXIS)
        box = Box(
            MARGIN + max(map(self._wide, names[1]), default=0) + gap,
            low + self.inches(AXIS) * 2.1 + gap,
            self.width - MARGIN - self._beside(),
            top - gap,
        )
        self.sheet.write(MARGIN, top + 0.04, y_label, size, colour=QUIET)
        middle = (box.left + box.right) / 2
        across, at = (
            ("center", middle) if self._wide(x_label) < box.right - box.left else ("right", box.right)
        )
        self.sheet.write(at, low + 0.25 * self.inches(AXIS), x_label, size, colour=QUIET, across=across)
        return self._axes(box, names), box

    def _wide(self, text: str) -> float:
        return max(self.sheet.lettering.width(line, self.size(AXIS)) for line in text.split("\n"))

    def _names(self) -> tuple[list[str], list[str]]:
        """Return what is written along both axes."""
        lettering, size = self.sheet.lettering, self.size(AXIS)
        rows = 0.34 * self.room if self.chart.y.categories else self.room
        slot = self.room / max(1, len(self.chart.x.categories)) * 0.9
        # a row of dots is high enough for a name of two lines
        most = 2 if any(series.kind == POINTS for series in self.chart.series) else 1
        return (
            [lettering.shortened(text, slot, size) for _, text in self.spans[0].ticks],
            ["\n".join(lettering.broken(text, rows, size, most=most)) for _, text in self.spans[1].ticks],
        )

    def _beside(self) -> float:
        """Return the room that names of lines need to the right of them."""
        named = [
            self.sheet.lettering.width(series.title, self.size(LABEL), bold=True)
            for series in self.chart.series
            if len(self.chart.series) > 1 and self.named_outside(series)
        ]
        return min(0.3 * self.room, max(named) + 0.25) if named else 0.15

    def named_outside(self, series: Series) -> bool:
        """Tell whether a line ends so far to the right that its name stands outside of the axes.

        A line in the background is named where it is by itself: others end where it does.
        """
        ends = series.kind == LINE and bool(series.points) and not series.faint
        return ends and self.spans[0].share(series.points[-1].x) > _END

    def _axes(self, box: Box, names: tuple[list[str], list[str]]) -> Axes:
        axes = self.sheet.axes(box)
        axes.set_facecolor(PAPER)
        axes.set_axisbelow(True)
        for side in ("top", "right", *(["left"] if self.chart.y.categories else [])):
            axes.spines[side].set_visible(False)
        x, y = self.spans
        if x.log:
            axes.set_xscale("log")
        if y.log:
            axes.set_yscale("log")
        axes.set_xlim(x.low, x.high)
        axes.set_ylim((y.high, y.low) if self.chart.y.categories else (y.low, y.high))
        axes.minorticks_off()
        size, lying = self.size(AXIS), self.chart.lying
        rows = len(self.chart.y.categories)
        narrow = min(size, (box.top - box.bottom) / max(1, rows) * 72 / 1.25)
        axes.set_xticks([at for at, _ in x.ticks], names[0], fontsize=size)
        axes.set_yticks([at for at, _ in y.ticks], names[1], fontsize=narrow)
        axes.minorticks_off()
        axes.tick_params("both", length=0, pad=4)
        axes.grid(visible=True, axis="x" if lying else "y", color="#DDDDDD", linewidth=0.8)
        if x.log and y.log:
            axes.grid(visible=True, axis="both", color="#E6E6E6", linewidth=0.8)
        return axes

    def _head(self) -> float:
        """Write the title and the key; return where they end."""
        lettering, y = self.sheet.lettering, self.top - 0.3 * _type(self.width)
        for line in lettering.lines(self.chart.title, self.room, self.size(TITLE), most=2, bold=True):
            y -= self.inches(TITLE)
            self.sheet.write(MARGIN, y + 0.2 * self.inches(TITLE), line, self.size(TITLE), bold=True)
        keyed = [n for n, series in enumerate(self.chart.series) if self._keyed(series)]
        if len(keyed) > 1 and self.chart.arrangement != MIRRORED and not self.chart.named_beside:
            y = self._key(keyed, y)
        return y - 0.12

    def _keyed(self, series: Series) -> bool:
        """Tell whether the name of a series stands nowhere else: at a line's end, its dots, its one bar."""
        if series.kind == POINTS:
            return not self.chart.placed.categories and any(p.label != series.title for p in series.points)
        names, place = self.chart.placed.categories, self.chart.place
        own = len(series.points) == 1 and names[int(place(series.points[0]))] == series.title
        return series.kind == BARS and not own

    def _key(self, keyed: list[int], y: float) -> float:
        """Write the names of series, each behind a square of its colour."""
        size = self.size(KEY)
        square = 0.62 * self.inches(KEY)
        x, right = MARGIN, self.width - MARGIN
        y -= self.inches(KEY)
        for n in keyed:
            name = self.sheet.lettering.shortened(self.chart.series[n].title, self.room - 1.5 * square, size)
            needs = 1.5 * square + self.sheet.lettering.width(name, size)
            if x > MARGIN and x + needs > right:
                x, y = MARGIN, y - self.inches(KEY)
            self.sheet.square(x, y, square, self.colours[n])
            self.sheet.write(x + 1.5 * square, y + 0.08 * square, name, size)
            x += needs + square
        return y

    def _foot(self) -> float:
        """Write the caption and the source; return where they begin."""
        lettering, size = self.sheet.lettering, self.size(CAPTION)
        lines = [
            line
            for text in (self.chart.caption, self.chart.source)
            if text
            for line in lettering.lines(text, self.room, size, most=6)
        ]
        y = self.bottom + 0.3 * _type(self.width)
        for line in reversed(lines):
            self.sheet.write(MARGIN, y, line, size, colour=QUIET)
            y += self.inches(CAPTION)
        return y
