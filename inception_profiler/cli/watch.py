"""How far a sweep is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inception_profiler.document.measurements import point_words

if TYPE_CHECKING:
    from rich.progress import Progress

    from inception_profiler.bench.sweep.run import Watch
    from inception_profiler.records.sweep import Outcome, Point


class Shown:
    """A bar of the points that are known, with the one that is measured.

    It is drawn between points only: a display that refreshed itself would take part in what is measured.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def begun(self, known: int, remaining: int) -> None:
        """Draw the bar; what was known before is full already."""
        self._progress.update(self._task, total=known + remaining, completed=known, refresh=True)

    def started(self, point: Point) -> None:
        """Name the point."""
        self._progress.update(self._task, description=point_words(point), refresh=True)

    def ended(self, outcome: Outcome) -> None:
        """Move the bar, and leave a line above it that says what became of the point."""
        said = f"{outcome.kind}: {outcome.reason}" if outcome.reason else outcome.kind
        self._progress.console.print(
            f"{point_words(outcome.point)}: {said} ({outcome.seconds:.0f} s)", markup=False, highlight=False
        )
        self._progress.update(self._task, advance=1, refresh=True)


@contextmanager
def watching() -> Iterator[Watch | None]:
    """Yield what shows a sweep on stderr, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    ) as progress:
        yield Shown(progress)
