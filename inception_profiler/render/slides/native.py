"""Charts that an office can edit: the numbers stand in a workbook behind each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inception_profiler.document.chart import (
    LINE,
    POINTS,
    STACKED,
    STEPS,
    Chart,
    Point,
    Series,
)
from inception_profiler.document.colours import INK, QUIET, colours
from inception_profiler.render.slides.axes import dress_axis, pt, rgb, share, spread, title_axis
from inception_profiler.render.slides.beside import Labelled, sides
from inception_profiler.render.slides.metrics import height, width
from inception_profiler.render.slides.names import TYPE
from inception_profiler.render.slides.page import Box, ChartBox
from inception_profiler.render.slides.style import inert, line

if TYPE_CHECKING:
    from pptx.slide import Slide as NativeSlide

_EMU = 914_400
_WIDE_LINE = 2.75
_DASHES = ("", "dash", "dot")
"""How lines of one colour are told apart."""
_APART = {"right": "\u00a0{}", "left": "{}\u00a0"}
"""Names beside a point with a space that keeps them off it."""


def add_chart(slide: NativeSlide, placed: ChartBox) -> None:
    """Put a chart on a slide: bars as bars, everything over two axes of numbers as points and lines.

    Numbers are those of the chart in the magnitude that its axes name. Points over names become bars with
    their intervals, since no office draws points there.
    """
    chart = placed.chart if placed.chart.placed.categories else _longest_first(placed.chart)
    box = placed.box
    kind, data = _bars(chart) if chart.placed.categories else _points(chart)
    frame = slide.shapes.add_chart(
        kind, *(round(one * _EMU) for one in (box.left, box.top, box.width, box.height)), data
    )
    frame.name = "chart"
    described = " ".join(filter(None, (chart.title, chart.caption, chart.source)))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", line(described))
    native: Any = frame.chart
    native.has_title = False
    native.font.size = pt(TYPE)
    native.font.color.rgb = rgb(INK[1:])
    if chart.placed.categories:
        _dress_bars(native, chart)
    else:
        _dress_points(native, chart, box)
    native.has_legend = _keyed(chart)
    if native.has_legend:
        from pptx.enum.chart import XL_LEGEND_POSITION

        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        native.legend.font.size = pt(TYPE)
        _unkeyed(native, range(len(chart.series), len(chart.series) + len(chart.notes)))


def _longest_first(chart: Chart) -> Chart:
    """Put the series with most points first: LibreOffice loses those before a longer one."""
    by_length = sorted(chart.series, key=lambda series: -len(_walked(series)))
    return chart if chart.ordered else replace(chart, series=tuple(by_length))


def _unkeyed(native: Any, places: Sequence[int]) -> None:
    """Leave the remarks out of the key."""
    from lxml import etree
    from pptx.oxml.ns import qn

    for place in reversed(places):
        entry = etree.Element(qn("c:legendEntry"))
        etree.SubElement(entry, qn("c:idx"), val=str(place))
        etree.SubElement(entry, qn("c:delete"), val="1")
        native.legend._element.find(qn("c:legendPos")).addnext(entry)


def _keyed(chart: Chart) -> bool:
    """Tell whether colours need a key: not where names beside the bars or points say the same."""
    named = [point.label for series in chart.series for point in series.points]
    if chart.placed.categories:
        return len(chart.series) > 1 and not chart.named_beside
    return len(chart.series) > 1 and not all(named)


def _bars(chart: Chart) -> tuple[Any, Any]:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData(number_format="General")
    data.categories = [inert(name) for name in chart.placed.categories]
    scale = chart.scale(chart.measured)
    for series in chart.series:
        found = {int(chart.place(point)): chart.value(point) / scale.factor for point in series.points}
        data.add_series(
            inert(series.title), [found.get(place) for place in range(len(chart.placed.categories))]
        )
    stacked = chart.arrangement == STACKED and not chart.named_beside
    if chart.lying:
        return (XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED), data
    return (XL_CHART_TYPE.COLUMN_STACKED if stacked else XL_CHART_TYPE.COLUMN_CLUSTERED), data


def _dress_bars(native: Any, chart: Chart) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_TICK_LABEL_POSITION

    plot = native.plots[0]
    plot.gap_width = 45
    plot.overlap = 100 if chart.arrangement == STACKED or chart.named_beside else 0
    for made, series, colour in zip(plot.series, chart.series, colours(chart), strict=True):
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = rgb(colour[1:])
        made.invert_if_negative = False
        if any(point.low is not None for point in series.points):
            _intervals(made, chart, series)
    names, values = native.category_axis, native.value_axis
    dress_axis(values, chart, chart.measured)
    names.tick_labels.font.size = pt(TYPE)
    names.format.line.color.rgb = rgb(QUIET[1:])
    names.has_major_gridlines = False
    if chart.lying:
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    else:
        title_axis(names, chart.placed.label(chart.scale(chart.placed)))
    few = len(chart.series) == 1 or chart.named_beside or len(chart.placed.categories) <= 7
    if (
        few
        and (chart.arrangement != STACKED or chart.named_beside)
        and not any(p.low for s in chart.series for p in s.points)
    ):
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = _format(chart), False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size = pt(TYPE)
        labels.show_value = True


def _format(chart: Chart) -> str:
    """Return how many decimals the labels have, three digits of the median; a bar of no length has none."""
    scale = chart.scale(chart.measured)
    values = sorted(
        abs(chart.value(point)) / scale.factor for series in chart.series for point in series.points
    )
    middle = next((value for value in values[len(values) // 2 :] if value), 0.0)
    if all(value == int(value) for value in values) or middle >= 100:
        return "#,##0;-#,##0;"
    return "#,##0.0;-#,##0.0;" if middle >= 10 else "#,##0.00;-#,##0.00;"


def _intervals(made: Any, chart: Chart, series: Series) -> None:
    """Put what holds the true value around the end of each bar."""
    from lxml import etree
    from pptx.oxml.ns import qn

    scale = chart.scale(chart.measured)
    bars = etree.SubElement(made._element, qn("c:errBars"))
    for tag, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, qn(f"c:{tag}"), val=value)
    for tag in ("plus", "minus"):
        side = etree.SubElement(etree.SubElement(bars, qn(f"c:{tag}")), qn("c:numLit"))
        etree.SubElement(side, qn("c:formatCode")).text = "General"
        etree.SubElement(side, qn("c:ptCount"), val=str(len(chart.placed.categories)))
        for point in series.points:
            end = point.high if tag == "plus" else point.low
            if end is not None:
                entry = etree.SubElement(side, qn("c:pt"), idx=str(int(chart.place(point))))
                away = abs(end - chart.value(point)) / scale.factor
                etree.SubElement(entry, qn("c:v")).text = repr(away)
    made._element.find(qn("c:cat")).addprevious(bars)


def _points(chart: Chart) -> tuple[Any, Any]:
    from pptx.chart.data import BubbleChartData, XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    across, up = chart.scale(chart.x), chart.scale(chart.y)
    bubbles = all(series.kind == POINTS and series.sized for series in chart.series)
    data: Any = BubbleChartData(number_format="General") if bubbles else XyChartData(number_format="General")
    for series in (*chart.series, *(() if bubbles else _remarks(chart))):
        made = data.add_series(inert(series.title))
        for point in _walked(series):
            numbers = [point.x / across.factor, point.y / up.factor]
            made.add_data_point(*numbers, *([point.size or 0.0] if bubbles else []))
    return (XL_CHART_TYPE.BUBBLE if bubbles else XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS), data


def _walked(series: Series) -> Sequence[Point]:
    """Return the points that a line goes through: two for each where it holds its value."""
    if series.kind != STEPS:
        return series.points
    walked: list[Point] = []
    for point in series.points:
        if walked:
            walked.append(Point(point.x, walked[-1].y))
        walked.append(point)
    return walked


def _remarks(chart: Chart) -> tuple[Series, ...]:
    """Return the remarks within a chart as series of their own: a point, or a line across."""
    every = [point for series in chart.series for point in series.points]
    lefts, heights = [point.x for point in every], [point.y for point in every]
    made = []
    for note in chart.notes:
        if note.x is not None and note.y is not None:
            points: tuple[Point, ...] = (Point(note.x, note.y, note.text),)
        elif note.y is not None:
            points = (Point(min(lefts), note.y), Point(max(lefts), note.y, note.text))
        else:
            low = chart.y.limits[0] if chart.y.limits else min(0.0, *heights)
            points = (Point(note.x or 0.0, low), Point(note.x or 0.0, max(heights), note.text))
        made.append(Series(note.text, POINTS if len(points) == 1 else LINE, points, faint=not note.strong))
    return tuple(made)


def _dress_points(native: Any, chart: Chart, box: Box) -> None:
    plot = native.plots[0]
    remarks = () if _bubbles(chart) else _remarks(chart)
    paints = [*colours(chart), *(INK if note.strong else QUIET for note in chart.notes)]
    where = _sides(chart, box)
    drawn: Counter[str] = Counter()
    for made, series, colour in zip(plot.series, (*chart.series, *remarks), paints, strict=False):
        remark = series in remarks
        if _bubbles(chart):
            made.format.fill.solid()
            made.format.fill.fore_color.rgb = rgb(colour[1:])
            _clear(made, 35 if series.faint else 75)
        else:
            made.smooth = False
            dash = "dash" if remark else _DASHES[drawn[colour] % len(_DASHES)]
            _draw(made, series, colour, dash, thin=remark or series.faint)
            drawn[colour] += series.kind != POINTS
        for number, point in enumerate(series.points):
            if _shown(series, point):
                side = where[point] if not remark else "above" if series.kind == LINE else "right"
                if side:
                    _label(made.points[number], point.label, side, colour if remark else INK)
    if _bubbles(chart):
        plot.bubble_scale = 40
    for axis, one in ((native.category_axis, chart.x), (native.value_axis, chart.y)):
        dress_axis(axis, chart, one)


def _bubbles(chart: Chart) -> bool:
    return all(series.kind == POINTS and series.sized for series in chart.series)


def _draw(made: Any, series: Series, colour: str, dash: str, *, thin: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE

    strokes = {"dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}

    if series.kind == POINTS:
        made.format.line.fill.background()
        made.marker.style = XL_MARKER_STYLE.CIRCLE
        made.marker.size = 10
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = rgb(colour[1:])
        made.marker.format.line.fill.background()
        return
    made.marker.style = XL_MARKER_STYLE.NONE
    made.format.line.color.rgb = rgb(colour[1:])
    made.format.line.width = pt(1.25 if thin else _WIDE_LINE)
    if dash:
        made.format.line.dash_style = strokes[dash]


def _shown(series: Series, point: Point) -> bool:
    """Tell whether a point has its name beside it: not in the background."""
    return bool(point.label) and not (series.faint and series.kind == POINTS)


def _sides(chart: Chart, box: Box) -> dict[Point, str]:
    """Return on which side of each point its name stands, the largest point first; on none of some.

    Where only some points have names, one that would cover other points is left out.
    """
    every = [(point, _shown(series, point)) for series in chart.series for point in _walked(series)]
    named = sorted((point for point, shown in every if shown), key=lambda point: -(point.size or 0.0))
    across, up = (spread(chart, axis) for axis in (chart.x, chart.y))

    largest = max((point.size or 0.0 for point, _ in every), default=0.0) if _bubbles(chart) else 0.0

    def place(point: Point) -> tuple[float, float]:
        return share(point.x, *across), share(point.y, *up)

    found = sides(
        [
            Labelled(*place(point), line(point.label), (point.size or 0.0) / largest if largest else None)
            for point in named
        ],
        box,
        TYPE,
        others=[place(point) for point, shown in every if not shown],
        key=_key_height(chart, box),
        optional=any(
            not point.label
            for series in chart.series
            for point in series.points
            if series.kind == POINTS and not series.faint
        ),
    )
    return dict(zip(named, found, strict=True))


def _key_height(chart: Chart, box: Box) -> float:
    """Return the inches that the key takes, each name with its sign."""
    if not _keyed(chart):
        return 0.0
    wide = sum(width(line(series.title), TYPE) + 0.4 for series in chart.series)
    return height(math.ceil(wide / box.width), TYPE)


def _label(point: Any, text: str, side: str, colour: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    spots = {
        "right": XL_LABEL_POSITION.RIGHT,
        "left": XL_LABEL_POSITION.LEFT,
        "above": XL_LABEL_POSITION.ABOVE,
        "below": XL_LABEL_POSITION.BELOW,
    }
    label = point.data_label
    label.position = spots[side]
    label.text_frame.word_wrap = False
    run = label.text_frame.paragraphs[0].add_run()
    run.text = _APART.get(side, "{}").format(line(text))
    run.font.size = pt(TYPE)
    run.font.color.rgb = rgb(colour[1:])


def _clear(made: Any, opaque: int) -> None:
    from lxml import etree
    from pptx.oxml.ns import qn

    for colour in made._element.iterfind(f"{qn('c:spPr')}/{qn('a:solidFill')}/{qn('a:srgbClr')}"):
        etree.SubElement(colour, qn("a:alpha"), val=str(opaque * 1000))
