"""Documents as JSON: the whole result, and the tables that show it."""

from __future__ import annotations

import json
import math
from typing import Any

from inception_profiler.document.blocks import Cell, Document, Table
from inception_profiler.records.archive import FORMAT, to_data
from inception_profiler.render.formats import renderer


@renderer(".json")
def render(document: Document) -> bytes:
    """Render a document as JSON in base units, with the unit beside each column.

    ``result`` is the whole result, which ``inception_profiler.load`` reads back; ``tables`` are what the
    other formats show.
    """
    formulas = [formula.text for formula in document.formulas()]
    data = {
        "format": FORMAT,
        "title": document.title,
        **({"formulas": formulas} if formulas else {}),
        "tables": [_table(table) for table in document.tables()],
        **({} if document.result is None else {"result": to_data(document.result)}),
    }
    return (json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n").encode()


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


def _cell(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
