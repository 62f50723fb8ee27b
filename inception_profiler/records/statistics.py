"""What raw times say: median, interval, spread, outliers. Nothing is dropped, no distribution assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

CONFIDENCE = 0.95
"""How often an interval holds the true median, at least."""

EXACT = 1000
"""Up to so many values the binomial sum is of integers; beyond, of floats."""

FENCES = 1.5, 3.0
"""Tukey's fences: how many interquartile ranges from the quartiles an outlier, a far outlier begins."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie, linear between the two nearest.

    At position ``share · (n - 1)`` of the sorted values (Hyndman and Fan 1996, type 7; NumPy's default).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.5

    Raises:
        ValueError: there are no values, or the share is not between 0 and 1.
    """
    if not values:
        raise ValueError("no values, and so no percentile")
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} is not between 0 and 1")
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    low, high = ordered[below], ordered[above]
    return min(low + (high - low) * (position - below), high)


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the middle two.

    Raises:
        ValueError: there are no values.
    """
    return percentile(values, 0.5)


def order_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return an interval that holds the true median, from the order of the values alone.

    It reaches from the k-th smallest to the k-th largest value, k = `order_rank`. Where so few values cannot
    reach the confidence (5 for 95 %), the smallest and the largest are returned: the most that is known.

    >>> order_interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    (2.0, 9.0)

    Raises:
        ValueError: there are no values, or no such confidence.
    """
    if not values:
        raise ValueError("no values, and so no interval")
    ordered, count = sorted(values), len(values)
    rank = max(order_rank(count, confidence), 1)
    return ordered[rank - 1], ordered[count - rank]


@lru_cache(maxsize=1024)
def order_rank(count: int, confidence: float = CONFIDENCE) -> int:
    """Return the rank k of the values that enclose the true median; 0 where there are too few.

    Of n independent values the number below the true median is binomial with p = 1/2, whatever their
    distribution. The k-th smallest and the k-th largest enclose it with probability::

        1 - 2 · Σ_{i<k} C(n, i) / 2ⁿ

    k is the largest for which that is at least ``confidence`` (Conover, Practical Nonparametric Statistics,
    section 3.2).

    >>> order_rank(5), order_rank(6), order_rank(10)
    (0, 1, 2)

    Raises:
        ValueError: the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} is not between 0 and 1")
    outside = (1 - Fraction(str(confidence))) / 2
    return _exact_rank(count, outside) if count <= EXACT else _near_rank(count, float(outside))


def _exact_rank(count: int, outside: Fraction) -> int:
    limit, below, term = math.floor(outside * 2**count), 0, 1
    for rank in range(count):
        below += term
        if below > limit:
            return rank
        term = term * (count - rank) // (rank + 1)
    return 0


def _near_rank(count: int, outside: float) -> int:
    """Sum in floats, from a rank with less than e⁻⁷² below it (Hoeffding) upwards, each term from the last.

    The first term, by ``lgamma``, is right to a part in 10⁸ at a million values, and so are the sums; those
    of two neighbouring ranks differ by a part in 200 there.
    """
    rank = max(0, math.floor(count / 2 - 6 * math.sqrt(count)))
    ways = math.lgamma(count + 1) - math.lgamma(rank + 1) - math.lgamma(count - rank + 1)
    term, below = math.exp(ways - count * math.log(2)), 0.0
    while below + term <= outside:
        below += term
        term *= (count - rank) / (rank + 1)
        rank += 1
    return rank


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float:
    """Return half of the width of `order_interval` as a share of the median.

    Infinite where there are too few values for the confidence, or where the median is 0.

    >>> half_width([90.0, 98.0, 99.0, 101.0, 102.0, 110.0])
    0.1
    """
    if not order_rank(len(values), confidence):
        return math.inf
    ordered = sorted(values)
    low, high = order_interval(ordered, confidence)
    middle = median(ordered)
    return (high - low) / 2 / middle if middle else math.inf


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
