"""Charts in characters, for a terminal: bars, small curves, and lists of points."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.chart import LINE, STEPS, Chart, Series
from inception_profiler.units import scale_for

_EIGHTHS = " ▏▎▍▌▋▊▉"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_LEAST = 4
"""How many characters of a curve say anything."""
_MOST = 20
"""How many points of a series have a line each."""


def lines(chart: Chart, width: int) -> Iterator[str]:
    """Yield a chart as lines of at most ``width`` characters, where names and numbers leave any room.

    Bars become bars, a line each; a curve becomes one line of heights with its lowest and its highest number;
    points become a list.
    """
    if chart.placed.categories and all(series.kind not in {LINE, STEPS} for series in chart.series):
        yield from _bars(chart, width)
        return
    names = min(max((len(series.title) for series in chart.series), default=0), width // 3)
    for series in chart.series:
        if series.kind in {LINE, STEPS}:
            yield _curve(chart, series, names, width)
        else:
            yield from _points(chart, series, width)


def _bars(chart: Chart, width: int) -> Iterator[str]:
    scale = chart.scale(chart.measured)
    several = len(chart.series) > 1
    rows = []
    for place, category in enumerate(chart.placed.categories):
        name = category
        for series in chart.series:
            for point in series.points:
                if chart.place(point) == place:
                    rows.append((name, series.title if several else "", chart.value(point)))
                    name = ""
    numbers = [scale.full(value) for _, _, value in rows]
    first = min(max((len(row[0]) for row in rows), default=0), width // 3)
    second = min(max((len(row[1]) for row in rows), default=0), width // 4)
    last = max(map(len, numbers), default=0)
    room = max(4, width - first - second - last - 3)
    largest = max((abs(value) for _, _, value in rows), default=0) or 1
    for (name, title, value), number in zip(rows, numbers, strict=True):
        head = f"{_cut(name, first):<{first}}"
        if second:
            head += f" {_cut(title, second):<{second}}"
        yield f"{head} {number:>{last}} {_bar(abs(value) / largest * room)}".rstrip()


def _bar(length: float) -> str:
    whole, rest = divmod(round(length * 8), 8)
    return "█" * whole + _EIGHTHS[rest].strip()


def _curve(chart: Chart, series: Series, names: int, width: int) -> str:
    values = [point.y for point in series.points]
    low, high = min(values, default=0.0), max(values, default=0.0)
    scale = scale_for((high,), chart.y.unit)
    ends = f"{scale.full(low)} … {scale.full(high)}"
    room = width - names - len(ends) - 2
    if room < _LEAST:
        return _cut(f"{series.title}: {ends}", width)
    count = min(room, len(values))
    shown = [values[n * (len(values) - 1) // max(1, count - 1)] for n in range(count)]
    heights = "".join(_HEIGHTS[min(7, int((value - low) / ((high - low) or 1) * 8))] for value in shown)
    return f"{_cut(series.title, names):<{names}} {heights} {ends}"


def _points(chart: Chart, series: Series, width: int) -> Iterator[str]:
    scales = chart.scale(chart.x), chart.scale(chart.y)
    for point in series.points[:_MOST]:
        numbers = f"{scales[0].full(point.x)}, {scales[1].full(point.y)}"
        yield f"{_cut(point.label or series.title, max(4, width - len(numbers) - 2))}: {numbers}"
    if len(series.points) > _MOST:
        yield f"{_cut(series.title, width // 2)}: {len(series.points) - _MOST} more"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"
