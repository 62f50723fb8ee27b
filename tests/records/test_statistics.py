from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.records.statistics import (
    half_width,
    median,
    order_interval,
    order_rank,
    outliers,
    percentile,
)

SECONDS = st.floats(1e-6, 1e3)
MANY = st.lists(SECONDS, min_size=1, max_size=80)


@given(MANY, st.floats(0, 1))
def test_percentiles_are_numpys(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(np.percentile(values, 100 * share))
    assert min(values) <= percentile(values, share) <= max(values)


@given(MANY)
def test_the_median_is_numpys(values: list[float]) -> None:
    assert median(values) == pytest.approx(np.median(values))


@pytest.mark.parametrize("of", [median, order_interval, outliers, lambda values: percentile(values, 0.5)])
def test_nothing_has_no_statistics(of) -> None:
    with pytest.raises(ValueError, match="no values"):
        of([])


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, 95.0])
def test_a_confidence_lies_between_none_and_all(confidence: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        order_interval([1.0, 2.0], confidence)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_none_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        percentile([1.0, 2.0], share)


def confidence_of(rank: int, count: int) -> Fraction:
    """How often the values of that rank from below and above enclose the median, in whole numbers."""
    outside = sum(math.comb(count, below) for below in range(rank))
    return 1 - Fraction(2 * outside, 2**count)


@pytest.mark.parametrize("share", ["0.5", "0.9", "0.95", "0.999"])
@pytest.mark.parametrize("count", [*range(1, 70), 199, 1000, 1001, 1002, 1500, 2500])
def test_the_rank_is_the_highest_that_keeps_the_confidence(count: int, share: str) -> None:
    rank = order_rank(count, float(share))
    if rank:
        assert confidence_of(rank, count) >= Fraction(share)
        assert 2 * rank <= count + 1
    assert rank + 1 > (count + 1) / 2 or confidence_of(rank + 1, count) < Fraction(share)


def test_the_confidence_kept_exactly_is_kept() -> None:
    """The smallest and the largest of n values enclose the median in 1 - 2 / 2ⁿ of all cases."""
    assert order_rank(2, 0.5) == 1
    assert order_rank(3, 0.75) == 1
    assert order_rank(4, 0.875) == 1
    assert order_rank(4, 0.8750001) == 0


def test_ranks_of_many_values_are_those_of_whole_numbers() -> None:
    count, below, ways = 20_000, 0, 1
    limit, rank = 2**count // 40, 0
    while below + ways <= limit:
        below += ways
        ways = ways * (count - rank) // (rank + 1)
        rank += 1
    assert order_rank(count) == rank


@pytest.mark.parametrize("count", [100_000, 1_000_000, 2_000_000])
def test_ranks_of_very_many_values_are_those_of_the_normal_distribution(count: int) -> None:
    assert abs(order_rank(count) - (count / 2 - 1.959964 * math.sqrt(count) / 2 + 0.5)) < 1


@given(MANY)
def test_an_interval_is_made_of_values_around_the_median(values: list[float]) -> None:
    low, high = order_interval(values)
    assert {low, high} <= set(values)
    assert low <= median(values) <= high
    if len(values) < 6:
        assert (low, high) == (min(values), max(values))


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Exponential times have their true median at ln 2."""
    random, held = Random(1), 0
    for _ in range(2000):
        low, high = order_interval([random.expovariate(1) for _ in range(25)])
        held += low <= math.log(2) <= high
    assert 0.95 <= held / 2000 <= 0.98  # of 25 values ranks 8 and 18 enclose it in 95.7 %


@given(MANY)
def test_half_widths_are_those_of_the_interval(values: list[float]) -> None:
    if len(values) < 6:
        assert half_width(values) == math.inf
    else:
        low, high = order_interval(values)
        assert half_width(values) == pytest.approx((high - low) / 2 / np.median(values))


def test_nothing_has_no_relative_width() -> None:
    assert half_width([0.0] * 10) == math.inf


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_outliers_are_beyond_the_fences(values: list[int]) -> None:
    """Of whole numbers, whose quartiles and fences are exact."""
    low, high = np.percentile(values, [25, 75])
    beyond = far = 0
    for value in values:
        distance = max(low - value, value - high)
        beyond += distance > 1.5 * (high - low)
        far += distance > 3 * (high - low)
    assert outliers(values) == (beyond, far)
