"""Documents as JSON: the whole result, and the tables that show it."""

from __future__ import annotations

import json
import math
from typing import Any

from inception_profiler.document.blocks import Cell, Document, Table
from inception_profiler.document.chart import Axis, Chart, Point
from inception_profiler.records.archive import FORMAT, to_data
from inception_profiler.render.formats import renderer


@renderer(".json")
def render(document: Document) -> bytes:
    """Render a document as JSON in base units, with the unit beside each column.

    ``result`` is the whole result, which ``inception_profiler.load`` reads back; ``tables`` are what the
    other formats show; ``charts`` are what the pictures draw.
    """
    charts = [_chart(chart) for chart in document.charts()]
    formulas = [formula.text for formula in document.formulas()]
    data = {
        "format": FORMAT,
        "title": document.title,
        **({"formulas": formulas} if formulas else {}),
        "tables": [_table(table) for table in document.tables()],
        **({"charts": charts} if charts else {}),
        **({} if document.result is None else {"result": to_data(document.result)}),
    }
    return (json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n").encode(errors="backslashreplace")


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "caption": table.caption,
        "columns": [
            {"key": column.key, "title": column.title, "unit": column.unit.value} for column in table.columns
        ],
        "rows": [
            {
                "level": row.level,
                "unit": None if row.unit is None else row.unit.value,
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "key": chart.key,
        "title": chart.title,
        "x": _axis(chart.x),
        "y": _axis(chart.y),
        "arrangement": chart.arrangement,
        "series": [
            {
                "title": series.title,
                "kind": series.kind,
                **({"sized": _axis(series.sized)} if series.sized else {}),
                "points": [_point(point) for point in series.points],
            }
            for series in chart.series
        ],
        "notes": [{"text": note.text, "x": note.x, "y": note.y} for note in chart.notes],
        "caption": chart.caption,
        "source": chart.source,
    }


def _axis(axis: Axis) -> dict[str, Any]:
    categories = {"categories": list(axis.categories)} if axis.categories else {}
    noun = {"noun": axis.noun} if axis.noun else {}
    return {"title": axis.title, "unit": axis.unit.value, **noun, "divided": axis.divided, **categories}


def _point(point: Point) -> dict[str, Any]:
    """Return a point with what it has."""
    more = {"size": point.size, "low": point.low, "high": point.high, "label": point.label or None}
    there = {key: value for key, value in more.items() if value is not None}
    return {"x": _cell(point.x), "y": _cell(point.y), **there}


def _cell(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
