"""Lectures as PowerPoint files: everything on a slide stays text, table or chart that can be edited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from inception_profiler.document.colours import BLUE, INK, PAPER, QUIET
from inception_profiler.document.deck import Deck
from inception_profiler.render.slides.formats import deck_renderer
from inception_profiler.render.slides.layout import BULLET, pages
from inception_profiler.render.slides.metrics import LEADING
from inception_profiler.render.slides.page import (
    HEIGHT,
    WIDTH,
    Box,
    ChartBox,
    FormulaBox,
    Page,
    Paragraph,
    TableBox,
    TextBox,
)
from inception_profiler.render.slides.runs import runs
from inception_profiler.render.slides.style import BAND, TINT, clean
from inception_profiler.render.slides.tables import PAD

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide as NativeSlide

LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
"""The fonts of the theme: narrower than the one that text is measured with, and at hand in offices."""
_TITLE_ONLY = 5
_EMU = 914_400
_RAISED, _LOWERED = "30000", "-25000"


@deck_renderer(".pptx")
def render(deck: Deck) -> bytes:
    """Write a lecture as a PowerPoint file; the same lecture gives the same bytes.

    Raises:
        OverfullError: a slide does not hold what is to stand on it.
        InputError: python-pptx is not installed.
    """
    from inception_profiler.render.slides.pack import fixed

    placed = pages(deck)
    shown = _presentation(deck)
    for page in placed:
        _slide(shown, page, deck.language)
    out = io.BytesIO()
    shown.save(out)
    return fixed(out.getvalue())


def _presentation(deck: Deck) -> Presentation:
    from inception_profiler.errors import InputError

    try:
        import pptx
    except ImportError as error:
        raise InputError(
            "slides need python-pptx: pip install 'inception-profiler[slides]', or write .md or .pdf"
        ) from error
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = _emu(WIDTH), _emu(HEIGHT)
    properties = shown.core_properties
    properties.title, properties.author, properties.language = deck.title, "inception-profiler", deck.language
    properties.last_modified_by, properties.comments = "", ""
    _set_theme(shown)
    return shown


def _set_theme(shown: Presentation) -> None:
    """Make the theme's fonts those of the lecture, so that charts and new text have them too."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part: Any = shown.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    main = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for kind, face in (("latin", LATIN), ("ea", EAST_ASIAN)):
        for found in theme.iterfind(f".//a:fontScheme/*/a:{kind}", main):
            found.set("typeface", face)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _slide(shown: Presentation, page: Page, language: str) -> None:
    slide = shown.slides.add_slide(shown.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    assert title is not None
    _stand(title, page.title.box)
    _write(
        title.text_frame, page.title.paragraphs, language, anchor="bottom" if page.slide.opening else "middle"
    )
    _accent(slide, page)
    for placed in page.placed:
        match placed:
            case TextBox():
                _text(slide, placed, language)
            case FormulaBox():
                _formula(slide, placed, language)
            case TableBox():
                _table(slide, placed, language)
            case ChartBox():
                from inception_profiler.render.slides.native import add_chart

                add_chart(slide, placed)
    if not page.slide.opening:
        _number(slide, page.number, language)
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None
    frame.text = clean(page.slide.notes.text)


def _accent(slide: NativeSlide, page: Page) -> None:
    """Draw the short line beside or under the title."""
    box = page.title.box
    if page.slide.opening:
        _filled(slide, Box(box.left, box.bottom + 0.04, 1.6, 0.06), BLUE)
    else:
        _filled(slide, Box(0, box.top + 0.1, 0.14, box.height - 0.2), BLUE)


def _number(slide: NativeSlide, number: int, language: str) -> None:
    shape = slide.shapes.add_textbox(*_place(Box(WIDTH - 1.3, HEIGHT - 0.46, 0.9, 0.3)))
    shape.name = "number"
    _write(shape.text_frame, [Paragraph(str(number), (str(number),), 12)], language, QUIET, "right")


def _text(slide: NativeSlide, placed: TextBox, language: str) -> None:
    box = placed.box
    if placed.role == "keep":
        shape: Any = _filled(slide, box, TINT)
        _filled(slide, Box(box.left, box.top, 0.07, box.height), BLUE)
        shape.name = "keep"
        _write(shape.text_frame, placed.paragraphs, language, anchor="middle", inset=0.28)
        return
    shape = slide.shapes.add_textbox(*_place(box))
    shape.name = placed.role
    _write(shape.text_frame, placed.paragraphs, language, gap=placed.gap)


def _formula(slide: NativeSlide, placed: FormulaBox, language: str) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    shape = _filled(slide, placed.box, TINT)
    shape.name = "formula"
    frame = shape.text_frame
    _frame(frame, 0.1)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    _runs(paragraph, placed.text, placed.points, INK, language)
    paragraph.line_spacing = Pt(placed.points * LEADING)


def _table(slide: NativeSlide, placed: TableBox, language: str) -> None:
    rows, columns = len(placed.lines) + 1, len(placed.header)
    frame = slide.shapes.add_table(rows, columns, *_place(placed.box))
    frame.name = "table"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", placed.described)
    table = frame.table
    table.horz_banding = False
    for column, wide in zip(table.columns, placed.widths, strict=True):
        column.width = _emu(wide)
    for number, (row, cells) in enumerate(zip(table.rows, (placed.header, *placed.lines), strict=True)):
        row.height = _emu(placed.row_height if number else placed.header_height)
        bold = number == 0 or placed.strong[number - 1]
        for position, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            colour = INK if number else PAPER
            _cell(cell, text, placed, language, colour, right=placed.numeric[position], bold=bold)
            cell.fill.solid()
            shade = BLUE if number == 0 else BAND if number % 2 == 0 else PAPER
            cell.fill.fore_color.rgb = _rgb(shade)


def _cell(
    cell: Any, text: str, placed: TableBox, language: str, colour: str, *, right: bool, bold: bool
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    cell.margin_left = cell.margin_right = _emu(PAD)
    cell.margin_top = cell.margin_bottom = _emu(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    _type(run, placed.points, colour, language, bold=bold)


def _write(
    frame: Any,
    paragraphs: Sequence[Paragraph],
    language: str,
    colour: str = INK,
    align: str = "left",
    *,
    anchor: str = "",
    inset: float = 0.0,
    gap: float = 0.0,
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    _frame(frame, inset)
    frame.vertical_anchor = {"middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}.get(
        anchor, MSO_ANCHOR.TOP
    )
    for number, one in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
        paragraph.line_spacing = Pt(one.points * LEADING)
        paragraph.space_before = Pt(gap * 72) if number else Pt(0)
        if one.bullet:
            _bullet(paragraph)
        _runs(paragraph, one.text, one.points, colour, language, bold=one.bold)


def _runs(
    paragraph: Any, text: str, points: float, colour: str, language: str, *, bold: bool = False
) -> None:
    for one in runs(text):
        run = paragraph.add_run()
        run.text = one.text
        _type(run, points, colour, language, bold=bold)
        if one.level:
            run.font._element.set("baseline", _RAISED if one.level > 0 else _LOWERED)


def _bullet(paragraph: Any) -> None:
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(_emu(BULLET)))
    properties.set("indent", str(-_emu(BULLET)))
    colour = properties.makeelement(qn("a:buClr"), {})
    colour.append(colour.makeelement(qn("a:srgbClr"), {"val": BLUE[1:]}))
    properties.append(colour)
    properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))


def _frame(frame: Any, inset: float) -> None:
    from pptx.enum.text import MSO_AUTO_SIZE

    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = _emu(inset)
    frame.margin_top = frame.margin_bottom = 0


def _type(run: Any, points: float, colour: str, language: str, *, bold: bool = False) -> None:
    """Set the type of a run; its language lets an office choose the right signs of Chinese."""
    from pptx.util import Pt

    run.font.size = Pt(points)
    run.font.bold = bold
    run.font.color.rgb = _rgb(colour)
    run.font._element.set("lang", language)
    run.font._element.set("altLang", "en-GB")


def _filled(slide: NativeSlide, box: Box, colour: str) -> Any:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml.ns import qn

    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    style = shape._element.find(qn("p:style"))
    if style is not None:  # the theme's shadow and frame
        shape._element.remove(style)
    return shape


def _stand(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _place(box)


def _place(box: Box) -> tuple[int, int, int, int]:
    return _emu(box.left), _emu(box.top), _emu(box.width), _emu(box.height)


def _emu(inches: float) -> Any:
    return round(inches * _EMU)


@cache
def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:])
