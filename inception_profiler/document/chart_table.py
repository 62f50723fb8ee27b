"""The numbers of a chart as a table, for formats that do not draw and for readers who do not see."""

from __future__ import annotations

from inception_profiler.document.blocks import Cell, Column, Row, Table
from inception_profiler.document.chart import Axis, Chart, Series
from inception_profiler.units import Unit


def chart_table(chart: Chart) -> Table:
    """Return what a chart shows as a table in the same raw numbers.

    Bars make a row for each category and a column for each series. Everything else makes a row for each
    point, under the title of its series, with both coordinates, the interval and the size where there are
    any.
    """
    return _categories(chart) if chart.placed.categories else _points(chart)


def _categories(chart: Chart) -> Table:
    columns = [Column("category", chart.placed.title, Unit.TEXT)]
    columns += [
        Column(series.title, series.title, chart.measured.unit, quantity=chart.measured.title)
        for series in chart.series
    ]
    found: list[dict[int, float]] = [
        {int(chart.place(point)): chart.value(point) for point in series.points} for series in chart.series
    ]
    rows = tuple(
        Row((name, *(values.get(place) for values in found)))
        for place, name in enumerate(chart.placed.categories)
    )
    return Table(chart.title, tuple(columns), rows, _caption(chart))


def _points(chart: Chart) -> Table:
    columns = [Column("point", "point", Unit.TEXT), _column("x", chart.x), _column("y", chart.y)]
    every = [point for series in chart.series for point in series.points]
    between = any(point.low is not None for point in every)
    if between:
        columns += [_column("low", chart.measured, "from"), _column("high", chart.measured, "to")]
    sized = next((series.sized for series in chart.series if series.sized), None)
    if sized:
        columns.append(_column("size", sized))
    rows = []
    for series in chart.series:
        for point in series.points:
            cells: list[Cell] = [_name(series, point.label), point.x, point.y]
            cells += [point.low, point.high] if between else []
            cells += [point.size] if sized else []
            rows.append(Row(tuple(cells)))
    return Table(chart.title, tuple(columns), tuple(rows), _caption(chart))


def _column(key: str, axis: Axis, title: str = "") -> Column:
    return Column(key, title or axis.title, axis.unit, quantity=axis.title)


def _name(series: Series, label: str) -> str:
    return f"{series.title}: {label}" if label and label != series.title else series.title


def _caption(chart: Chart) -> str:
    return " ".join(filter(None, (chart.caption, chart.source)))
