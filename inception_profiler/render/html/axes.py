"""The axes of a chart, its size, and the remarks within it, as plotly's JSON schema has them."""

from __future__ import annotations

import math
from typing import Any

from inception_profiler.document.chart import BARS, LOG, MIRRORED, STACKED, Axis, Chart, Note
from inception_profiler.document.colours import INK, PAPER, QUIET
from inception_profiler.render.html.escaping import drawn
from inception_profiler.render.html.theme import LINE
from inception_profiler.render.html.traces import factor
from inception_profiler.render.image.ticks import span, stands

_ROW, _AROUND, _USUAL = 26, 96, 440
_NAME, _NARROW = 34, 16
"""Signs of a category's name that are shown on a wide and on a narrow page."""


def layout(chart: Chart) -> dict[str, Any]:
    """Return how a chart is laid out on a wide page."""
    barred = [series for series in chart.series if series.kind == BARS]
    modes = {STACKED: "stack", MIRRORED: "relative"}
    return {
        "height": height(chart),
        "margin": {"l": 8, "r": 28 if chart.lying else 12, "t": 24, "b": 8},
        "barmode": modes.get(chart.arrangement, "group"),
        "bargap": 0.25,
        "hovermode": "closest",
        "uniformtext": {"mode": "hide", "minsize": 11},
        "xaxis": _axis(chart, chart.x, _NAME),
        "yaxis": _axis(chart, chart.y, _NAME),
        "shapes": [_rule(chart, note) for note in chart.notes if note.x is None or note.y is None],
        "annotations": [_remark(chart, note) for note in chart.notes],
        **({"dragmode": False} if barred else {}),
    }


def narrow(chart: Chart) -> dict[str, Any]:
    """Return what differs on a narrow page: names of categories are shorter."""
    axes = (("xaxis", chart.x), ("yaxis", chart.y))
    return {f"{key}.ticktext": _names(axis, _NARROW) for key, axis in axes if axis.categories}


def height(chart: Chart) -> int:
    """Return the height in pixels: what the rows of bars need, or the usual one."""
    rows = len(chart.y.categories)
    if not rows:
        return _USUAL
    if chart.arrangement not in {STACKED, MIRRORED}:
        rows *= max(1, sum(series.kind == BARS for series in chart.series))
    return _AROUND + _ROW * max(rows, 3)


def _names(axis: Axis, most: int) -> list[str]:
    return [drawn(name, most) for name in axis.categories]


def _axis(chart: Chart, axis: Axis, most: int) -> dict[str, Any]:
    drawn_as = span(chart, axis)
    low, high = drawn_as.low, drawn_as.high
    ends = [math.log10(low), math.log10(high)] if drawn_as.log else [low, high]
    if axis.categories:
        named = {
            "tickmode": "array",
            "tickvals": list(range(len(axis.categories))),
            "ticktext": _names(axis, most),
        }
        title = drawn(axis.label(chart.scale(axis))) if axis.noun and axis.noun != "number" else ""
        ends = ends[::-1] if axis is chart.y else ends
        return _plain(title, ends) | named | {"showgrid": False, "fixedrange": True, "ticks": ""}
    found = _plain(drawn(axis.label(chart.scale(axis))), ends)
    if drawn_as.log:
        found |= {"type": "log"}
    if drawn_as.log or stands(chart, axis) or any(series.kind == BARS for series in chart.series):
        found |= {
            "tickmode": "array",
            "tickvals": [at for at, _ in drawn_as.ticks],
            "ticktext": [drawn(said) for _, said in drawn_as.ticks],
            "fixedrange": any(series.kind == BARS for series in chart.series) and not drawn_as.log,
        }
    else:
        found |= {"tickformat": ",.9~g", "nticks": 7}
    return found


def _plain(title: str, ends: list[float]) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 10},
        "range": ends,
        "automargin": True,
        "gridcolor": LINE,
        "linecolor": LINE,
        "zeroline": False,
    }


def _at(chart: Chart, axis: Axis, value: float, *, logarithmic: bool) -> float:
    drawn_at = value / factor(chart, axis)
    return math.log10(drawn_at) if logarithmic and axis.divided == LOG else drawn_at


def _rule(chart: Chart, note: Note) -> dict[str, Any]:
    """Return the line of a remark that has one coordinate."""
    line = {"type": "line", "line": {"color": QUIET, "width": 1, "dash": "dash"}, "layer": "above"}
    if note.x is not None:
        at = _at(chart, chart.x, note.x, logarithmic=False)
        return line | {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}
    at = _at(chart, chart.y, note.y or 0, logarithmic=False)
    return line | {"y0": at, "y1": at, "x0": 0, "x1": 1, "xref": "paper"}


def _remark(chart: Chart, note: Note) -> dict[str, Any]:
    text = drawn(note.text, 60)
    said: dict[str, Any] = {
        "text": f"<b>{text}</b>" if note.strong else text,
        "font": {"color": INK if note.strong else QUIET, "size": 13 if note.strong else 12},
        "showarrow": False,
        "bgcolor": PAPER,  # lines may lie below it
    }
    x = None if note.x is None else _at(chart, chart.x, note.x, logarithmic=True)
    y = None if note.y is None else _at(chart, chart.y, note.y, logarithmic=True)
    if x is None:
        return said | {"x": 1, "xref": "paper", "xanchor": "right", "y": y, "yanchor": "bottom"}
    if y is None:
        upright = {"textangle": -90, "xanchor": "left", "yanchor": "top"}
        return said | {"x": x, "y": 1, "yref": "paper"} | upright
    across = span(chart, chart.x).share(note.x or 0)
    side = "left" if across < 0.5 else "right"
    arrow = {"showarrow": True, "arrowcolor": QUIET, "arrowhead": 0, "arrowwidth": 1}
    return said | {"x": x, "y": y, "xanchor": side, "ax": 14 if side == "left" else -14, "ay": -22} | arrow
