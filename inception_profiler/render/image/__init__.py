"""The charts of a document as one picture, one under the other."""

from __future__ import annotations

from inception_profiler.document.blocks import Document
from inception_profiler.errors import InputError
from inception_profiler.render.formats import renderer


@renderer(".png")
def render_png(document: Document) -> bytes:
    """Draw the charts of a document as PNG."""
    return _drawn(document, "png")


@renderer(".svg")
def render_svg(document: Document) -> bytes:
    """Draw the charts of a document as SVG, whose text stays text."""
    return _drawn(document, "svg")


@renderer(".pdf")
def render_pdf(document: Document) -> bytes:
    """Draw the charts of a document as PDF of one page."""
    return _drawn(document, "pdf")


def _drawn(document: Document, suffix: str) -> bytes:
    """Draw the charts.

    Raises:
        InputError: the document has none.
    """
    from inception_profiler.render.image.figure import picture

    charts = tuple(document.charts())
    if not charts:
        raise InputError(f"{document.title!r} has no chart to draw: end the file in .md, .csv or .json")
    return picture(charts, suffix)
