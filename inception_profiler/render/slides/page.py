"""Slides laid out: boxes in inches from the upper left corner, with everything in them broken into lines."""

from __future__ import annotations

from inception_profiler.document.chart import Chart
from inception_profiler.document.deck import Slide
from inception_profiler.records.frozen import record

WIDTH, HEIGHT = 13.333, 7.5
"""A slide of 16:9, in inches."""


@record
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


@record
class Paragraph:
    """A text with its lines; ``points`` is the size of its type."""

    text: str
    lines: tuple[str, ...]
    points: float
    bold: bool = False
    bullet: bool = False


@record
class TextBox:
    """Paragraphs in a box; ``role`` is ``title``, ``body``, ``keep`` (what is taken home) or ``opening``."""

    box: Box
    role: str
    paragraphs: tuple[Paragraph, ...]
    gap: float = 0.0


@record
class FormulaBox:
    """A line of mathematics in a box."""

    box: Box
    text: str
    points: float


@record
class TableBox:
    """A table as text, with the widths of its columns and the height of each line of cells."""

    box: Box
    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    header_height: float
    row_height: float
    numeric: tuple[bool, ...]
    strong: tuple[bool, ...]
    points: float
    described: str


@record
class ChartBox:
    """A chart, and the rectangle that it fills."""

    box: Box
    chart: Chart


Placed = TextBox | FormulaBox | TableBox | ChartBox


@record
class Page:
    """A slide with its number, its title and its boxes."""

    slide: Slide
    number: int
    title: TextBox
    placed: tuple[Placed, ...]
