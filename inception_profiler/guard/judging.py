"""Limits held against a count."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from fractions import Fraction

from inception_profiler.guard.counting import ROWS, Counted, module_total
from inception_profiler.guard.limits import Limit
from inception_profiler.records.check import (
    NO_BASELINE,
    NO_MODULE,
    NO_NUMBER,
    OVER,
    UNCLEAR,
    WITHIN,
    Judgement,
)
from inception_profiler.records.lock import LockedModel

_NEEDS_ROWS = "of a module the lock has params, macs, flops and activation_bytes only"
_NEEDS_UPDATE = "the lock has no such number yet: run inception-profiler check --update"


def judged(limits: Iterable[Limit], counted: Counted, baseline: LockedModel | None) -> Iterator[Judgement]:
    """Hold each limit on what is counted against a count; ``baseline`` is what the lock says, if anything."""
    for limit in limits:
        if limit.control:
            continue
        value = counted.value(limit.metric, limit.module)
        if value is None:
            yield _nothing(limit, None, *_absent(limit, counted))
            continue
        bound = limit.bound(_baseline(limit, counted, baseline) if limit.relative else None)
        if bound is None:
            rows = limit.module and limit.metric not in ROWS
            yield _nothing(limit, value, NO_BASELINE, _NEEDS_ROWS if rows else _NEEDS_UPDATE)
            continue
        verdict = WITHIN if limit.holds(value, bound) else OVER
        yield Judgement(limit.metric, limit.module, limit.text, plain(bound), value, verdict)


def judged_ratio(limit: Limit, ratio: float, interval: tuple[float, float] | None, note: str) -> Judgement:
    """Hold a limit against a measured ratio: it is broken only where the whole interval lies above it."""
    low, high = interval if interval is not None else (None, None)
    verdict = UNCLEAR
    if low is not None and not limit.holds(low, limit.amount):
        verdict = OVER
    elif high is not None and limit.holds(high, limit.amount):
        verdict = WITHIN
    return Judgement(limit.metric, "", limit.text, plain(limit.amount), ratio, verdict, low, high, note)


def _nothing(limit: Limit, value: int | float | None, verdict: str, note: str) -> Judgement:
    return Judgement(limit.metric, limit.module, limit.text, None, value, verdict, note=note)


def _absent(limit: Limit, counted: Counted) -> tuple[str, str]:
    name = counted.locked.name
    if limit.module:
        paths = [entry.path for entry in counted.profile.modules]
        near = difflib.get_close_matches(limit.module, paths, n=1)
        hint = f": did you mean {near[0]!r}?" if near else ""
        return NO_MODULE, f"{name} has no module {limit.module!r}{hint}"
    return NO_NUMBER, f"{name} has no {limit.metric}"


def plain(number: Fraction) -> int | float:
    """Return a whole number as such, and any other as a float."""
    return number.numerator if number.denominator == 1 else float(number)


def _baseline(limit: Limit, counted: Counted, baseline: LockedModel | None) -> int | float | None:
    if baseline is None:
        return None
    if not limit.module:
        return baseline.total(limit.metric)
    if limit.metric not in ROWS:
        return None
    return module_total(baseline, limit.metric, counted.path(limit.module))
