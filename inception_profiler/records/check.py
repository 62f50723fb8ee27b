"""A recount held against its lock and its limits: what fails, and why."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.difference import ModelDifference
from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.lock import LockedModel

WITHIN = "within"
OVER = "over"
UNCLEAR = "unclear"
NO_BASELINE = "no baseline"
NO_MODULE = "no such module"
NO_NUMBER = "no such number"
NOT_MEASURED = "not measured"

FAILED = "failed"
NEW = "new"
GONE = "gone"
CHANGED = "changed"
TOLD = "changed within its limits"
SAME = "same"


@record
class Judgement:
    """One limit and the number that it was held against.

    Attributes:
        metric: key of the quantity, ``macs``.
        module: path of the module that it limits, empty for the whole model.
        limit: the limit as it was written, ``<= baseline + 1%``.
        bound: the number that it comes to; None where there is no baseline.
        value: what was counted or measured; None where it could not be.
        verdict: ``within`` or ``over``; ``unclear`` where the bound lies in a measured interval; or why
            there is nothing to judge: ``no baseline``, ``no such module``, ``no such number``,
            ``not measured``.
        low: lower end of the interval of what was measured; None for a count, which is exact.
        high: its upper end.
        note: what else a reader must know.
    """

    metric: str
    module: str
    limit: str
    bound: int | float | None
    value: int | float | None
    verdict: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def fails(self) -> bool:
        """Whether the limit is broken, or there is nothing to judge; one that is unclear fails nothing."""
        return self.verdict not in {WITHIN, UNCLEAR}

    @property
    def title(self) -> str:
        """What is limited: ``macs``, or ``macs of features.0``."""
        return f"{self.metric} of {self.module}" if self.module else self.metric


@record
class ModelCheck:
    """One model of a check.

    Attributes:
        name: what it is called in the configuration and in the lock.
        model: its spelling.
        failed: empty, or why it could not be counted.
        counted: what was counted; None where it failed or is only in the lock.
        difference: the recount against the lock; None where there is nothing to compare.
        judgements: its limits.
        exact: whether a change alone fails; otherwise its limits decide.
        unknown: operations of unknown cost that the lock does not list.
        file: where the model is defined, relative to the configuration; empty where that is not known.
        line: the line there, from 1; 0 where that is not known.
    """

    name: str
    model: str
    failed: str
    counted: LockedModel | None
    difference: ModelDifference | None
    judgements: tuple[Judgement, ...]
    exact: bool
    unknown: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def over(self) -> tuple[Judgement, ...]:
        """The limits that are broken."""
        return tuple(entry for entry in self.judgements if entry.fails)

    @property
    def verdict(self) -> str:
        """What became of it, the limits apart.

        ``failed``, ``new`` (not locked), ``gone`` (locked, but asked for no longer), ``changed``,
        ``changed within its limits`` or ``same``.
        """
        if self.failed:
            return FAILED
        if self.counted is None:
            return GONE
        if self.difference is None:
            return NEW
        if self.difference.same:
            return SAME
        return CHANGED if self.exact else TOLD


@record
class Check(Shown):
    """All models of a configuration, recounted and judged.

    Attributes:
        lock: the lock file, as it was named.
        updated: whether the lock was written anew, so that what changed is agreed to.
        models: one entry a model, in the order of the configuration.
        notes: what a reader must know: other versions, what was written.
        unlocked: whether there is no lock file, so that limits alone are judged.
    """

    _told = ("passed",)

    lock: str
    updated: bool
    models: tuple[ModelCheck, ...]
    notes: tuple[str, ...] = ()
    unlocked: bool = False

    def fails(self, model: ModelCheck) -> bool:
        """Tell whether a model fails the check: it could not be counted, changed, or is over a limit."""
        if model.failed or model.over:
            return True
        if self.updated or (self.unlocked and model.verdict == NEW):
            return False
        return model.verdict in {GONE, CHANGED, NEW}

    @property
    def failing(self) -> tuple[ModelCheck, ...]:
        """The models that fail."""
        return tuple(model for model in self.models if self.fails(model))

    @property
    def unknown(self) -> tuple[ModelCheck, ...]:
        """The models with operations of unknown cost that the lock does not list."""
        return tuple(model for model in self.models if model.unknown)

    @property
    def passed(self) -> bool:
        """Whether nothing fails and the cost of every operation is known or agreed to be unknown."""
        return not self.failing and not self.unknown

    def save(self, path: str | PathLike[str]) -> None:
        """Write the check as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
