"""Where everything of a slide stands; what does not fit is an error, and never smaller type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from inception_profiler.document.blocks import Block, Callout, Formula, Heading, Prose, Table
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.deck import Deck, Slide
from inception_profiler.errors import OverfullError
from inception_profiler.render.slides.metrics import height, lines, width
from inception_profiler.render.slides.names import check_names
from inception_profiler.render.slides.page import (
    HEIGHT,
    WIDTH,
    Box,
    ChartBox,
    FormulaBox,
    Page,
    Paragraph,
    Placed,
    TextBox,
)
from inception_profiler.render.slides.runs import formula_width
from inception_profiler.render.slides.style import line
from inception_profiler.render.slides.tables import table_box

MARGIN = 0.7
TITLE = Box(MARGIN, 0.42, WIDTH - 2 * MARGIN, 1.08)
BODY = Box(MARGIN, 1.72, WIDTH - 2 * MARGIN, HEIGHT - 1.72 - 0.55)
OPENING = Box(MARGIN, 2.2, WIDTH - 2 * MARGIN, 1.5)
TITLE_POINTS, OPENING_POINTS, BODY_POINTS, KEEP_POINTS, FORMULA_POINTS = 30.0, 44.0, 24.0, 22.0, 28.0
BULLET = 0.32
"""Inches that the lines of a listed text are set in."""
GAP = 0.24
"""Inches between two blocks."""
PARAGRAPH_GAP = 0.16
_KEEP_PAD = 0.14
_FORMULA_PAD = 0.16
_SIDE = 0.36
"""Share of the width that text takes beside a chart."""
_LEAST_CHART = 2.6
"""Inches that a chart is high at least."""


def pages(deck: Deck) -> tuple[Page, ...]:
    """Lay out all slides of a lecture.

    Raises:
        OverfullError: a slide does not hold what is to stand on it; it is named, with what is too much.
    """
    return tuple(page(slide, number) for number, slide in enumerate(deck.slides, start=1))


def page(slide: Slide, number: int) -> Page:
    """Lay out one slide: text from top to bottom, beside a chart where there is one and text enough.

    Raises:
        OverfullError: it does not hold what is to stand on it.
    """
    if slide.opening:
        title = _text(slide, (slide.title,), OPENING, OPENING_POINTS, "opening", bold=True)
        under = Box(OPENING.left, OPENING.bottom + GAP, OPENING.width, BODY.bottom - OPENING.bottom - GAP)
    else:
        title = _text(slide, (slide.title,), TITLE, TITLE_POINTS, "title", bold=True)
        under = BODY
    blocks = [block for block in slide.blocks if not isinstance(block, Illustration)]
    kept = [block for block in blocks if isinstance(block, Callout)]
    rest = [block for block in blocks if not isinstance(block, Callout)]
    placed = []
    if kept:
        bar = _keep(slide, [block.text for block in kept], under)
        placed.append(bar)
        under = Box(under.left, under.top, under.width, bar.box.top - GAP - under.top)
    text = [block for block in rest if not isinstance(block, Chart)]
    charts = [block for block in rest if isinstance(block, Chart)]
    if charts and len(text) > 1 and not any(isinstance(block, Table) for block in text):
        column = under.width * _SIDE
        left = Box(under.left, under.top, column, under.height)
        right = Box(under.left + column + GAP, under.top, under.width - column - GAP, under.height)
        return Page(
            slide, number, title, (*_stack(slide, text, left), *_stack(slide, charts, right), *placed)
        )
    return Page(slide, number, title, (*_stack(slide, rest, under), *placed))


def _stack(slide: Slide, blocks: Sequence[Block], under: Box) -> Iterator[Placed]:
    """Place blocks one under the other; charts share the height that the others leave."""
    groups = [
        list(group)
        for _, group in groupby(enumerate(blocks), lambda pair: isinstance(pair[1], Prose) or pair[0] + 1000)
    ]
    sized = [_sized(slide, [block for _, block in group], under) for group in groups]
    fixed = sum(one.box.height for one in sized if one is not None) + GAP * (len(sized) - 1)
    charts = sized.count(None)
    spare = under.height - fixed
    if spare < charts * _LEAST_CHART - 1e-6:
        raise OverfullError(
            f"slide {slide.key!r}: its blocks are {fixed:.2f} inches high"
            + (f" beside {charts} chart, which takes {_LEAST_CHART:.1f}" if charts else "")
            + f", and {under.height:.2f} are left: say less, or make two slides of it"
        )
    top = under.top
    for group, one in zip(groups, sized, strict=True):
        if one is None:
            chart = group[0][1]
            assert isinstance(chart, Chart)
            one = ChartBox(Box(under.left, top, under.width, spare / charts), chart)  # noqa: PLW2901
            check_names(slide, chart, one.box)
        else:
            one = _moved(one, top)  # noqa: PLW2901
        yield one
        top += one.box.height + GAP


def _sized(slide: Slide, blocks: Sequence[Block], under: Box) -> TextBox | FormulaBox | Placed | None:
    """Return a block, or paragraphs that belong together, as high as they need; None for a chart."""
    first = blocks[0]
    match first:
        case Prose():
            listed = [block.text for block in blocks if isinstance(block, Prose)]
            return _body(slide, listed, under)
        case Heading():
            return _body(slide, [first.text], under, bold=True)
        case Formula():
            formula = line(first.text)
            needs = formula_width(formula, FORMULA_POINTS) + 2 * _FORMULA_PAD
            if needs > under.width:
                raise OverfullError(
                    f"slide {slide.key!r}: the formula {formula!r} is {needs:.2f} inches wide, and "
                    f"{under.width:.2f} are left: break it into two"
                )
            box = Box(under.left, under.top, under.width, height(1, FORMULA_POINTS) + 2 * _FORMULA_PAD)
            return FormulaBox(box, formula, FORMULA_POINTS)
        case Table():
            return table_box(slide, first, under)
        case _:
            return None


def _body(slide: Slide, texts: Sequence[str], under: Box, *, bold: bool = False) -> TextBox:
    bullet = len(texts) > 1
    room = under.width - (BULLET if bullet else 0)
    paragraphs = tuple(_paragraph(slide, text, room, BODY_POINTS, bold, bullet) for text in texts)
    high = sum(height(len(one.lines), BODY_POINTS) for one in paragraphs)
    high += PARAGRAPH_GAP * (len(paragraphs) - 1)
    return TextBox(Box(under.left, under.top, under.width, high), "body", paragraphs, PARAGRAPH_GAP)


def _keep(slide: Slide, texts: Sequence[str], under: Box) -> TextBox:
    """Return the bar at the foot of a slide."""
    room = under.width - 4 * _KEEP_PAD
    paragraphs = tuple(_paragraph(slide, text, room, KEEP_POINTS, bold=True) for text in texts)
    high = sum(height(len(one.lines), KEEP_POINTS) for one in paragraphs) + 2 * _KEEP_PAD
    if high > under.height:
        raise OverfullError(f"slide {slide.key!r}: its last line alone is higher than the slide: say less")
    return TextBox(Box(under.left, under.bottom - high, under.width, high), "keep", paragraphs)


def _text(slide: Slide, texts: Sequence[str], box: Box, points: float, role: str, *, bold: bool) -> TextBox:
    """Return text in a box of its own.

    Raises:
        OverfullError: the box does not hold it.
    """
    paragraphs = tuple(_paragraph(slide, text, box.width, points, bold) for text in texts)
    most = int(box.height * 72 / points / 1.2 + 1e-6)
    found = sum(len(one.lines) for one in paragraphs)
    if found > most:
        raise OverfullError(
            f"slide {slide.key!r}: {texts[0]!r} needs {found} lines of {points:g} points, and its box holds "
            f"{most}: shorten it"
        )
    return TextBox(box, role, paragraphs)


def _paragraph(
    slide: Slide, text: str, room: float, points: float, bold: bool = False, bullet: bool = False
) -> Paragraph:
    text = line(text)
    found = lines(text, room, points, bold=bold)
    for one in found:
        if width(one, points, bold=bold) > room + 1e-6:
            raise OverfullError(
                f"slide {slide.key!r}: {one!r} is wider than the {room:.2f} inches of its box: shorten it"
            )
    return Paragraph(text, found, points, bold, bullet)


def _moved(one: Placed, top: float) -> Placed:
    from dataclasses import replace

    return replace(one, box=replace(one.box, top=top))
