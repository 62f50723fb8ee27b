"""Charts as plotly draws them: dictionaries of its JSON schema, the same ones every time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from inception_profiler.document.chart import (
    BARS,
    LINE,
    LOG,
    MIRRORED,
    POINTS,
    STACKED,
    STEPS,
    Axis,
    Chart,
    Point,
    Series,
)
from inception_profiler.document.colours import INK, PAPER, QUIET, colours
from inception_profiler.render.html.escaping import drawn
from inception_profiler.units import scale_for

_MARKED = 24
"""A line through more points shows none of them."""
_WIDEST = 52
"""Pixels from side to side of the largest dot."""
_LABEL = 28


def traces(chart: Chart) -> list[dict[str, Any]]:
    """Return what is drawn: one entry for each series, then names of dots and sums, in front of all of them.

    ``meta`` of each is the position of its series; -1 of what is of all series together.
    """
    drawings = [
        _trace(chart, series, n, colour)
        for n, (series, colour) in enumerate(zip(chart.series, colours(chart), strict=True))
    ]
    named = (_names(series, drawing) for series, drawing in zip(chart.series, drawings, strict=True))
    return [*drawings, *filter(None, named), *_sums(chart)]


def factor(chart: Chart, axis: Axis) -> float:
    """Return what numbers along an axis are divided by: 1 where each has a symbol of its own."""
    return 1 if axis.categories or axis.divided == LOG else chart.scale(axis).factor


def _trace(chart: Chart, series: Series, position: int, colour: str) -> dict[str, Any]:
    across, up = factor(chart, chart.x), factor(chart, chart.y)
    common: dict[str, Any] = {
        "name": drawn(series.title, _LABEL),
        "meta": position,
        "showlegend": False,
        "hoverinfo": "text",
        "hovertext": [_hover(chart, series, point) for point in series.points],
        "x": [_finite(point.x / across) for point in series.points],
        "y": [_finite(point.y / up) for point in series.points],
    }
    if series.kind == BARS:
        return common | _bars(chart, series, position, colour)
    if series.kind == POINTS:
        return common | _points(chart, series, colour)
    return common | _line(series, colour)


def _bars(chart: Chart, series: Series, position: int, colour: str) -> dict[str, Any]:
    scale = chart.scale(chart.measured)
    stacked = chart.arrangement == STACKED
    said = scale.full if scale.symbol == "%" else scale.text
    along = "x" if chart.lying else "y"
    alone = {place for place, parts in _stacks(chart).items() if len(parts) == 1}
    sign = -1 if chart.arrangement == MIRRORED and position == 0 else 1
    divisor = factor(chart, chart.measured)
    values = [sign * chart.value(point) / divisor for point in series.points]
    return {
        "type": "bar",
        "orientation": "h" if chart.lying else "v",
        along: [_finite(value) for value in values],
        "marker": {"color": colour, "line": {"color": PAPER, "width": 1 if stacked else 0}},
        "text": [
            "" if chart.place(point) in alone else drawn(said(chart.value(point))) for point in series.points
        ],
        "textposition": "inside" if stacked else "outside",
        "textangle": 0,
        "insidetextanchor": "middle",
        "constraintext": "inside" if stacked else "none",
        "cliponaxis": False,
        **({} if stacked else {"textfont": {"color": INK}}),
    }


def _stacks(chart: Chart) -> dict[float, list[float]]:
    """Return what stands end to end at each place; nothing where that is a share of one whole."""
    found: dict[float, list[float]] = {}
    if chart.arrangement == STACKED and chart.measured.limits is None:
        for series in chart.series:
            for point in series.points if series.kind == BARS else ():
                found.setdefault(chart.place(point), []).append(chart.value(point))
    return found


def _sums(chart: Chart) -> Iterator[dict[str, Any]]:
    """Yield the numbers behind bars that stand end to end: what each place adds up to."""
    stacks, divisor = _stacks(chart), factor(chart, chart.measured)
    if not stacks:
        return
    sums = {place: sum(parts) for place, parts in stacks.items()}
    ends = [_finite(value / divisor) for value in sums.values()]
    places, gap = list(sums), "\u00a0" if chart.lying else ""
    yield {
        "type": "scatter",
        "mode": "text",
        "meta": -1,
        "showlegend": False,
        "hoverinfo": "skip",
        "x": ends if chart.lying else places,
        "y": places if chart.lying else ends,
        "text": [f"{gap}{drawn(chart.scale(chart.measured).text(value))}" for value in sums.values()],
        "textposition": "middle right" if chart.lying else "top center",
        "textfont": {"color": INK, "size": 12},
        "cliponaxis": False,
    }


def _line(series: Series, colour: str) -> dict[str, Any]:
    shade = QUIET if series.faint else colour
    steps = series.kind == STEPS
    dotted = series.kind == LINE and len(series.points) <= _MARKED and not series.faint
    return {
        "type": "scatter",
        "mode": "lines+markers" if dotted else "lines",
        "line": {"color": shade, "width": 1.5 if series.faint else 2.5, "shape": "hv" if steps else "linear"},
        "marker": {"color": shade, "size": 7},
        **({"fill": "tozeroy"} if steps else {}),
    }


def _points(chart: Chart, series: Series, colour: str) -> dict[str, Any]:
    sizes = [point.size for each in chart.series for point in each.points if point.size is not None]
    areas = {
        "size": [point.size or 0 for point in series.points],
        "sizemode": "area",
        "sizemin": 3,
        "sizeref": 2 * (max(sizes, default=0) or 1) / _WIDEST**2,
    }
    marker: dict[str, Any] = {
        "color": QUIET if series.faint else colour,
        "opacity": 0.35 if series.faint else 0.85,
        "line": {"color": PAPER, "width": 1},
        **(areas if sizes else {"size": 10}),
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": marker,
        "cliponaxis": False,
        **_interval(chart, series, colour),
    }


def _names(series: Series, drawing: dict[str, Any]) -> dict[str, Any] | None:
    """Return the names of dots above them; None where they have none."""
    if series.kind != POINTS or not any(point.label for point in series.points):
        return None
    shared = {key: drawing[key] for key in ("name", "meta", "showlegend", "x", "y")}
    return shared | {
        "type": "scatter",
        "mode": "markers+text",
        "marker": drawing["marker"] | {"opacity": 0},  # so that a name keeps off its dot
        "text": [drawn(point.label, _LABEL) for point in series.points],
        "textposition": "top center",
        "textfont": {"color": QUIET if series.faint else INK, "size": 12},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _interval(chart: Chart, series: Series, colour: str) -> dict[str, Any]:
    if all(point.low is None or point.high is None for point in series.points):
        return {}
    divisor = factor(chart, chart.measured)
    ends = [
        (0.0, 0.0)
        if point.low is None or point.high is None
        else ((point.high - chart.value(point)) / divisor, (chart.value(point) - point.low) / divisor)
        for point in series.points
    ]
    return {
        "error_x" if chart.lying else "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [above for above, _ in ends],
            "arrayminus": [below for _, below in ends],
            "color": colour,
            "thickness": 3,
            "width": 6,
        }
    }


def _hover(chart: Chart, series: Series, point: Point) -> str:
    """Say everything that a point stands for."""
    said = [f"<b>{drawn(point.label or series.title)}</b>"]
    if point.label and point.label != series.title and len(chart.series) > 1:
        said.append(drawn(series.title))
    for axis, value in ((chart.x, point.x), (chart.y, point.y)):
        if axis.categories:
            said.append(drawn(axis.categories[int(value)]))
        else:
            said.append(drawn(f"{axis.title}: {_number(axis, value)}"))
    if point.low is not None and point.high is not None:
        said.append(
            drawn(f"from {_number(chart.measured, point.low)} to {_number(chart.measured, point.high)}")
        )
    if point.size is not None and series.sized is not None:
        said.append(drawn(f"{series.sized.title}: {_number(series.sized, point.size)}"))
    return "<br>".join(said)


def _finite(value: float) -> float | None:
    """Return a number that can be drawn; None leaves a gap."""
    return value if math.isfinite(value) else None


def _number(axis: Axis, value: float) -> str:
    """Print a number in the magnitude that suits it."""
    number = scale_for((value,), axis.unit).full(value) if math.isfinite(value) else str(value)
    return f"{number} {axis.noun}" if axis.noun and axis.noun != "number" else number
