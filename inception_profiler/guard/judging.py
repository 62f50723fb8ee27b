"""Limits held against a count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from inception_profiler.guard.counting import Counted, module_total
from inception_profiler.guard.limits import Limit
from inception_profiler.records.check import NO_BASELINE, NO_MODULE, OVER, WITHIN, Judgement
from inception_profiler.records.lock import LockedModel

_NEEDS_ROWS = "the lock has no such number of a module: limit params, macs, flops or activation_bytes"


def judged(limits: Iterable[Limit], counted: Counted, baseline: LockedModel | None) -> Iterator[Judgement]:
    """Hold each limit against a count; ``baseline`` is what the lock says, None where it says nothing."""
    for limit in limits:
        value = counted.value(limit.metric, limit.module)
        if value is None:
            note = f"{counted.locked.name} has no module {limit.module!r}" if limit.module else ""
            yield Judgement(limit.metric, limit.module, limit.text, None, None, NO_MODULE, note=note)
            continue
        bound = limit.bound(_baseline(limit, counted, baseline) if limit.relative else None)
        if bound is None:
            note = _NEEDS_ROWS if baseline is not None and limit.module else "the lock has no such number yet"
            yield Judgement(limit.metric, limit.module, limit.text, None, value, NO_BASELINE, note=note)
            continue
        verdict = WITHIN if limit.holds(value, bound) else OVER
        yield Judgement(limit.metric, limit.module, limit.text, plain(bound), value, verdict)


def plain(number: Fraction) -> int | float:
    """Return a whole number as such, and any other as a float."""
    return number.numerator if number.denominator == 1 else float(number)


def _baseline(limit: Limit, counted: Counted, baseline: LockedModel | None) -> int | float | None:
    if baseline is None:
        return None
    if not limit.module:
        return baseline.total(limit.metric)
    if limit.metric not in {"params", "macs", "flops", "activation_bytes"}:
        return None
    return module_total(baseline, limit.metric, counted.path(limit.module))
