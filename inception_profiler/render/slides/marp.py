"""Lectures as Markdown for Marp: one file, its pictures within it, its notes as comments."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from inception_profiler.document.blocks import Block, Callout, Formula, Heading, Prose, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.chart import Chart
from inception_profiler.document.colours import BLUE, INK
from inception_profiler.document.deck import Deck, Slide
from inception_profiler.document.formula import latex
from inception_profiler.render.markdown import escape, opened
from inception_profiler.render.slides.formats import deck_renderer
from inception_profiler.render.slides.layout import BODY, pages
from inception_profiler.render.slides.page import ChartBox
from inception_profiler.render.slides.pictures import bare_picture, check_signs
from inception_profiler.render.slides.style import TINT, clean, line
from inception_profiler.units import Unit

_HEAD = f"""---
marp: true
size: 16:9
paginate: true
math: katex
style: |
  section {{ color: {INK}; font-size: 27px; }}
  h1 {{ font-size: 38px; border-left: 10px solid {BLUE}; padding-left: 16px; }}
  blockquote {{ background: {TINT}; border-left: 6px solid {BLUE}; font-weight: bold; padding: 8px 16px; }}
---
"""
_LINKED = re.compile(r"[:/@](?=\S)|(?<=[^\W\d])\.(?=[^\W\d])")
"""What makes a link of an address."""
_EMOJI = re.compile(r":(?=[\w+-]+:)")
"""What begins the name of an emoji, which Marp fetches as a picture, also where it is escaped."""
_JOINER = "\u2060"
"""A sign without width: what stands on both sides of it is not read as one word."""
_OPTION = re.compile(
    r"^(?:bg|fit|auto|contain|cover|vertical|left|right|[\d.]+%|(?:blur|brightness|contrast|drop-shadow|grayscale"
    r"|hue-rotate|invert|opacity|saturate|sepia|w|width|h|height|left|right)(?:\\:.*)?)$"
)
"""What Marp takes for an option of a picture: https://marpit.marp.app/image-syntax."""


@deck_renderer(".md")
def render(deck: Deck) -> bytes:
    """Write a lecture as Markdown that Marp shows as slides.

    A slide that would be too full is an error here too, as its boxes are those of the other formats.

    Raises:
        OverfullError: a slide does not hold what is to stand on it.
        InputError: no installed font has the signs of the language, and there are charts to draw.
    """
    if any(isinstance(block, Chart) for slide in deck.slides for block in slide.blocks):
        check_signs(deck)
    parts, pictures = [], []
    for page in pages(deck):
        parts.append("\n\n".join(_slide(page.slide)))
        boxes = {placed.chart.key: placed.box for placed in page.placed if isinstance(placed, ChartBox)}
        for chart in _charts(page.slide):
            box = boxes.get(chart.key, BODY)
            data = base64.b64encode(bare_picture(chart, (box.width, box.height))).decode()
            pictures.append(f"[{_key(chart)}]: data:image/png;base64,{data}")
    text = _HEAD + "\n" + "\n\n---\n\n".join(parts) + "\n\n" + "\n".join(pictures)
    return (text.rstrip() + "\n").encode()


def _charts(slide: Slide) -> Iterator[Chart]:
    return (block for block in slide.blocks if isinstance(block, Chart))


def _slide(slide: Slide) -> Iterator[str]:
    yield f"# {said(slide.title)}"
    for block in slide.blocks:
        text = _block(block)
        if text:
            yield text
    yield f"<!--\n{_comment(slide.notes.text)}\n-->"


def said(text: str) -> str:
    r"""Make any text inert in Marp, which makes links of addresses and pictures of words between colons.

    >>> print(said("nets.py:Net"))
    nets\.py\:Net
    """
    return _LINKED.sub(r"\\\g<0>", _EMOJI.sub(rf"\g<0>{_JOINER}", escape(line(text))))


def _described(text: str) -> str:
    """Return what a picture shows in words that Marp does not take for the options of a picture."""
    return " ".join(_OPTION.sub(rf"\g<0>{_JOINER}", word) for word in said(text).split())


def _comment(text: str) -> str:
    """Return notes that cannot end the comment that they stand in, nor be read as settings of Marp."""
    inside = re.sub("-(?=-)", "- ", clean(text)).replace("<", "‹").replace(">", "›")
    return "\n".join(f"– {one}" for one in inside.splitlines() if one.strip())


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"## {said(block.text)}"
        case Prose():
            return f"- {opened(said(block.text))}"
        case Callout():
            return f"> {opened(said(block.text))}"
        case Formula():
            return f"$${latex(line(block.text))}$$"
        case Table():
            return _table(block)
        case Chart():
            return f"![{_described(block.title)}][{_key(block)}]"
        case _:
            return ""


def _key(chart: Chart) -> str:
    return "chart-" + "".join(sign if sign.isalnum() else "-" for sign in chart.key)


def _table(table: Table) -> str:
    text = printed(table)
    lines = [_line(text.header)]
    lines.append(
        f"| {' | '.join('---' if column.unit is Unit.TEXT else '---:' for column in table.columns)} |"
    )
    for row, cells in zip(table.rows, text.lines, strict=True):
        made = [said(cell) for cell in cells]
        made[0] = "\u2003" * row.level + made[0]
        if row.strong:
            made = [f"**{cell}**" if cell else "" for cell in made]
        lines.append(f"| {' | '.join(made)} |")
    return "\n".join(lines)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(said(cell) for cell in cells)} |"
