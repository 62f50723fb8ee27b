"""The rule of verdict for speeds: what was measured, device by device and setting by setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_profiler.records.claim import MEASURED, REFUTED, UNMEASURED, SpeedRatio, Verdict
from inception_profiler.records.latency import FASTER, PRACTICAL, SAME, SLOWER, UNCLEAR
from inception_profiler.units import Unit, scale_for

NOWHERE = "no latency of the two has been measured side by side yet"
_TEXT = scale_for((), Unit.RATIO).full


def standing(ratio: SpeedRatio) -> str:
    """Say whether a subject is faster, slower, the same or whether that is unclear, by the whole interval."""
    if ratio.high < 1 - PRACTICAL:
        return FASTER
    if ratio.low > 1 + PRACTICAL:
        return SLOWER
    return SAME if ratio.low >= 1 - PRACTICAL and ratio.high <= 1 + PRACTICAL else UNCLEAR


def faster(measured: Sequence[SpeedRatio]) -> Verdict:
    """Judge that a subject is faster than a reference.

    It holds where it is faster in any setting, and the words say in which it is not; where it is faster in
    none, it is refuted by one in which it is slower or the same.
    """
    return _verdict(measured, standing, holds=FASTER, fails=(SLOWER, SAME))


def times_faster(measured: Sequence[SpeedRatio], low: float, high: float) -> Verdict:
    """Judge that a subject is ``low`` to ``high`` times faster: so many times its time the reference takes.

    It holds as `faster` does: the whole interval of a setting must lie within, or beyond, the claimed one.
    """
    within, less, more = f"{low:g} to {high:g} times", f"less than {low:g} times", f"more than {high:g} times"

    def where(ratio: SpeedRatio) -> str:
        least, most = 1 / ratio.high, 1 / ratio.low
        if low <= least and most <= high:
            return within
        return less if most < low else more if least > high else UNCLEAR

    return _verdict(measured, where, holds=within, fails=(less, more))


def _verdict(
    measured: Sequence[SpeedRatio], stands: Callable[[SpeedRatio], str], *, holds: str, fails: tuple[str, ...]
) -> Verdict:
    if not measured:
        return Verdict(UNMEASURED, NOWHERE)
    found = [stands(ratio) for ratio in measured]
    kind = REFUTED if holds not in found and any(each in fails for each in found) else MEASURED
    parts = []
    for device in dict.fromkeys(ratio.device for ratio in measured):
        told = [
            f"{each}: {_words(ratio)}"
            for ratio, each in zip(measured, found, strict=True)
            if ratio.device == device
        ]
        parts.append(f"on {device} {'; '.join(told)}")
    count = found.count(holds)
    missed = f"not shown to be {holds}" if kind == MEASURED else f"not {holds}"
    head = f"{holds} in {count} of {len(found)}" if len(found) > 1 else holds if count else missed
    return Verdict(kind, f"{head}: {'; '.join(parts)}")


def _words(ratio: SpeedRatio) -> str:
    took = f"{_TEXT(ratio.ratio)} the time of {ratio.reference}"
    interval = f"{_TEXT(ratio.low)} to {_TEXT(ratio.high)}"
    return f"{ratio.subject} takes {took} ({interval}), {ratio.setting}"
