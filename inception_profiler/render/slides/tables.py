"""Tables on slides: how wide their columns are, and that every cell fits."""

from __future__ import annotations

from inception_profiler.document.blocks import Table
from inception_profiler.document.cells import printed
from inception_profiler.document.deck import Slide
from inception_profiler.errors import OverfullError
from inception_profiler.render.slides.metrics import height, width
from inception_profiler.render.slides.page import Box, TableBox
from inception_profiler.render.slides.style import line
from inception_profiler.units import Unit

POINTS = 18.0
PAD = 0.12
"""Inches to both sides of the text of a cell."""
_ROW, _HEADER = 0.15, 0.18
"""Inches above and below the text of a cell, together."""


def table_box(slide: Slide, table: Table, under: Box) -> TableBox:
    """Lay out a table: columns as wide as their widest cell, and what is left of the width shared.

    Raises:
        OverfullError: its columns together are wider than the slide.
    """
    text = printed(table)
    indent = "\u2003"
    header = tuple(map(line, text.header))
    lines = tuple(
        (indent * row.level + line(cells[0]), *map(line, cells[1:]))
        for row, cells in zip(table.rows, text.lines, strict=True)
    )
    strong = tuple(row.strong for row in table.rows)
    natural = [
        max(
            width(header[n], POINTS, bold=True),
            *(width(cells[n], POINTS, bold=bold) for cells, bold in zip(lines, strong, strict=True)),
        )
        + 2 * PAD
        for n in range(len(table.columns))
    ]
    spare = under.width - sum(natural)
    if spare < -1e-6:
        widest = max(range(len(natural)), key=natural.__getitem__)
        raise OverfullError(
            f"slide {slide.key!r}: the table {table.title!r} is {sum(natural):.2f} inches wide, and "
            f"{under.width:.2f} are left: shorten {header[widest]!r}, or leave a column out"
        )
    widths = tuple(one + spare / len(natural) for one in natural)
    row_height, header_height = height(1, POINTS) + _ROW, height(1, POINTS) + _HEADER
    return TableBox(
        Box(under.left, under.top, under.width, header_height + row_height * len(lines)),
        header,
        lines,
        widths,
        header_height,
        row_height,
        tuple(column.unit is not Unit.TEXT for column in table.columns),
        strong,
        POINTS,
        line(f"{table.title} {table.caption}"),
    )
