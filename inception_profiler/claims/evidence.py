"""What a lecture rests on: profiles, arguments, findings, memory and measurements, worked out on demand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inception_profiler.claims.measurements import MEASUREMENTS

if TYPE_CHECKING:
    from inception_profiler.records.archive import Result
    from inception_profiler.records.argument import Argument
    from inception_profiler.records.claim import Finding
    from inception_profiler.records.comparison import Comparison
    from inception_profiler.records.memory import Memory
    from inception_profiler.records.profile import Profile
    from inception_profiler.records.roofline import Roofline
    from inception_profiler.records.sweep import Measurements
    from inception_profiler.zoo.card import ModelCard


class Evidence:
    """Works every result out once, when it is first asked for.

    Args:
        folder: where measurements are kept, as `MEASUREMENTS`.
    """

    def __init__(self, folder: Path = MEASUREMENTS) -> None:
        self._folder = folder

    def profile(self, model: str) -> Profile:
        """Return the profile of a registered model at its own input."""
        from inception_profiler.claims.derive import counted

        return counted(model)

    def compare(self, subject: str, *references: str) -> Comparison:
        """Return registered models side by side."""
        from inception_profiler.records.comparison import Comparison, align

        profiles = tuple(map(self.profile, (subject, *references)))
        return Comparison(profiles[0], profiles[1:], align(profiles))

    def argue(self, name: str, *args: Any, **given: Any) -> Argument:
        """Return a cost argument."""
        return _argued(name, args, tuple(given.items()))

    def finding(self, name: str) -> Finding:
        """Return what was found of a claim."""
        return _found(name)

    def memory(self, model: str, *, batch: int = 1, optimizer: str = "") -> Memory:
        """Return the memory of an inference, or of a step of training where an optimizer is named."""
        return _remembered(model, batch, optimizer)

    def card(self, model: str) -> ModelCard:
        """Return what a registered model states about itself."""
        from inception_profiler.zoo.card import load

        return load().get(model).card

    def cards(self) -> tuple[ModelCard, ...]:
        """Return the cards of all registered models."""
        from inception_profiler.zoo.card import load

        return tuple(card for card, _ in load().values())

    def measurements(self) -> tuple[Measurements, ...]:
        """Return what was measured, device by device; nothing where there is nothing."""
        from inception_profiler.records.sweep import Measurements

        return tuple(result for result in self._kept() if isinstance(result, Measurements))

    def rooflines(self) -> tuple[Roofline, ...]:
        """Return the rooflines that were measured."""
        from inception_profiler.records.roofline import Roofline

        return tuple(result for result in self._kept() if isinstance(result, Roofline))

    def _kept(self) -> tuple[Result, ...]:
        paths = sorted(self._folder.rglob("*.json")) if self._folder.is_dir() else []
        return tuple(_loaded(path, path.stat().st_mtime_ns) for path in paths)


@cache
def _loaded(path: Path, changed: int) -> Result:  # noqa: ARG001 - tells files apart
    from inception_profiler.records.archive import load

    return load(path)


@cache
def _argued(name: str, args: tuple[Any, ...], given: tuple[tuple[str, Any], ...]) -> Argument:
    from inception_profiler.claims.calculator import argue

    return argue(name, *args, **dict(given))


@cache
def _found(name: str) -> Finding:
    from inception_profiler.claims.ledger import verify

    return verify(name)


@cache
def _remembered(model: str, batch: int, optimizer: str) -> Memory:
    from inception_profiler.analysis.memory.lens import memory

    return memory(model, batch=batch, train=bool(optimizer), optimizer=optimizer)
