"""Documents for a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from inception_profiler.document.blocks import Block, Callout, Document, Heading, Prose, Table
from inception_profiler.document.cells import printed
from inception_profiler.units import Unit

_PIPE_WIDTH = 120
_UNBOUNDED = 10_000
_NARROW = "Shares are left out: they need a wider terminal."
_STYLES = {"note": "cyan", "warning": "bold yellow"}


def render(document: Document, *, width: int | None = None, color: str | None = None) -> bytes:
    """Render a document as lines for a terminal of ``width`` columns.

    ``color`` is one of rich's colour systems, or None for plain text. Without a width the lines are as wide
    as tables need.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=width or _PIPE_WIDTH,
        color_system=color,  # type: ignore[arg-type]  # rich's own literal of names
        force_terminal=color is not None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    limit = console.width
    for block in document.blocks:
        for part in _parts(block, limit):
            # A table is never cut: what does not fit even without its shares, the terminal wraps.
            console.width = max(limit, _needed(part)) if isinstance(part, Grid) else limit
            console.print(part)
    text = out.getvalue()
    if color is None:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    return text.encode()


def _needed(part: Grid) -> int:
    return Console(width=_UNBOUNDED).measure(part).maximum


def _parts(block: Block, limit: int) -> Iterator[RenderableType]:
    match block:
        case Heading():
            yield Text(block.text, style="bold underline")
        case Prose():
            yield Text(block.text)
        case Callout():
            yield Text(f"{block.kind}: {block.text}", style=_STYLES[block.kind])
        case Table():
            yield Text(f"\n{block.title}", style="bold")
            grid = _table(block, shares=True)
            narrow = _needed(grid) > limit
            yield _table(block, shares=False) if narrow else grid
            caption = f"{block.caption} {_NARROW if narrow else ''}".strip()
            if caption:
                yield Text(caption, style="dim")


def _table(table: Table, *, shares: bool) -> Grid:
    text = printed(table)
    shown = [n for n, column in enumerate(table.columns) if shares or column.unit is not Unit.SHARE]
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), header_style="dim")
    for position in shown:
        number = table.columns[position].unit is not Unit.TEXT
        header = text.header[position]
        title = Text(header.replace(" ", "\n") if number else header)
        grid.add_column(title, justify="right" if number else "left", vertical="bottom", no_wrap=True)
    for row, cells in zip(table.rows, text.lines, strict=True):
        first, *rest = (cells[position] for position in shown)
        grid.add_row(Text("  " * row.level + first), *map(Text, rest), style="bold" if row.strong else "")
    return grid
