"""Tables in booktabs style: numbers aligned at their decimal point, long ones over several pages."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import Table
from inception_profiler.document.cells import printed
from inception_profiler.records.frozen import record
from inception_profiler.render.latex.escaping import text
from inception_profiler.units import Unit

_LONG = 40
"""More rows do not fit on a page, and continue on the next."""
_WIDEST = 34
"""A column of more characters is set as paragraphs."""
_HIGHEST = 20
"""Longer words in a title of numbers are cut."""
_SIZES = ((92, "small"), (106, "footnotesize"), (126, "scriptsize"), (150, "tiny"))
"""How many characters a line holds, by the size of the letters."""
_NUMBER = re.compile(r"(?P<whole>-?[\d,]+)(?P<rest>\.\d+)?(?P<unit>[×%]?)")


@record
class _Column:
    """A column as TeX reads it: head, cells, whether they are numbers, and the width of the widest."""

    head: str
    cells: tuple[str, ...]
    number: bool
    width: int


def table(block: Table, tag: str) -> str:
    """Write a table with its caption; ``tag`` is what it can be referred to by."""
    said = printed(block)
    columns = []
    for n, (column, head) in enumerate(zip(block.columns, said.header, strict=True)):
        cells = [line[n] for line in said.lines]
        if column.unit is not Unit.TEXT:
            columns.append(_numbers(head, cells))
        else:
            columns.append(_texts(head, cells, [row.level if n == 0 else 0 for row in block.rows]))
    header = _line([column.head for column in columns])
    rows = []
    for at, row in enumerate(block.rows):
        cells = [column.cells[at] for column in columns]
        if row.strong:
            cells = [rf"\textbf{{{cell}}}" if cell else "" for cell in cells]
        cells[0] = rf"\hspace*{{{row.level}em}}{cells[0]}" if row.level else cells[0]
        rows.append(_line(cells))
    title = text(block.title)
    said_below = f"{title}. {text(block.caption)}" if block.caption else title
    caption = rf"\caption[{{{title}}}]{{{said_below}}}\label{{tab:{tag}}}"
    room, size = _size(columns)
    write = _over_pages if len(rows) > _LONG else _floating
    return "\n".join(write(size, "".join(_kinds(columns, room)), caption, header, rows))


def _floating(size: str, kinds: str, caption: str, header: str, rows: Sequence[str]) -> Iterator[str]:
    yield rf"\begin{{table}}[htbp]\centering\{size}{_SPACING}"
    yield caption
    yield rf"\begin{{tabular}}{{@{{}}{kinds}@{{}}}}"
    yield r"\toprule"
    yield header
    yield r"\midrule"
    yield from rows
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield r"\end{table}"


def _over_pages(size: str, kinds: str, caption: str, header: str, rows: Sequence[str]) -> Iterator[str]:
    yield rf"{{\{size}{_SPACING}"
    yield rf"\begin{{longtable}}{{@{{}}{kinds}@{{}}}}"
    yield rf"{caption}\\"
    yield r"\toprule"
    yield header
    yield r"\midrule\endfirsthead"
    yield r"\toprule"
    yield header
    yield r"\midrule\endhead"
    yield r"\bottomrule\endfoot"
    yield from rows
    yield r"\end{longtable}}"


_SPACING = r"\setlength{\tabcolsep}{4pt}\setlength{\belowcaptionskip}{4pt}"


def _line(cells: Sequence[str]) -> str:
    return rf"{' & '.join(cells)} \\"


def _texts(head: str, cells: Sequence[str], levels: Sequence[int]) -> _Column:
    """Set a column of text, of which a cell is as wide as it is deep in the tree."""
    width = max(
        _width(head), *(2 * level + _width(cell) for level, cell in zip(levels, cells, strict=True)), 0
    )
    return _Column(text(head), tuple(map(text, cells)), False, width)


def _numbers(head: str, cells: Sequence[str]) -> _Column:
    """Fill numbers up with room, so that decimal points stand under each other where all have one unit.

    The title stands word under word where it is wider than the numbers.
    """
    found = [_NUMBER.fullmatch(cell) for cell in cells]
    longest = max((match["rest"] or "" for match in found if match), key=len, default="")
    alike = len({match["unit"] for match in found if match}) == 1
    written, width = [], 0
    for cell, match in zip(cells, found, strict=True):
        missing = longest[len(match["rest"] or "") :] if match and alike else ""
        room = rf"\phantom{{{missing}}}" if missing else ""
        sign = match["unit"] if match else ""
        written.append(_number(cell.removesuffix(sign)) + room + text(sign))
        width = max(width, _width(cell) + len(missing))
    least = max(width, min(_HIGHEST, max(map(_width, head.split()), default=0)), 1)
    lines = textwrap.wrap(head, least, break_on_hyphens=False)
    width = max(width, *map(_width, lines), 0)
    if len(lines) < 2:
        return _Column(text(head), tuple(written), True, width)
    stack = r"\\".join(map(text, lines))
    return _Column(rf"\begin{{tabular}}[b]{{@{{}}r@{{}}}}{stack}\end{{tabular}}", tuple(written), True, width)


def _number(cell: str) -> str:
    """Write a number so that it reads alike in text and in mathematics: ``27{,}648``."""
    written = re.sub(r"(?<=\d),(?=\d)", "{,}", text(cell))
    return re.sub(r"^-(?=\d)", "$-$", written)


def _width(string: str) -> int:
    """Count characters, those of Chinese twice."""
    return len(string) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in string)


def _size(columns: Sequence[_Column]) -> tuple[int, str]:
    """Choose the largest letters in which the numbers, and text in columns that are not too narrow, fit."""
    least = sum(1 + (one.width if one.number else min(one.width, _WIDEST)) for one in columns)
    return next((entry for entry in _SIZES if least <= entry[0]), _SIZES[-1])


def _kinds(columns: Sequence[_Column], room: int) -> Iterator[str]:
    """Yield how each column is set: text that is too wide shares what the others leave of the line."""
    wanted = [0 if one.number or one.width <= _WIDEST else min(one.width, 3 * _WIDEST) for one in columns]
    left = room - sum(1 + (0 if want else one.width) for one, want in zip(columns, wanted, strict=True))
    for one, want in zip(columns, wanted, strict=True):
        if want:
            share = max(0.08, min(1.0, left / sum(wanted)) * want / room)
            yield rf">{{\raggedright\arraybackslash}}p{{{share:.3f}\linewidth}}"
        else:
            yield "r" if one.number else "l"
