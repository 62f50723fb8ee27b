"""The tables of a document as one CSV file."""

from __future__ import annotations

import csv
import io
import math

from inception_profiler.document.blocks import Cell, Document, Table
from inception_profiler.document.chart import Chart
from inception_profiler.document.chart_table import chart_table
from inception_profiler.render.formats import renderer
from inception_profiler.units import Unit

_FIXED = ("table", "row", "level", "unit")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@renderer(".csv")
def render(document: Document) -> bytes:
    """Render the tables of a document as one CSV table in base units, with the unit in the header.

    Every line names its table, its row and the depth of the row in the tree; the columns are those of all
    tables together, empty where a table does not have one. ``unit`` is set where a whole line measures one
    thing. A chart is the table of its numbers; illustrations, which repeat tables, are left out.
    """
    tables = [
        chart_table(block) if isinstance(block, Chart) else block
        for block in document.blocks
        if isinstance(block, Chart | Table)
    ]
    headers: dict[str, None] = {}
    for table in tables:
        headers.update(dict.fromkeys(_headers(table)))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=[*_FIXED, *headers], lineterminator="\n")
    writer.writerow({key: _safe(key) for key in writer.fieldnames})  # a column can be named by a user too
    for table in tables:
        for row in table.rows:
            line: dict[str, Cell] = {"table": table.title, "row": row.cells[0], "level": row.level}
            line["unit"] = "" if row.unit is None else row.unit.value
            line |= dict(zip(_headers(table), row.cells[1:], strict=True))
            writer.writerow({key: _safe(cell) for key, cell in line.items()})
    return out.getvalue().encode(errors="backslashreplace")


def _headers(table: Table) -> list[str]:
    """Name the columns after the first, with their units unless every line has its own."""
    return [
        column.key if column.unit is Unit.TEXT or table.by_row else f"{column.key} [{column.unit.value}]"
        for column in table.columns[1:]
    ]


def _safe(cell: Cell) -> Cell:
    """Keep a text from being taken for a formula by a spreadsheet, and print what has no value as nothing."""
    if isinstance(cell, str):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # a return alone would end the line unquoted
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    return cell
