"""Cells as people read them: one place that turns raw numbers into text, for every format."""

from __future__ import annotations

from inception_profiler.document.blocks import Cell, Row, Table
from inception_profiler.records.frozen import record
from inception_profiler.units import Scale, Unit, scale_for

ABSENT = "–"
_NAMED_IN_HEADER = frozenset({Unit.COUNT, Unit.BYTES, Unit.PIXELS, Unit.SECONDS, Unit.FLOP_RATE, Unit.JOULES})


@record
class Printed:
    """A table as text: its header, and one line for each of its rows."""

    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def printed(table: Table) -> Printed:
    """Print a table: one magnitude for each column, or for each row that measures one thing."""
    scales = table.scales()
    header = []
    for position, column in enumerate(table.columns):
        scale = scales.get(position)
        named = scale is not None and scale.symbol and column.unit in _NAMED_IN_HEADER
        header.append(f"{column.title} [{scale.symbol}]" if scale is not None and named else column.title)
    return Printed(tuple(header), tuple(_line(table, row, scales) for row in table.rows))


def _line(table: Table, row: Row, scales: dict[int, Scale]) -> tuple[str, ...]:
    own = table.row_scale(row)
    line = []
    for position, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        unit = table.unit(row, column)
        if position in scales and unit in _NAMED_IN_HEADER:
            line.append(_text(cell, scales[position], symbol=False))
        elif unit is row.unit:
            line.append(_text(cell, own, symbol=True))
        else:
            line.append(_text(cell, scale_for((), unit), symbol=True))
    return tuple(line)


def _text(cell: Cell, scale: Scale, *, symbol: bool) -> str:
    if cell is None:
        return ABSENT
    if isinstance(cell, str):
        return cell
    return scale.full(cell) if symbol else scale.text(cell)
