"""Documents as LaTeX: a file that compiles as it is, and of which a paper can take all or one table."""

from __future__ import annotations

from inception_profiler.document.blocks import Document
from inception_profiler.render.formats import renderer


@renderer(".tex")
def render(document: Document) -> bytes:
    r"""Render a document for any LaTeX: tables in booktabs style, numbers aligned, formulas as mathematics.

    The file compiles as it is, and within a document ``\input`` skips its preamble. Every table stands
    between tags, so that ``catchfilebetweentags`` takes it alone: ``\ExecuteMetaData[x.tex]{totals}``. A
    chart is the table of its numbers; illustrations, which repeat tables, are left out: ``--out x.pdf``
    draws them for ``\includegraphics``.
    """
    from inception_profiler.render.latex.file import file

    return file(document).encode()
