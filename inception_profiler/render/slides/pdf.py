"""Lectures as PDF, in the very boxes of the PowerPoint file, with the notes attached to each page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from inception_profiler.document.colours import BLUE, INK, PAPER, QUIET
from inception_profiler.document.deck import Deck
from inception_profiler.render.slides.formats import deck_renderer
from inception_profiler.render.slides.layout import BULLET, pages
from inception_profiler.render.slides.metrics import LEADING, height, width
from inception_profiler.render.slides.page import (
    HEIGHT,
    WIDTH,
    Box,
    ChartBox,
    FormulaBox,
    Page,
    TableBox,
    TextBox,
)
from inception_profiler.render.slides.pictures import bare_picture, check_signs
from inception_profiler.render.slides.runs import formula_width, runs
from inception_profiler.render.slides.style import BAND, TINT, clean
from inception_profiler.render.slides.tables import PAD

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASELINE = 0.8
"""Where letters stand within a line, from its top, in sizes of its type."""
_RAISED, _LOWERED = 0.34, -0.18
_NAMELESS = {"CreationDate": None, "Creator": None, "Producer": None}


@deck_renderer(".pdf")
def render(deck: Deck) -> bytes:
    """Write a lecture as PDF, a page a slide; the same lecture gives the same bytes.

    Raises:
        OverfullError: a slide does not hold what is to stand on it.
        InputError: no installed font has the signs of the language.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    from inception_profiler.render.image.lettering import families

    check_signs(deck)
    placed = pages(deck)
    out = io.BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": list(families()), "text.parse_math": False, "pdf.fonttype": 42})
        with PdfPages(out, metadata=_NAMELESS | {"Title": deck.title}) as file:
            for page in placed:
                figure = Figure(figsize=(WIDTH, HEIGHT), facecolor=PAPER)
                _draw(figure, page)
                file.attach_note(clean(page.slide.notes.text), (0, 0, 18, 18))
                file.savefig(figure)
    return out.getvalue()


def _draw(figure: Figure, page: Page) -> None:
    box = page.title.box
    if page.slide.opening:
        _fill(figure, Box(box.left, box.bottom + 0.04, 1.6, 0.06), BLUE)
        lines = sum(len(one.lines) for one in page.title.paragraphs)
        high = height(lines, page.title.paragraphs[0].points)
        _text(figure, page.title, Box(box.left, box.bottom - high, box.width, high))
    else:
        _fill(figure, Box(0, box.top + 0.1, 0.14, box.height - 0.2), BLUE)
        text = sum(height(len(one.lines), one.points) for one in page.title.paragraphs)
        _text(figure, page.title, Box(box.left, box.top + (box.height - text) / 2, box.width, text))
        number = str(page.number)
        _write(
            figure, WIDTH - 0.4 - width(number, 12), HEIGHT - 0.46 + 12 * _BASELINE / 72, number, 12, QUIET
        )
    for placed in page.placed:
        match placed:
            case TextBox() if placed.role == "keep":
                inner = placed.box
                _fill(figure, inner, TINT)
                _fill(figure, Box(inner.left, inner.top, 0.07, inner.height), BLUE)
                text = sum(height(len(one.lines), one.points) for one in placed.paragraphs)
                _text(
                    figure,
                    placed,
                    Box(inner.left + 0.28, inner.top + (inner.height - text) / 2, inner.width - 0.56, text),
                )
            case TextBox():
                _text(figure, placed, placed.box)
            case FormulaBox():
                _formula(figure, placed)
            case TableBox():
                _table(figure, placed)
            case ChartBox():
                _picture(figure, placed)


def _text(figure: Figure, placed: TextBox, box: Box) -> None:
    top = box.top
    for number, one in enumerate(placed.paragraphs):
        top += placed.gap if number else 0
        left = box.left + (BULLET if one.bullet else 0)
        if one.bullet:
            _write(figure, box.left, top + one.points * _BASELINE * 1.1 / 72, "•", one.points, BLUE)
        for line in one.lines:
            _runs(figure, left, top + one.points * _BASELINE * 1.1 / 72, line, one.points, bold=one.bold)
            top += one.points * LEADING / 72


def _formula(figure: Figure, placed: FormulaBox) -> None:
    box, points = placed.box, placed.points
    _fill(figure, box, TINT)
    text = placed.text
    left = box.left + (box.width - formula_width(text, points)) / 2
    _runs(figure, left, box.top + box.height / 2 + points * 0.36 / 72, text, points)


def _runs(figure: Figure, left: float, base: float, text: str, points: float, *, bold: bool = False) -> None:
    for one in runs(text):
        raised = _RAISED if one.level > 0 else _LOWERED if one.level < 0 else 0.0
        _write(figure, left, base - raised * points / 72, one.text, one.size(points), INK, bold=bold)
        left += width(one.text, one.size(points), bold=bold)


def _table(figure: Figure, placed: TableBox) -> None:
    top = placed.box.top
    for number, cells in enumerate((placed.header, *placed.lines)):
        high = placed.row_height if number else placed.header_height
        shade = BLUE if number == 0 else BAND if number % 2 == 0 else PAPER
        _fill(figure, Box(placed.box.left, top, placed.box.width, high), shade)
        bold = number == 0 or placed.strong[number - 1]
        left = placed.box.left
        for cell, wide, numeric in zip(cells, placed.widths, placed.numeric, strict=True):
            at = left + PAD
            if numeric:
                at = left + wide - PAD - width(cell, placed.points, bold=bold)
            base = top + high / 2 + placed.points * 0.36 / 72
            _write(figure, at, base, cell, placed.points, INK if number else PAPER, bold=bold)
            left += wide
        top += high


def _picture(figure: Figure, placed: ChartBox) -> None:
    import matplotlib.image as reader

    box = placed.box
    data: Any = reader.imread(io.BytesIO(bare_picture(placed.chart, (box.width, box.height))), format="png")
    high = data.shape[0] / data.shape[1] * box.width
    narrow = min(1.0, box.height / high)
    wide = box.width * narrow
    axes = figure.add_axes(
        (
            (box.left + (box.width - wide) / 2) / WIDTH,
            1 - (box.top + high * narrow) / HEIGHT,
            wide / WIDTH,
            high * narrow / HEIGHT,
        )
    )
    axes.imshow(data, aspect="auto", interpolation="none")
    axes.set_axis_off()


def _fill(figure: Figure, box: Box, colour: str) -> None:
    from matplotlib.patches import Rectangle

    figure.add_artist(
        Rectangle(
            (box.left / WIDTH, 1 - box.bottom / HEIGHT),
            box.width / WIDTH,
            box.height / HEIGHT,
            facecolor=colour,
            edgecolor="none",
            transform=figure.transFigure,
        )
    )


def _write(
    figure: Figure, left: float, base: float, text: str, points: float, colour: str, *, bold: bool = False
) -> None:
    from inception_profiler.render.image.lettering import drawable, font

    left += width(" " * (len(text) - len(text.lstrip())), points, bold=bold)
    figure.text(
        left / WIDTH,
        1 - base / HEIGHT,
        drawable(text),
        color=colour,
        fontproperties=font(points, bold=bold),
        verticalalignment="baseline",
    )
