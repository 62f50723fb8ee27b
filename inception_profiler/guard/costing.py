"""One network in a test: what it costs, held against limits and against what was agreed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import replace
from functools import wraps
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from inception_profiler.document.check import broken
from inception_profiler.document.told import changes, unknown
from inception_profiler.errors import InputError, LockError, ProfilerError
from inception_profiler.guard.counting import ROWS, Counted
from inception_profiler.guard.differences import difference
from inception_profiler.guard.judging import judged
from inception_profiler.guard.limits import LATENCY, SAVED, Limit, parse_limit
from inception_profiler.guard.lockfile import AGAIN, empty, held, read_lock, renewed, write_lock
from inception_profiler.guard.locking import locked
from inception_profiler.records.archive import RULES
from inception_profiler.records.check import Judgement
from inception_profiler.records.frozen import record
from inception_profiler.records.lock import Asked, LockedModel, inside

if TYPE_CHECKING:
    from torch import nn

    from inception_profiler.analysis.subject import Subject
    from inception_profiler.records.profile import Profile

UPDATE = "pytest --update-costs"
"""What writes the lock file of the tests."""

_LARGEST = 3
"""How many layers are named where a limit is broken."""


P = ParamSpec("P")
T = TypeVar("T")


def _plainly(method: Callable[P, T]) -> Callable[P, T]:
    """Let what fails point at the line of the test, and not into this package."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        __tracebackhide__ = True
        try:
            return method(*args, **kwargs)
        except (AssertionError, ProfilerError) as error:
            raise error.with_traceback(None) from None

    return call


@record
class Keeper:
    """Where the tests of a session keep what was agreed to.

    Attributes:
        lock: the lock file.
        update: whether what is counted is agreed to.
        taken: the names that tests of this process have used, and what each of them counted.
    """

    lock: Path
    update: bool
    taken: MutableMapping[str, LockedModel]


class CostOf:
    """What counts networks for one test."""

    def __init__(self, keeper: Keeper, test: str) -> None:
        self._keeper = keeper
        self._test = test

    def __call__(
        self,
        model: str | nn.Module,
        input_shape: Sequence[int] | None = None,
        *,
        inputs: Any = None,
        batch: int | None = None,
        train: bool | None = False,
        dtype: str = "",
        unknown: Iterable[str] = (),
    ) -> ModelCost:
        """Count a network.

        Args:
            model: any ``torch.nn.Module``, or the spelling of one, as `profile` takes it.
            input_shape: as `profile` takes it, and so are ``inputs``, ``batch``, ``train`` and ``dtype``.
            inputs: several, named or typed inputs in place of ``input_shape``.
            batch: examples in a batch.
            train: whether training is counted.
            dtype: type of the weights, for names only.
            unknown: operations whose cost may be unknown.

        Raises:
            ProfilerError: it cannot be counted.
        """
        __tracebackhide__ = True
        from inception_profiler.analysis.subject import subject

        try:
            about = subject(model, input_shape, inputs=inputs, batch=batch, train=train, dtype=dtype)
            return ModelCost(about, self._keeper, self._test, unknown)
        except ProfilerError as error:  # what the network itself raises keeps its traceback
            raise error.with_traceback(None) from None


