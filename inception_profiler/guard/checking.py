"""A configuration recounted, held against its lock and its limits; and the lock written anew."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from inception_profiler.errors import InputError, LockError, ProfilerError, UnknownNameError
from inception_profiler.guard.configuration import SECTION, Budget, Configuration
from inception_profiler.guard.counting import Counted, counted_for, spread
from inception_profiler.guard.defining import defined
from inception_profiler.guard.differences import difference, notes
from inception_profiler.guard.judging import judged
from inception_profiler.guard.lockfile import empty, held, read_lock, renewed, write_lock
from inception_profiler.guard.timing import timed_against
from inception_profiler.records.archive import RULES
from inception_profiler.records.check import Check, ModelCheck
from inception_profiler.records.lock import Asked, Lock, LockedModel


def checked(
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    inputs: Sequence[str] = (),
    update: bool = False,
    strict: bool = False,
    latency: bool = True,
) -> Check:
    """Recount the models of a configuration and hold them against the lock and their limits.

    Args:
        configuration: what is guarded.
        names: check these only: names in the configuration or in the lock, or spellings of other models.
        inputs: what models take that are in neither.
        update: write the lock anew. Limits relative to the baseline then hold by themselves.
        strict: operations of unknown cost count also where the lock lists them.
        latency: measure where latency is limited; an update counts only.

    Returns:
        The check; a model that cannot be counted is an entry that says why, and the others are checked.

    Raises:
        LockError: the lock file cannot be used, or there is none and it is needed.
        InputError: there is nothing to check.
        WriteError: the lock file cannot be written.
    """
    path, again = configuration.lock, configuration.again
    lock = read_lock(path, any_rules=update, again=again) if path.exists() else None
    budgets = chosen(configuration, lock, names, inputs)
    if lock is None and not update:
        _refuse_without_lock(configuration, budgets)
    if lock is not None and lock.rules != RULES and names:
        raise LockError(f"{path} was counted by rules {lock.rules}: update all models at once, {again}")
    tried = [(budget, tried_for(budget, configuration.root)) for budget in budgets]
    if update:
        _write(configuration, tried, everything=not names and configuration.file is not None)
    models = [
        _check(entry, result, lock, configuration, update=update, strict=strict) for entry, result in tried
    ]
    if latency and not update:
        models = _timed(models, budgets, configuration)
    if lock is not None and not names:
        known = {budget.asked.name for budget in budgets}
        models += [_gone(model) for model in lock.models if model.name not in known]
    return Check(
        lock=str(configuration.lock),
        updated=update,
        models=tuple(models),
        notes=(*_notes(lock, models), *_strangers(configuration, lock, models, update=update)),
        unlocked=lock is None and not update,
    )


def asked_for(
    configuration: Configuration, names: Sequence[str], inputs: Sequence[str] = ()
) -> tuple[Budget, ...]:
    """Return the models to count without a lock in hand, as `chosen` does; a ``*`` is left to whoever counts.

    Raises:
        InputError: there are none.
        LockError: there is no configuration, and a lock file that cannot be used.
    """
    if configuration.budgets and not names and not inputs:
        return configuration.budgets
    path = configuration.lock
    lock = read_lock(path, any_rules=True) if not configuration.budgets and path.exists() else None
    return chosen(configuration, lock, names, inputs)


def chosen(
    configuration: Configuration, lock: Lock | None, names: Sequence[str], inputs: Sequence[str] = ()
) -> tuple[Budget, ...]:
    """Return the models to check: those configured, else those locked; of them only ``names``, if any.

    Raises:
        InputError: there are none.
        UnknownNameError: one of the names is known neither here nor anywhere else.
    """
    known = spread(configuration.budgets)
    kept = tuple(Budget(model.asked) for model in lock.models) if lock is not None else ()
    if not configuration.budgets:
        known = kept
    if names:
        by_name = {budget.asked.name: budget for budget in (*kept, *known)}
        for name in names:
            if name not in by_name:
                _refuse_misspelt(name, by_name)
        told = [name for name in names if inputs and name in by_name]
        if told:
            raise InputError(f"{', '.join(told)}: what it takes is known already: leave --input out")
        return tuple(
            by_name.get(name) or Budget(Asked(name, name, tuple(inputs))) for name in dict.fromkeys(names)
        )
    if inputs:
        raise InputError("--input says what a model takes: name the model")
    if not known:
        raise InputError(
            f'there is nothing to check: name models, or write models = ["NAME", …] under [{SECTION}] in '
            "pyproject.toml"
        )
    return known


def _refuse_misspelt(name: str, known: Iterable[str]) -> None:
    """Refuse a name that is not known here and spells no model either; the nearest of both are suggested."""
    from inception_profiler.analysis.resolve import registered

    if ":" in name:
        return
    try:
        registered(name)
    except UnknownNameError as error:
        here = tuple(known)
        near = difflib.get_close_matches(name, here, n=1)
        raise UnknownNameError(
            "model", name, dict.fromkeys([*near, *error.suggestions]), len(here)
        ) from error


def _refuse_without_lock(configuration: Configuration, budgets: Iterable[Budget]) -> None:
    """Refuse to check without a lock, unless every model has limits of its own that need none."""
    for budget in budgets:
        if not budget.limits or any(limit.relative for limit in budget.limits):
            raise LockError(f"there is no {configuration.lock}: run {configuration.again}, and commit it")


def tried_for(budget: Budget, root: Path) -> Counted | str:
    """Count a model, or say in one line why that is not possible."""
    metrics = [limit.metric for limit in budget.limits if not limit.control]
    try:
        return counted_for(budget.asked, root, metrics)
    except ProfilerError as error:
        reason = str(error)
    except (Exception, SystemExit) as error:  # whatever the code of one model does, the others are checked
        reason = f"{type(error).__name__}: {error}"
    return " ".join(reason.split())


def _write(
    configuration: Configuration, tried: Iterable[tuple[Budget, Counted | str]], *, everything: bool
) -> None:
    """Write what was counted into the lock; what could not be counted stays as it was locked."""
    counted = [result.locked for _, result in tried if isinstance(result, Counted)]
    failed = [budget.asked.name for budget, result in tried if isinstance(result, str)]
    with held(configuration.lock):
        # Read again: somebody else may have updated other models meanwhile.
        path = configuration.lock
        current = read_lock(path, any_rules=True) if path.exists() else empty()
        fresh = {model.name for model in counted}
        others = [model.name for model in current.models if model.name not in fresh]
        dropped = [name for name in others if name not in failed] if everything else []
        stale = sorted(set(others) - set(dropped))
        if current.rules != RULES and stale:
            raise LockError(
                f"{path} was counted by rules {current.rules} and {', '.join(stale)} could not be counted "
                "anew: mend or leave out what fails, nothing was written"
            )
        write_lock(renewed(current, counted, dropped), path)


def _check(
    budget: Budget,
    result: Counted | str,
    lock: Lock | None,
    configuration: Configuration,
    *,
    update: bool,
    strict: bool,
) -> ModelCheck:
    asked = budget.asked
    before = lock.find(asked.name) if lock is not None else None
    entry = ModelCheck(asked.name, asked.model, "", None, None, (), budget.exact)
    if isinstance(result, str):
        entry = replace(entry, failed=result)
    else:
        now = result.locked
        entry = replace(
            entry,
            counted=now,
            difference=difference(before, now) if before is not None else None,
            judgements=tuple(judged(budget.limits, result, now if update else before)),
            unknown=_unknown(now, None if strict else before),
        )
    if entry.failed or entry.over or entry.unknown or entry.difference is None or not entry.difference.same:
        file, line = defined(asked, configuration.root, configuration.file)
        entry = replace(entry, file=file, line=line)
    return entry


def _timed(
    models: Sequence[ModelCheck], budgets: Sequence[Budget], configuration: Configuration
) -> list[ModelCheck]:
    """Measure where latency is limited, when everything has been counted and nothing else runs."""
    known = {budget.asked.name: budget.asked for budget in (*spread(configuration.budgets), *budgets)}
    found = []
    for model, budget in zip(models, budgets, strict=True):
        limits = [limit for limit in budget.limits if limit.control and model.counted is not None]
        measured = [timed_against(limit, budget.asked, known, configuration.root) for limit in limits]
        found.append(replace(model, judgements=(*model.judgements, *measured)))
    return found


def _unknown(now: LockedModel, before: LockedModel | None) -> tuple[str, ...]:
    """Return the operations of unknown cost that the lock does not list."""
    agreed = {entry.op for entry in before.unknown} if before is not None else set()
    return tuple(dict.fromkeys(entry.op for entry in now.unknown if entry.op not in agreed))


def _gone(model: LockedModel) -> ModelCheck:
    return ModelCheck(model.name, model.asked.model, "", None, None, (), exact=True)


def _notes(lock: Lock | None, models: Iterable[ModelCheck]) -> Iterable[str]:
    """Say which versions the lock was counted by, where anything differs."""
    if lock is not None and any(
        entry.difference is not None and not entry.difference.same for entry in models
    ):
        yield from notes(lock, empty())


def _strangers(
    configuration: Configuration, lock: Lock | None, models: Iterable[ModelCheck], *, update: bool
) -> Iterable[str]:
    """Say of models that a check of all would not ask for how they come to be checked."""
    configured = {budget.asked.name for budget in spread(configuration.budgets)}
    for model in models:
        kept = not update and lock is not None and lock.find(model.name) is not None
        if configured and model.counted is not None and model.name not in configured and not kept:
            yield (
                f"{model.name} is not configured, so a check of all models does not ask for it: add it "
                f"to [{SECTION}] in {configuration.file}."
            )
