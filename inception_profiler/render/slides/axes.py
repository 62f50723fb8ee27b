"""The axes of charts that an office can edit."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from inception_profiler.document.chart import LINEAR, LOG, Axis, Chart
from inception_profiler.document.colours import QUIET
from inception_profiler.render.slides.names import TYPE
from inception_profiler.render.slides.style import line
from inception_profiler.units import Unit

_GRID = "DDDDDD"


def dress_axis(axis: Any, chart: Chart, one: Axis) -> None:
    """Give an axis its title, its limits, its division and a quiet look."""
    from lxml import etree
    from pptx.oxml.ns import qn

    scale = chart.scale(one)
    title_axis(axis, replace(one, divided=LINEAR).label(scale))
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(_GRID)
    axis.format.line.fill.background()
    axis.tick_labels.font.size = pt(TYPE)
    axis.tick_labels.number_format = "General"
    axis.tick_labels.number_format_is_linked = False
    low, high = one.limits or _around(chart, one)
    if low is not None:
        axis.minimum_scale = low / scale.factor
    if high is not None:
        axis.maximum_scale = high / scale.factor
    if one.divided == LOG:
        scaling = axis._element.find(qn("c:scaling"))
        scaling.insert(0, etree.Element(qn("c:logBase"), val="10"))


def _around(chart: Chart, axis: Axis) -> tuple[float | None, float | None]:
    """Return where an axis without limits of its own begins and ends; None leaves it to the office."""
    horizontal = axis is chart.x
    numbers = [point.x if horizontal else point.y for series in chart.series for point in series.points]
    if axis.divided == LOG:
        return 10.0 ** math.floor(math.log10(min(numbers))), 10.0 ** math.ceil(math.log10(max(numbers)))
    if axis is chart.measured and chart.placed.categories:
        return 0.0, None
    if axis.unit in {Unit.COUNT, Unit.BYTES, Unit.SECONDS} and min(numbers) >= 0:
        return 0.0, None
    return None, None


def spread(chart: Chart, axis: Axis) -> tuple[float, float, bool]:
    """Return where an axis begins and ends, by its limits or its numbers, and whether it is logarithmic."""
    horizontal = axis is chart.x
    numbers = [point.x if horizontal else point.y for series in chart.series for point in series.points]
    low, high = axis.limits or _around(chart, axis)
    return min(numbers) if low is None else low, max(numbers) if high is None else high, axis.divided == LOG


def share(value: float, low: float, high: float, log: bool) -> float:
    """Return where along an axis a value stands, from 0 to 1."""
    if log:
        value, low, high = map(math.log10, (value, low, high))
    return (value - low) / (high - low) if high > low else 0.5


def title_axis(axis: Any, text: str) -> None:
    """Write what an axis measures beside it."""
    axis.has_title = True
    paragraph = axis.axis_title.text_frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = line(text)
    run.font.size = pt(TYPE)
    run.font.bold = False
    run.font.color.rgb = rgb(QUIET[1:])


def pt(points: float) -> Any:
    """Return a size of type."""
    from pptx.util import Pt

    return Pt(points)


def rgb(colour: str) -> Any:
    """Return a colour, given without the sign before its digits."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)
