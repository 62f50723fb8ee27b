"""Results in notebooks and in rich: small parts of a page without a script, and what a console prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Fold,
    Formula,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.cells import printed
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.chart_table import chart_table
from inception_profiler.document.shown import document_of
from inception_profiler.document.tree import Anatomy
from inception_profiler.records.archive import Result
from inception_profiler.render.html.escaping import text
from inception_profiler.render.html.formula import formula
from inception_profiler.units import Unit

_MOST = 40
"""How many rows of a table are shown."""
_LEFT, _RIGHT = "text-align:left", "text-align:right;font-variant-numeric:tabular-nums"


def html(result: Result) -> str:
    """Return a result as part of a page; long tables are shown to the depth, or as far, as 40 rows go."""
    return f"<div>{''.join(map(_block, document_of(result).blocks))}</div>"


def lines(result: Result) -> Any:
    """Return a result as what rich prints, as wide as the console lets it be."""
    from inception_profiler.render.terminal import Page

    return Page(document_of(result))


def _block(block: Block) -> str:
    match block:
        case Heading():
            level = min(block.level + 2, 6)
            return f"<h{level}>{text(block.text)}</h{level}>"
        case Prose():
            return f"<p>{text(block.text)}</p>"
        case Callout():
            return f"<p><strong>{text(block.kind.capitalize())}:</strong> {text(block.text)}</p>"
        case Formula():
            return f"<p>{formula(block.text)}</p>"
        case Table():
            return _table(block)
        case Chart():
            return _table(chart_table(block))
        case Illustration() | Anatomy() | Fold():
            return ""


def _table(block: Table) -> str:
    said = printed(block)
    sides = [_LEFT if column.unit is Unit.TEXT else _RIGHT for column in block.columns]
    head = "".join(
        f'<th style="{side}">{text(title)}</th>' for side, title in zip(sides, said.header, strict=True)
    )
    kept = _kept(block.rows)
    body = "".join(_row(block.rows[at], said.lines[at], sides) for at in kept)
    left = f" {len(kept)} of {len(block.rows)} rows are shown here." if len(kept) < len(block.rows) else ""
    caption = f"<p><small>{text(block.caption + left)}</small></p>" if block.caption or left else ""
    return (
        f"<p><strong>{text(block.title)}</strong></p><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{caption}"
    )


def _row(row: Row, line: tuple[str, ...], sides: list[str]) -> str:
    return f"<tr>{''.join(_cells(row, line, sides))}</tr>"


def _cells(row: Row, line: tuple[str, ...], sides: list[str]) -> Iterator[str]:
    for place, (said, side) in enumerate(zip(line, sides, strict=True)):
        inside = f"<strong>{text(said)}</strong>" if row.strong else text(said)
        indent = f";padding-left:{0.5 + 1.2 * row.level:.1f}em" if place == 0 and row.level else ""
        yield f'<td style="{side}{indent}">{inside}</td>'


def _kept(rows: tuple[Row, ...]) -> list[int]:
    """Choose the rows that are shown: all, or those that are not too deep, or the first."""
    kept: list[int] = []
    for depth in range(max((row.level for row in rows), default=0), -1, -1):
        kept = [at for at, row in enumerate(rows) if row.level <= depth]
        if len(kept) <= _MOST:
            return kept
    return kept[:_MOST]
