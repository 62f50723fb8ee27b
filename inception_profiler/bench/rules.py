"""When a measurement is warm, when it is done, and what counts as a difference."""

from __future__ import annotations

import math
from dataclasses import replace

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.records.latency import PRACTICAL


@record
class Rules:
    """How long to warm up and to sample; the defaults suit networks of a millisecond to a second.

    Attributes:
        half_width: sampling is done when half of the interval of every median is at most this share of it.
        practical: ratios that differ by less are the *same*; a ratio is sampled until half of its interval is
            at most half of this, so that *same* can be said.
        least_rounds: that are taken whatever they show.
        least_seconds: of measured latency, all contestants together, that are taken whatever they show.
        time_limit: seconds for each contestant, warm-up included; a round that has begun is completed.
        warm_calls: calls that no contestant is warm before.
        warm_seconds: of calls that no contestant is warm before.
        warm_agreement: share by which the medians of two windows of calls may differ in a warm contestant.
        warm_share: of the time limit, after which a contestant is measured though it is not steady.
        discards: rounds that may be taken again because the clock of the device had dropped; further ones are
            kept, and said.
    """

    half_width: float = 0.01
    practical: float = PRACTICAL
    least_rounds: int = 10
    least_seconds: float = 0.5
    time_limit: float = 30.0
    warm_calls: int = 3
    warm_seconds: float = 0.1
    warm_agreement: float = 0.02
    warm_share: float = 0.25
    discards: int = 20

    @property
    def ratio_half_width(self) -> float:
        """Half-width at which a ratio is known well enough."""
        return min(self.half_width, self.practical / 2) if self.practical else self.half_width


RULES = Rules()
"""What holds where nothing else is said."""


def limited(rules: Rules, time_limit: float | None) -> Rules:
    """Return ``rules`` with another time limit; themselves where it is None.

    Raises:
        InputError: it is no number of seconds above 0.
    """
    if time_limit is None:
        return rules
    if not 0 < time_limit < math.inf:
        raise InputError(f"a time limit is more than 0 seconds and not endless, not {time_limit:g}")
    return replace(rules, time_limit=time_limit)