class ModelCost:
    """What one network costs; its methods raise `AssertionError` and return the cost itself, to be chained.

    Attributes:
        profile: everything that was counted.
    """

    def __init__(self, about: Subject, keeper: Keeper, test: str, agreed: Iterable[str] = ()) -> None:
        from inception_profiler.analysis.profile import counted

        self.profile: Profile = counted(about)
        self._about = about
        self._keeper = keeper
        self._test = test
        self._agreed = frozenset(agreed)
        self._counted = Counted(self.profile, locked(self.profile), None)

    @_plainly
    def at_most(self, module: str = "", **limits: int | float | str) -> ModelCost:
        """Hold the network, or one of its modules, to limits.

        Args:
            module: attribute path of a module; the whole network if left out.
            limits: the most that each quantity may be: ``params=7_000_000``, ``macs="1.6G"``,
                ``saved_bytes="16MiB"``; see `METRICS`.

        Raises:
            AssertionError: it is more; the message names the largest layers. Or there is no such module, or
                the cost of an operation is unknown, so that all numbers are lower bounds.
            ProfilerError: a limit that cannot be read.
        """
        if not limits:
            raise InputError("at_most without a limit holds nothing: at_most(params=7_000_000)")
        parsed = [_upper(metric, written, module) for metric, written in limits.items()]
        if any(limit.relative for limit in parsed):
            raise InputError('what is relative to the baseline belongs to matches: matches("NAME", macs="…")')
        self._judge(parsed, None)
        self._refuse_unknown(self._agreed)
        return self

    @_plainly
    def matches(self, name: str, **limits: int | float | str) -> ModelCost:
        """Hold the network to what was agreed to under ``name``: every layer, to the unit.

        With ``--update-costs`` it is agreed to, and written to the lock file.

        Args:
            name: of the entry in the lock file.
            limits: what may change: ``macs="baseline + 1%"``. A change within all limits passes.

        Raises:
            AssertionError: it is another; the message names the layers that grew, shrank, appeared, went.
            ProfilerError: the lock file cannot be used, or a limit cannot be read.
        """
        if not isinstance(name, str) or not name:
            raise InputError(f'a name is a text, not {name!r}: matches("NAME")')
        parsed = [_upper(metric, written) for metric, written in limits.items()]
        self._remember(parsed)
        extra = [limit.metric for limit in parsed if limit.metric != SAVED]
        now = locked(self.profile, Asked(name, self._test), extra)
        if self._counted.memory is not None:
            now = replace(now, totals=(*now.totals, (SAVED, self._counted.memory.saved_bytes)))
        self._take(now)
        before = now if self._keeper.update else self._before(name)
        if self._keeper.update:
            _write(now, self._keeper.lock)
        elif not any(limit.relative for limit in parsed):
            found = difference(before, now)
            if not found.same:
                lines = [f"{name} is not what {self._keeper.lock.name} has:", *_indented(changes(found))]
                hint = f"If this is meant, run {UPDATE} and commit {self._keeper.lock.name}."
                raise AssertionError("\n".join([*lines, hint]))
        self._judge(parsed, before)
        self._refuse_unknown(self._agreed | {entry.op for entry in before.unknown})
        return self

    def _before(self, name: str) -> LockedModel:
        path = self._keeper.lock
        before = read_lock(path, again=UPDATE).find(name) if path.exists() else None
        if before is None:
            where = f"{name!r} is not in {path.name}" if path.exists() else f"there is no {path.name}"
            raise AssertionError(f"{where}: run {UPDATE}, and commit the file")
        return before

    def _take(self, now: LockedModel) -> None:
        """Refuse one name for two networks, of which only one can be agreed to."""
        other = self._keeper.taken.setdefault(now.name, now)
        if not difference(other, now).same:
            raise InputError(
                f"two different networks are called {now.name!r}, in {other.asked.model} and in "
                f"{now.asked.model}: give one of them another name"
            )

    def _judge(self, limits: Sequence[Limit], baseline: LockedModel | None) -> None:
        self._remember(limits)
        over = [entry for entry in judged(limits, self._counted, baseline) if entry.fails]
        if over:
            lines = [line for entry in over for line in (broken(entry), *_indented(self._largest(entry)))]
            raise AssertionError("\n".join([*lines, *self._since()]).replace(AGAIN, UPDATE))

    def _remember(self, limits: Iterable[Limit]) -> None:
        """Rehearse a training step where what autograd saves is limited; nothing else needs it."""
        if self._counted.memory is None and any(limit.metric == SAVED for limit in limits):
            from inception_profiler.analysis.memory.lens import remembered

            memory = remembered(self._about._replace(train=True), optimizer="sgd", foreach=False)
            self._counted = replace(self._counted, memory=memory)

    def _largest(self, entry: Judgement) -> list[str]:
        """Name the layers that most of a number is made of, where layers add up to it."""
        if entry.metric not in ROWS or entry.value is None:
            return []
        path = self._counted.path(entry.module) if entry.module else ""
        rows = [row for row in self._counted.locked.layers if inside(row.path, path)]
        costs = [(int(getattr(row, entry.metric)), row.title) for row in rows]
        return [f"{title}: {cost:,}" for cost, title in nlargest(_LARGEST, costs) if cost]

    def _since(self) -> list[str]:
        """Say what has changed since this test last agreed to something, which explains a broken limit."""
        try:
            models = read_lock(self._keeper.lock).models
        except LockError:
            return []
        own = [model for model in models if model.asked.model == self._test]
        if len(own) != 1:
            return []
        found = difference(own[0], self._counted.locked)
        head = f"Since {own[0].name} was agreed to in {self._keeper.lock.name}:"
        return [] if found.same else [head, *_indented(changes(found))]

    def _refuse_unknown(self, agreed: frozenset[str]) -> None:
        new = dict.fromkeys(entry.op for entry in self.profile.unpriced if entry.op not in agreed)
        if new:
            raise AssertionError(f"{unknown(new)}; agree to it by model_cost(…, unknown={tuple(new)!r})")


def _upper(metric: str, written: object, module: str = "") -> Limit:
    limit = parse_limit(metric, written, module)
    if metric == LATENCY:
        raise InputError("latency is limited by inception-profiler check, which measures it alone")
    if limit.sign not in {"<=", "<"}:
        raise InputError(f"{metric}={written!r} is not the most that is allowed: write a number")
    return limit


def _write(now: LockedModel, path: Path) -> None:
    """Put one count into the lock file; other processes may be putting others there."""
    with held(path):
        lock = read_lock(path, any_rules=True, again=UPDATE) if path.exists() else empty()
        if lock.rules != RULES:
            raise LockError(
                f"{path} was counted by rules {lock.rules} and this version counts by rules {RULES}: "
                f"delete it and run {UPDATE} over all tests"
            )
        write_lock(renewed(lock, [now]), path)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
