"""Names within charts: each has a place that it fits into, or the lecture is not written."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.chart import Chart
from inception_profiler.document.deck import Slide
from inception_profiler.errors import OverfullError
from inception_profiler.render.slides.metrics import width
from inception_profiler.render.slides.page import Box
from inception_profiler.render.slides.style import inert, line

TYPE = 16.0
"""Size of type along axes and beside points."""
_BESIDE, _WITHIN = 0.4, 0.55
"""Shares of the width that names of lying bars, and those of points, take at most."""


def check_names(slide: Slide, chart: Chart, box: Box) -> None:
    """See to it that every name of a chart fits.

    Raises:
        OverfullError: one does not; the slide, the chart and the name are told.
    """
    for name, room in _names(chart, box):
        needs = width(name, TYPE)
        if needs > room:
            raise OverfullError(
                f"slide {slide.key!r}: {name!r} in the chart {chart.key!r} is {needs:.2f} inches wide, "
                f"and {room:.2f} are left: shorten it"
            )


def _names(chart: Chart, box: Box) -> Iterator[tuple[str, float]]:
    """Yield every name of a chart with the inches that it may take."""
    categories = chart.placed.categories
    for name in categories:
        yield inert(name), box.width * _BESIDE if chart.lying else box.width / len(categories)
    yield line(chart.x.label(chart.scale(chart.x))), box.width
    yield line(chart.y.label(chart.scale(chart.y))), box.height
    for series in chart.series:
        yield inert(series.title), box.width
        for point in series.points:
            yield line(point.label), box.width * _WITHIN
    for note in chart.notes:
        yield line(note.text), box.width * _WITHIN
