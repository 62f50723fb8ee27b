"""What raw times say: median, interval, spread, outliers. Nothing is dropped, no distribution assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

CONFIDENCE = 0.95
"""How often an interval holds the true median, at least."""

FENCES = 1.5, 3.0
"""Tukey's fences: how many interquartile ranges from the quartiles an outlier, a far outlier begins."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie, linear between the two nearest.

    At position ``share · (n - 1)`` of the sorted values (Hyndman and Fan 1996, type 7; NumPy's default).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.5

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values, and so no percentile")
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the middle two.

    Raises:
        ValueError: there are no values.
    """
    return percentile(values, 0.5)


def order_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return an interval that holds the true median, from the order of the values alone.

    Of n independent values the number below the true median is binomial with p = 1/2, whatever their
    distribution. The k-th smallest and the k-th largest enclose it with probability::

        1 - 2 · Σ_{i<k} C(n, i) / 2ⁿ

    k is the largest for which that is at least ``confidence``. Fewer than 6 values cannot reach 95 %: the
    smallest and the largest are returned, the most that is known (Conover, Practical Nonparametric
    Statistics, section 3.2).

    >>> order_interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    (2.0, 9.0)

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values, and so no interval")
    ordered, count = sorted(values), len(values)
    outside = Fraction(1 - confidence).limit_denominator(10**6) / 2 * 2**count
    below = accumulate(math.comb(count, chosen) for chosen in range(count // 2))
    rank = sum(1 for cumulative in below if cumulative <= outside)
    rank = max(rank, 1)
    return ordered[rank - 1], ordered[count - rank]


def outliers(values: Sequence[float]) -> tuple[int, int]:
    """Return how many values lie beyond Tukey's inner fences, and how many of them beyond the outer.

    Raises:
        ValueError: there are no values.
    """
    low, high = percentile(values, 0.25), percentile(values, 0.75)
    counts = []
    for fence in FENCES:
        reach = fence * (high - low)
        counts.append(sum(1 for value in values if not low - reach <= value <= high + reach))
    return counts[0], counts[1]
