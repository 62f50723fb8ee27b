"""The blocks that a document is made of. Cells hold raw numbers; a renderer scales them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.tree import Anatomy
from inception_profiler.records.frozen import record
from inception_profiler.units import MOST_DECIMALS, Scale, Unit, scale_for

if TYPE_CHECKING:
    from inception_profiler.records.archive import Result

Cell = str | int | float | None


@record
class Heading:
    """A title within the document; ``level`` 1 is the largest."""

    text: str
    level: int


@record
class Prose:
    """A paragraph."""

    text: str


@record
class Callout:
    """A line that must not be overlooked; ``kind`` is ``note`` or ``warning``."""

    kind: str
    text: str


@record
class Formula:
    """A line of mathematics in plain signs: ``K²·C_in·C_out / (C_in·R + R·C_out)``; ``_`` sets an index."""

    text: str


@record
class Column:
    """A column of a table: ``key`` names it for machines, ``title`` for people.

    Columns of one ``quantity`` are printed in one magnitude, so that they can be compared at a glance.
    """

    key: str
    title: str
    unit: Unit
    quantity: str = ""


@record
class Row:
    """A row of a table.

    ``level`` is the depth in a tree of rows; ``strong`` marks a row that sums up others. ``unit`` is set
    where a whole row measures one thing, as in a table of totals; the columns of unit ``TEXT`` and
    ``RATIO`` keep theirs. ``link`` is where its name leads, from the page on which the table
    stands; Markdown heeds it.
    """

    cells: tuple[Cell, ...]
    level: int = 0
    strong: bool = False
    unit: Unit | None = None
    link: str = ""


@record
class Table:
    """A table: the first column names its rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""

    @property
    def by_row(self) -> bool:
        """Whether each row measures one thing, instead of each column."""
        return any(row.unit is not None for row in self.rows)

    def unit(self, row: Row, column: Column) -> Unit:
        """Return what a cell measures."""
        own = column.unit in {Unit.TEXT, Unit.RATIO, Unit.SHARE}
        return column.unit if row.unit is None or own else row.unit

    def scales(self) -> dict[int, Scale]:
        """Return the one magnitude of each column that has one, by its position."""
        if self.by_row:
            return {}
        together: dict[str, list[Cell]] = {}
        for position, column in enumerate(self.columns):
            together.setdefault(column.quantity or column.key, []).extend(
                row.cells[position] for row in self.rows
            )
        return {
            position: scale_for(_numbers(together[column.quantity or column.key]), column.unit)
            for position, column in enumerate(self.columns)
            if column.unit is not Unit.TEXT
        }

    def row_scale(self, row: Row) -> Scale:
        """Return the one magnitude of a row that measures one thing, with all decimals ever printed."""
        unit = row.unit or Unit.TEXT
        cells = (
            cell
            for cell, column in zip(row.cells, self.columns, strict=True)
            if self.unit(row, column) is unit
        )
        scale = scale_for(_numbers(cells), unit)
        return replace(scale, decimals=MOST_DECIMALS) if scale.factor > 1 else scale


@record
class Fold:
    """What stands behind something, for formats in which it can be unfolded; the others leave it out.

    It is worked out only when a format asks.

    Attributes:
        key: what it stands behind: first cells of tables that say the same lead to it.
        title: what can be read while it is folded.
        unfold: returns what is in it; called with ``of``.
        of: the results that it shows.
    """

    key: str
    title: str
    unfold: Callable[..., Iterable[Block]]
    of: tuple[Any, ...]

    def blocks(self) -> tuple[Block, ...]:
        """Return what is in it."""
        return tuple(self.unfold(*self.of))


Block = Heading | Prose | Callout | Formula | Table | Chart | Illustration | Anatomy | Fold


@record
class Document:
    """A titled list of blocks, and the result that they show, if they show one whole result."""

    title: str
    blocks: tuple[Block, ...]
    result: Result | None = None

    def tables(self) -> Iterator[Table]:
        """Yield the tables in order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def charts(self) -> Iterator[Chart]:
        """Yield the charts in order, those of illustrations worked out."""
        for block in self.blocks:
            if isinstance(block, Chart):
                yield block
            elif isinstance(block, Illustration):
                yield from block.charts()

    def formulas(self) -> Iterator[Formula]:
        """Yield the formulas in order."""
        return (block for block in self.blocks if isinstance(block, Formula))


def _numbers(cells: Iterable[Cell]) -> Iterator[float]:
    return (cell for cell in cells if isinstance(cell, int | float))
