"""Tables that can be read without a script, and sorted and filtered with one."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from inception_profiler.document.blocks import Cell, Column, Row, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.colours import colour_of
from inception_profiler.render.html.escaping import text
from inception_profiler.render.html.theme import both
from inception_profiler.units import Unit

_SORTED = 3
"""Fewer rows can be seen at a glance, and need no sorting."""
_LONG = 12
"""More rows can be filtered."""
_NAME, _SHORT = 28, 24
"""Names and texts of so many signs stay in one line, names only where the page is not narrow."""


def table(block: Table, key: str, leads: Collection[str] = ()) -> str:
    """Write a table with its caption; ``key`` is the id of its title.

    First cells that are among ``leads`` lead to what stands behind them. Every number is there twice: as it
    is printed, and raw for sorting.
    """
    said = printed(block)
    coloured = {n for n in range(len(block.columns)) if _coloured(block, n)}
    head = "".join(
        _head(block, column, title) for column, title in zip(block.columns, said.header, strict=True)
    )
    lines = [
        _row(block, row, line, coloured, leads) for row, line in zip(block.rows, said.lines, strict=True)
    ]
    total = lines.pop() if _sums_up(block) else ""
    foot = f"<tfoot>\n{total}</tfoot>\n" if total else ""
    sortable = " data-sortable" if not block.by_row and len(lines) >= _SORTED else ""
    long = " data-long" if len(lines) > _LONG else ""
    deep = " data-deep" if any(row.level for row in block.rows) else ""
    caption = f'<p class="caption" id="{key}-caption">{text(block.caption)}</p>\n' if block.caption else ""
    told = f' aria-describedby="{key}-caption"' if caption else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{key}">\n'
        f'<table aria-labelledby="{key}"{told}{sortable}{long}{deep}>\n'
        f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{''.join(lines)}</tbody>\n{foot}</table>\n</div>\n{caption}"
    )


def _sums_up(block: Table) -> bool:
    """Whether the last row sums up the others, and so stays last."""
    return (
        len(block.rows) > 1
        and [row.strong for row in block.rows[-2:]] == [False, True]
        and not any(row.level or row.strong for row in block.rows[:-1])
    )


def _head(block: Table, column: Column, title: str) -> str:
    kind = "" if column.unit is Unit.TEXT else ' class="number"'
    # Columns that stand for one model each.
    side = column.unit is not Unit.TEXT and (block.by_row or column.quantity not in {"", column.title})
    return f'<th scope="col"{kind}>{_dot(column.title) if side else ""}{text(title)}</th>'


def _row(
    block: Table, row: Row, line: tuple[str, ...], coloured: Collection[int], leads: Collection[str]
) -> str:
    marks = f' data-level="{row.level}"' if row.level else ""
    marks += ' class="strong"' if row.strong else ""
    cells = "".join(_cells(block, row, line, coloured, leads))
    return f"<tr{marks}>{cells}</tr>\n"


def _cells(
    block: Table, row: Row, line: tuple[str, ...], coloured: Collection[int], leads: Collection[str]
) -> Iterator[str]:
    for place, (cell, said, column) in enumerate(zip(row.cells, line, block.columns, strict=True)):
        inside = text(said)
        if place in coloured:
            inside = _dot(said) + inside
        if place == 0:
            if said in leads:
                inside = f'<a href="#{fold_id(said)}">{inside}</a>'
            short = ' class="short"' if len(said) <= _NAME else ""
            yield f'<th scope="row"{short} style="--level:{row.level}">{inside}</th>'
        else:
            short = ' class="short"' if len(said) <= _SHORT else ""
            kind = short if column.unit is Unit.TEXT else _number(block, row, column, cell)
            yield f"<td{kind}>{inside}</td>"


def _number(block: Table, row: Row, column: Column, cell: Cell) -> str:
    """Return the attributes of a cell that holds a number; a share has a bar of its length behind it."""
    if not isinstance(cell, int | float) or math.isnan(cell):
        return ' class="number"'
    raw = f' data-value="{cell!r}"'
    if block.unit(row, column) is Unit.SHARE:
        return f' class="number share" style="--share:{min(1.0, max(0.0, cell)):.4f}"{raw}'
    return f' class="number"{raw}'


def _coloured(block: Table, place: int) -> bool:
    """Whether everything in a column of text has a colour of its own, as verdicts have."""
    if block.by_row or block.columns[place].unit is not Unit.TEXT:
        return False
    said = {row.cells[place] for row in block.rows} - {"", None}
    return len(block.rows) > 1 and bool(said) and all(colour_of(str(cell)) for cell in said)


def _dot(name: str) -> str:
    colour = colour_of(name)
    return f'<span class="dot" style="background:{both(colour)}"></span>' if colour else ""


def fold_id(key: str) -> str:
    """Return the id of what stands behind a name: letters, digits, and the rest by number."""
    return "fold-" + "".join(
        sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}-" for sign in key
    )
