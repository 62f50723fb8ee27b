"""Documents for a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Column as RichColumn
from rich.table import Table as Grid
from rich.text import Text

from inception_profiler.document.blocks import Block, Callout, Document, Fold, Formula, Heading, Prose, Table
from inception_profiler.document.cells import Printed, printed
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.tree import Anatomy
from inception_profiler.render.characters import lines
from inception_profiler.render.seen import seen
from inception_profiler.units import Unit

_PIPE_WIDTH = 120
_NARROW = "Shares are left out: they need a wider terminal."
_WORD = re.compile(r"^\s*\S+|\S+")
"""A word, the first one with its indentation."""

_SENTENCE = 24
"""Columns that a text may be narrowed to; one that takes no more is no sentence, and stays in a line."""

_NARROWEST = 12
"""The same where a table of several texts does not fit otherwise."""

_STYLES = {"note": "cyan", "warning": "bold yellow"}


def render(document: Document, *, width: int | None = None, color: str | None = None) -> bytes:
    """Render a document as lines for a terminal of ``width`` columns.

    ``color`` is one of rich's colour systems, or None for plain text. Without a width the lines are as wide
    as tables need, and every row is one of them; with a width a row's text goes on below, between words.
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
        for part in _parts(block, limit, folds=width is not None):
            # A table is never cut: what does not fit even so, the terminal wraps.
            console.width = max(limit, _width(part)) if isinstance(part, Grid) else limit
            console.print(part)
    text = out.getvalue()
    if color is None:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    return text.encode()


def _width(grid: Grid) -> int:
    """Return the width that a grid takes: its columns, a space before each, and one between two."""
    return sum((column.width or 0) + 2 for column in grid.columns)


def _text(string: str, style: str = "") -> Text:
    """Make any text inert: no sign of it commands the terminal."""
    return Text(seen(string), style=style)


class Page:
    """A document as rich prints it on any console; numbers are never cut, wherever they have to wrap."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for block in self.document.blocks:
            for part in _parts(block, options.max_width, folds=True):
                if isinstance(part, Grid) and _width(part) > options.max_width:
                    yield from _wrapped(part, console, options)
                else:
                    yield part


def _wrapped(grid: Grid, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
    """Yield a table whole, each of its lines going on in the next: rich would cut them off."""
    room, wide = options.max_width, _width(grid)
    for line in console.render_lines(grid, options.update_width(wide), pad=False):
        for piece in Segment.divide(line, range(room, wide + room, room)):
            yield from piece
            if piece:
                yield Segment.line()


def _parts(block: Block, limit: int, *, folds: bool) -> Iterator[RenderableType]:
    match block:
        case Heading():
            if block.level > 1:
                yield Text()
            yield _text(block.text, style="bold underline")
        case Prose():
            yield _text(block.text)
        case Callout():
            yield _text(f"{block.kind}: {block.text}", style=_STYLES[block.kind])
        case Formula():
            yield _text(f"    {block.text}")
        case Illustration() | Anatomy() | Fold():
            return
        case Chart():
            yield _text(f"\n{block.title}", style="bold")
            yield _text("\n".join(lines(block, limit)))
            if block.caption:
                yield _text(block.caption, style="dim")
        case Table():
            yield _text(f"\n{block.title}", style="bold")
            text = _seen(printed(block))
            grid = _table(block, text, shares=True)
            narrow = _width(grid) > limit and any(column.unit is Unit.SHARE for column in block.columns)
            grid = _table(block, text, shares=False) if narrow else grid
            yield _folded(grid, limit) if folds and _width(grid) > limit else grid
            caption = f"{block.caption} {_NARROW if narrow else ''}".strip()
            if caption:
                yield _text(caption, style="dim")


def _table(table: Table, text: Printed, *, shares: bool) -> Grid:
    """Lay out a table; the width of every column is set, which spares rich from measuring each cell."""
    shown = [n for n, column in enumerate(table.columns) if shares or column.unit is not Unit.SHARE]
    names = ["  " * row.level + cells[0] for row, cells in zip(table.rows, text.lines, strict=True)]
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), header_style="dim")
    for position in shown:
        number = table.columns[position].unit is not Unit.TEXT
        header = text.header[position].replace(" ", "\n") if number else text.header[position]
        cells = [line[position] for line in text.lines] if position else names
        grid.add_column(
            Text(header),
            justify="right" if number else "left",
            vertical="bottom",
            width=max(
                map(cell_len, (*header.split("\n"), *(part for cell in cells for part in cell.split("\n"))))
            ),
            no_wrap=True,
        )
    for name, row, line in zip(names, table.rows, text.lines, strict=True):
        rest = [_Cell(line[position]) for position in shown[1:]]
        grid.add_row(_Cell(name), *rest, style="bold" if row.strong else "")
    return grid


class _Cell(Text):
    """A cell at the top of its row, whose others may have more lines."""

    vertical = "top"


def _folded(grid: Grid, limit: int) -> Grid:
    """Narrow the columns that hold sentences, the widest first, until the grid fits.

    Lines end between words, and within long ones where that is not enough; then shorter texts are narrowed
    too. A grid that would not fit even so stays as it is.
    """
    texts = [column for column in grid.columns if column.justify == "left"]
    words = [max(map(_longest_word, _lines(column))) for column in texts]
    for least in (
        [max(word, _SENTENCE) for word in words],
        [_SENTENCE] * len(words),
        [max(word, _NARROWEST) for word in words],
        [_NARROWEST] * len(words),
    ):
        widths = [column.width or 0 for column in texts]
        excess = _width(grid) - limit
        while excess > 0 and (wide := [n for n, width in enumerate(widths) if width > least[n]]):
            widths[max(wide, key=widths.__getitem__)] -= 1
            excess -= 1
        if excess <= 0:
            for column, width in zip(texts, widths, strict=True):
                column.width, column.no_wrap, column.overflow = width, False, "fold"
            break
    return grid


def _lines(column: RichColumn) -> Iterable[str]:
    return (line for cell in (column.header, *column.cells) for line in str(cell).split("\n"))


def _longest_word(line: str) -> int:
    return max(map(cell_len, _WORD.findall(line)), default=0)


def _seen(table: Printed) -> Printed:
    return Printed(tuple(map(seen, table.header)), tuple(tuple(map(seen, line)) for line in table.lines))
