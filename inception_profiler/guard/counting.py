"""Counting what is asked for: from a name and a folder to a profile, or to the reason why there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inception_profiler.errors import InputError
from inception_profiler.guard.configuration import Budget
from inception_profiler.guard.limits import SAVED
from inception_profiler.guard.locking import TOTALS, locked
from inception_profiler.records.frozen import record
from inception_profiler.records.layer import Group
from inception_profiler.records.lock import Asked, LockedModel, inside
from inception_profiler.records.metrics import METRICS

if TYPE_CHECKING:
    from inception_profiler.analysis.subject import Subject
    from inception_profiler.records.memory import Memory
    from inception_profiler.records.profile import Profile

ROWS = ("params", "macs", "flops", "activation_bytes")
"""What the rows of a lock have, so that a module's own baseline is known."""


@record
class Counted:
    """What was counted of one model: its profile, what is locked of it, its memory in training if needed."""

    profile: Profile
    locked: LockedModel
    memory: Memory | None

    def value(self, metric: str, module: str = "") -> int | float | None:
        """Return a quantity of the model or of one of its modules, None where there is no such module."""
        if metric == SAVED:
            return self._saved(module)
        if not module:
            value: int | float | None = METRICS.get(metric).of(self.profile)
            return value
        if metric in ROWS:
            return module_total(self.locked, metric, self.path(module))
        layers = [layer for layer in self.profile.layers if inside(layer.path, self.path(module))]
        return METRICS.get(metric).of(Group.of(module, layers)) if layers else None

    def path(self, module: str) -> str:
        """Return the attribute path of a module that is named by its path, or as its paper does."""
        for entry in self.profile.modules:
            if module in {entry.path, *entry.aliases}:
                return entry.path
        named = (
            entry.path for entry in self.profile.modules if self.profile.naming.name(entry.path) == module
        )
        return next(named, module)

    def _saved(self, module: str) -> int | None:
        if self.memory is None:
            return None
        if not module:
            return self.memory.saved_bytes
        path = self.path(module)
        layers = [layer for layer in self.memory.layers if inside(layer.path, path)]
        return sum(layer.saved_bytes for layer in layers) if layers else None


def counted_for(asked: Asked, root: Path, metrics: Iterable[str] = ()) -> Counted:
    """Count one model.

    Args:
        asked: which model, and how.
        root: folder that its file or package is looked for in.
        metrics: keys of further quantities whose totals are locked.

    Raises:
        ProfilerError: it cannot be built or counted; one clear line.
    """
    from inception_profiler.analysis.profile import counted

    keys = [key for key in dict.fromkeys(metrics) if key not in TOTALS]
    with looked_for_in(root):
        about = subject_for(asked, root, train=asked.train)
        profile = counted(about)
        memory = _memory(asked, root) if SAVED in keys else None
    kept = locked(profile, asked, (key for key in keys if key != SAVED))
    if memory is not None:
        kept = replace(kept, totals=(*kept.totals, (SAVED, memory.saved_bytes)))
    return Counted(profile, kept, memory)


def module_total(model: LockedModel, metric: str, path: str) -> int | None:
    """Add up one column of the rows of a module; None where there is no row."""
    rows = model.within(path)
    return sum(getattr(row, metric) for row in rows) if rows else None


def spread(budgets: Sequence[Budget]) -> tuple[Budget, ...]:
    """Put registered names in the place of a spelling with ``*``; a model that is named itself has its own.

    Raises:
        InputError: no registered name fits.
    """
    own = {budget.asked.name for budget in budgets}
    every: dict[str, Budget] = {}
    for budget in budgets:
        pattern = budget.asked.model
        if "*" not in pattern:
            every[budget.asked.name] = budget
            continue
        from inception_profiler.zoo.card import models

        names = [name for name in models() if fnmatchcase(name, pattern)]
        if not names:
            raise InputError(f"no registered model fits {pattern!r}: inception-profiler models lists them")
        for name in names:
            if name not in own:
                every[name] = replace(budget, asked=replace(budget.asked, name=name, model=name))
    return tuple(every.values())


@contextmanager
def looked_for_in(root: Path) -> Iterator[None]:
    """Let packages be imported from ``root``, and from ``src`` in it, before any other place."""
    places = [str(place) for place in (root.resolve(), root.resolve() / "src") if place.is_dir()]
    before = list(sys.path)
    sys.path[:0] = [*places, ""]  # the current folder behind them, which `resolve` puts first otherwise
    try:
        yield
    finally:
        sys.path[:] = before


def subject_for(asked: Asked, root: Path, *, train: bool) -> Subject:
    """Build the model that is asked for; `looked_for_in` must hold.

    Raises:
        ProfilerError: it cannot be built; one clear line.
    """
    from inception_profiler.analysis.inputs import parse_inputs
    from inception_profiler.analysis.subject import subject

    given: Any = parse_inputs(asked.inputs) if asked.inputs else None
    return subject(
        spelled(asked.model, root), inputs=given, batch=asked.batch, train=train, dtype=asked.dtype
    )


def spelled(model: str, root: Path) -> str:
    """Return a spelling with the path of its file, if it names one, as seen from here."""
    source, separator, name = model.rpartition(":")
    return f"{root / source}{separator}{name}" if separator and source.endswith(".py") else model


def _memory(asked: Asked, root: Path) -> Memory:
    from inception_profiler.analysis.memory.lens import remembered

    return remembered(subject_for(asked, root, train=True), optimizer="sgd", foreach=False)
