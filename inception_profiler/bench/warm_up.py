"""Calls before the first that counts: until they take as long as those before them."""

from __future__ import annotations

import math
from collections.abc import Callable

from inception_profiler.bench.rules import Rules
from inception_profiler.records.statistics import median

GROWTH = 1.1
"""By how much more calls each look is taken: looks cost little beside the calls, however many there are."""

WINDOW = 2
"""Calls in the smallest window."""


def warm_up(
    call: Callable[[], float], times: list[float], *, clock: Callable[[], float], rules: Rules
) -> bool:
    """Call until steady and return True; False where the time for it is over first.

    Steady are calls whose last third has a median within ``rules.warm_agreement`` of that of the third before
    it. The windows grow with the calls, so that noise averages out and a slow trend is not overlooked.

    Args:
        call: makes one call and returns its seconds.
        times: gets the seconds of every call, also when an exception ends them.
        clock: the host's time in seconds.
        rules: what is warm, and when to give up.
    """
    end = clock() + rules.warm_share * rules.time_limit
    look = max(rules.warm_calls, 2 * WINDOW)
    while True:
        times.append(call())
        if len(times) >= look and sum(times) >= rules.warm_seconds:
            if agree(times, rules.warm_agreement):
                return True
            look = math.ceil(len(times) * GROWTH)
        if clock() >= end:
            return False


def agree(times: list[float], within: float) -> bool:
    """Whether the last third of the times and the third before it have medians that near."""
    size = max(WINDOW, len(times) // 3)
    late, early = median(times[-size:]), median(times[-2 * size : -size])
    return abs(late - early) <= within * early
