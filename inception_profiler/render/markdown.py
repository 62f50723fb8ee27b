"""Documents as GitHub-flavoured Markdown."""

from __future__ import annotations

import re

from inception_profiler.document.blocks import Block, Callout, Document, Fold, Formula, Heading, Prose, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.chart_table import chart_table
from inception_profiler.document.formula import latex
from inception_profiler.document.tree import Anatomy
from inception_profiler.render.formats import renderer
from inception_profiler.render.seen import seen
from inception_profiler.units import Unit

_INDENT = "\u2003"  # an em space: Markdown swallows plain spaces at the start of a cell
_ESCAPES = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|~$"} | {"\n": " ", "\r": " "})
_OPENS = re.compile(r"^(\d*)([-+=.)])(?=[-+=\s]|$)")  # what would open a list or a rule


@renderer(".md")
def render(document: Document) -> bytes:
    """Render a document as Markdown; numbers are scaled, one magnitude a column, named in the header.

    A chart is the table of its numbers; illustrations, which repeat tables, are left out unless their picture
    stands in a file beside the page.
    """
    blocks = filter(None, map(_block, document.blocks))
    return ("\n\n".join(blocks) + "\n").encode()


def escape(text: str) -> str:
    r"""Make any text inert in Markdown.

    >>> print(escape("a_b|c"))
    a\_b\|c
    """
    return seen(text).translate(_ESCAPES)


def opened(escaped: str) -> str:
    r"""Keep text that begins a paragraph from opening a list or a rule.

    >>> print(opened("1. April"))
    1\. April
    """
    return _OPENS.sub(r"\1\\\2", escaped.strip())


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {escape(block.text)}"
        case Prose():
            return opened(escape(block.text))
        case Callout():
            return f"> **{block.kind.capitalize()}:** {escape(block.text)}"
        case Formula():
            return (
                f"$${latex(seen(block.text)).replace('](', '] (')}$$"  # no link where mathematics is not set
            )
        case Table():
            return _table(block)
        case Chart():
            return _table(chart_table(block))
        case Illustration():
            return _picture(block) if block.file else ""
        case Anatomy() | Fold():
            return ""


def _picture(illustration: Illustration) -> str:
    seen = "; ".join(chart.title for chart in illustration.charts())
    return f"![{escape(seen)}]({illustration.file})"


def _table(table: Table) -> str:
    text = printed(table)
    lines = [f"## {escape(table.title)}", "", _line(text.header)]
    lines.append(_line(["---" if column.unit is Unit.TEXT else "---:" for column in table.columns], raw=True))
    for row, cells in zip(table.rows, text.lines, strict=True):
        name, *numbers = (escape(cell) for cell in cells)
        if row.link:
            name = f"[{name}]({row.link})"
        if row.strong:
            name = f"**{name}**"
        lines.append(_line([_INDENT * row.level + name, *numbers], raw=True))
    if table.caption:
        lines += ["", f"*{escape(table.caption).strip()}*"]
    return "\n".join(lines)


def _line(cells: list[str] | tuple[str, ...], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(escape, cells))} |"
