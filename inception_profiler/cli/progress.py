"""How far something long is, live on the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inception_profiler.bench.latency import Step

_PATIENCE = 1.0
"""Seconds before anything is shown: what is done sooner needs no display."""

_PAUSE = 0.25
"""Seconds between two looks, so that drawing costs next to nothing beside the calls."""


@contextmanager
def live() -> Iterator[Callable[[Step], None]]:
    """Yield what draws a `Step` on stderr; it is wiped off when the measurement is over.

    Drawn only between calls, in the thread that measures: a display that refreshed itself would run beside
    the calls and be measured with them.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    began = drawn = time.monotonic()
    task = progress.add_task("", total=None, state="", start=True)
    started = False

    def update(step: Step) -> None:
        nonlocal drawn, started
        now = time.monotonic()
        if now - began < _PATIENCE or now - drawn < _PAUSE:
            return
        if not started:
            progress.start()
            started = True
        drawn = now
        progress.update(
            task,
            description=step.title,
            total=step.contests,
            completed=step.contest - 1,
            state=step.state,
            refresh=True,
        )

    try:
        yield update
    finally:
        if started:
            progress.stop()


@contextmanager
def counting(total: int) -> Iterator[Callable[[str], None]]:
    """Yield what is called with the name of each of ``total`` things as it begins, and count them on stderr.

    Nothing is drawn where stderr is no terminal; the bar is wiped off at the end.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    progress = Progress(
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        task = progress.add_task("", total=total)
        begun = 0

        def begin(name: str) -> None:
            nonlocal begun
            progress.update(task, description=name, completed=begun)
            begun += 1

        yield begin
