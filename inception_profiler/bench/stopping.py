"""When enough rounds are taken: every median known well enough, or no longer getting better known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

from inception_profiler.bench.rules import Rules
from inception_profiler.records.latency import CONVERGED, NOISE
from inception_profiler.records.statistics import CONFIDENCE, half_width

GROWTH = 1.2
"""By how much more rounds each look is taken.

Looks cost little beside the rounds, however many there are, and few of them keep the intervals honest: to
look after every round is to wait for the moment in which an interval happens to be narrow.
"""

OUTER = 0.999
"""An interval may be narrow by chance, the more so the more often one looks, and then it holds the truth less
often than it says. So the wider one of this confidence, which rests on more values, must be narrow, too.

In simulations of two that are the same, stopping by the first alone excluded a ratio of 1 in 5 to 7 % of the
runs; by both, in 4 to 5 %, at a fifth more rounds.
"""

REACH = NormalDist().inv_cdf((1 + OUTER) / 2) / NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""How much wider that is, were the noise normal."""

SPAN = 4
"""Over this many times as many rounds an interval should become half as wide."""

STUCK = 0.9
"""One that keeps more than this share of its width over such a span is not worth waiting for."""

SETTLED = 40
"""From this many rounds on the width of an interval is known well enough to be compared with a later one."""


class Stopping:
    """Looks at the medians of all contestants, and at the ratios of the first to each other one."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.next_look = rules.least_rounds
        self.widest = math.inf
        self._looks: list[tuple[int, dict[tuple[int, int], float]]] = []

    def due(self, rounds: int, measured: float) -> bool:
        """Whether it is time to look, after so many rounds and seconds of measured latency."""
        return rounds >= self.next_look and measured >= self.rules.least_seconds

    def look(self, columns: Mapping[int, Sequence[float]]) -> str | None:
        """Return why sampling may stop, None where it may not.

        Args:
            columns: the seconds of every round, by contestant.
        """
        rounds = len(next(iter(columns.values())))
        self.next_look = math.ceil(rounds * GROWTH)
        widths = _widths(columns)
        self.widest = max(widths.values())
        open_ = [pair for pair, width in widths.items() if not width <= self._target(pair)]
        stuck = all(self._stuck(pair, rounds, widths[pair]) for pair in open_)
        self._looks.append((rounds, widths))
        if not open_:
            return CONVERGED
        return NOISE if stuck else None

    def _target(self, pair: tuple[int, int]) -> float:
        return self.rules.half_width if pair[0] == pair[1] else self.rules.ratio_half_width

    def _stuck(self, pair: tuple[int, int], rounds: int, width: float) -> bool:
        """Whether the interval has kept its width over the last span of rounds."""
        before = [
            widths[pair]
            for then, widths in self._looks
            if SETTLED <= then <= rounds / SPAN and pair in widths
        ]
        return bool(before) and width > STUCK * before[-1]


def _widths(columns: Mapping[int, Sequence[float]]) -> dict[tuple[int, int], float]:
    """Return the relative half-width of every median (i, i) and of every ratio (first, other)."""
    widths = {(place, place): _width(seconds) for place, seconds in columns.items()}
    first, *others = columns
    for other in others:
        pairs = zip(columns[first], columns[other], strict=True)
        widths[first, other] = _width([a / b if b else math.inf for a, b in pairs])
    return widths


def _width(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return max(half_width(ordered), half_width(ordered, OUTER) / REACH)
