"""Charts as data: raw numbers in base units, axes that say what they measure, and no drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inception_profiler.records.frozen import record
from inception_profiler.units import Scale, Unit, scale_for

LINEAR, LOG = "linear", "log"
SCALES = (LINEAR, LOG)
"""How an axis is divided."""

BARS, LINE, STEPS, POINTS = "bars", "line", "steps", "points"
KINDS = (BARS, LINE, STEPS, POINTS)
"""How a series is drawn: a bar for each point; a line through them; a filled line that holds each value until
the next point; a dot for each, as large as its ``size``, with a bar from ``low`` to ``high`` where it has an
interval."""

SIDE_BY_SIDE, STACKED, MIRRORED = "side by side", "stacked", "mirrored"
ARRANGEMENTS = (SIDE_BY_SIDE, STACKED, MIRRORED)
"""How bars of several series share a category: beside each other; end to end; or the first to the left and
the second to the right of one axis. Numbers are positive in all of them."""


@record
class Axis:
    """What one direction of a chart measures.

    Attributes:
        title: what is told, ``MACs``.
        unit: in what; its magnitude is chosen by `scale`, one for the whole axis.
        noun: what is counted or divided by, where the title does not say it: ``layers``, ``FLOP/s``.
        divided: `LINEAR` or `LOG`.
        categories: names of the places where bars stand; a point's coordinate on such an axis is the position
            of its category, from 0. Empty for an axis of numbers.
        limits: where the axis begins and ends; None lets the format choose.
    """

    title: str
    unit: Unit
    noun: str = ""
    divided: str = LINEAR
    categories: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None

    def label(self, scale: Scale) -> str:
        """Return the title with its unit in brackets, ``MACs [G]``, ``depth [layers]``.

        The numbers along a logarithmic axis span many magnitudes and have a symbol each, so that its title
        has none.
        """
        if self.categories:
            return f"{self.title} [{self.noun}]" if self.noun else self.title
        symbol = "" if self._spans_many else scale.symbol
        unit = f"{symbol}{'' if not symbol or not self.noun else ' '}{self.noun}"
        return f"{self.title} [{unit or _WORDS.get(self.unit, self.unit.value)}]"

    def tick(self, value: float, scale: Scale) -> str:
        """Print a number along the axis, without zeros that say nothing: ``2``, ``0.25``, ``10 M``."""
        if self._spans_many:
            own = scale_for((value,), self.unit)
            return f"{value / own.factor:,.10g} {own.symbol.removesuffix('FLOP/s')}".strip()
        return f"{value / scale.factor:,.10g}"

    @property
    def _spans_many(self) -> bool:
        """Whether the numbers along the axis span magnitudes that have symbols."""
        return self.divided == LOG and self.unit in _PREFIXED


_PREFIXED = frozenset({Unit.COUNT, Unit.BYTES, Unit.SECONDS, Unit.FLOP_RATE})
_WORDS = {Unit.COUNT: "number", Unit.EXACT: "number", Unit.RATE: "FLOP/byte", Unit.FLOP_RATE: "FLOP/s"}


@record
class Point:
    """One number of a series.

    Attributes:
        x: place along the x axis, or the position of a category there.
        y: the same for the y axis.
        label: its name, ``inception_3a``; empty where its place says enough.
        size: what a bubble's area stands for, in the unit of the series' ``sized``.
        low: lower end of an interval, in the direction in which the series is measured.
        high: upper end of that interval.
    """

    x: float
    y: float
    label: str = ""
    size: float | None = None
    low: float | None = None
    high: float | None = None


@record
class Series:
    """Numbers that belong together and have one colour.

    Attributes:
        title: its name for people.
        kind: one of `KINDS`.
        points: in the order in which they are drawn.
        of: what it is of, and so its colour, by `colours`: a model's name, a kind of operation, a verdict;
            empty takes the title.
        sized: what the sizes of its points measure, for people and with the unit; empty without sizes.
        faint: whether it stands in the background, as what others are seen against.
    """

    title: str
    kind: str
    points: tuple[Point, ...]
    of: str = ""
    sized: Axis | None = None
    faint: bool = False

    @property
    def coloured_by(self) -> str:
        """What decides the colour."""
        return self.of or self.title


@record
class Note:
    """A remark within a chart: at a point, or with one coordinate along the whole line through it.

    Attributes:
        text: what is said.
        x: where; None for a line at ``y`` across the chart.
        y: where; None for a line at ``x`` from bottom to top.
        strong: whether it is what the chart is about, as the peak of a timeline.
    """

    text: str
    x: float | None = None
    y: float | None = None
    strong: bool = False


@record
class Chart:
    """Series over two axes, which every format shows in its own way.

    Attributes:
        key: its name for machines and files: ``cost-by-resolution``.
        title: what is to be seen.
        x: what the horizontal direction measures.
        y: what the vertical direction measures; bars lie where it has categories and stand where ``x`` has.
        series: what is drawn, the first in front.
        arrangement: one of `ARRANGEMENTS`.
        notes: remarks within it.
        caption: how it is to be read: the convention behind the numbers.
        source: where they are from: the models, their inputs, the device.
        ordered: whether the series are steps of one thing, as stages are, and take colours from dark to light
            instead of colours of their own.
    """

    key: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    arrangement: str = SIDE_BY_SIDE
    notes: tuple[Note, ...] = ()
    caption: str = ""
    source: str = ""
    ordered: bool = False

    @property
    def lying(self) -> bool:
        """Whether bars lie, so that values run along the x axis."""
        return bool(self.y.categories)

    @property
    def measured(self) -> Axis:
        """The axis along which values run."""
        return self.x if self.lying else self.y

    @property
    def placed(self) -> Axis:
        """The axis along which values stand beside each other."""
        return self.y if self.lying else self.x

    @property
    def named_beside(self) -> bool:
        """Whether every series is one bar with its name beside it, so that colours need no key."""
        return bool(self.placed.categories) and all(
            len(series.points) == 1
            and self.placed.categories[int(self.place(series.points[0]))] == series.title
            for series in self.series
        )

    def value(self, point: Point) -> float:
        """Return the number that a point shows."""
        return point.x if self.lying else point.y

    def place(self, point: Point) -> float:
        """Return where along the other axis it stands."""
        return point.y if self.lying else point.x

    def scale(self, axis: Axis) -> Scale:
        """Return the one magnitude of an axis of this chart, that of its largest number."""
        horizontal = axis is self.x
        numbers = [point.x if horizontal else point.y for series in self.series for point in series.points]
        return scale_for((max(map(abs, numbers), default=0),), axis.unit)


@record
class Illustration:
    """A chart beside tables that say the same, for formats that draw; the others leave it out.

    It is worked out only when a format asks: what is not shown costs nothing.

    Attributes:
        draw: returns the charts; called with ``of``.
        of: the results that they show.
        file: name of the picture beside the page, where pages have pictures in files of their own.
    """

    draw: Callable[..., Iterator[Chart]]
    of: tuple[Any, ...]
    file: str = ""

    def charts(self) -> Iterator[Chart]:
        """Yield the charts."""
        return self.draw(*self.of)
