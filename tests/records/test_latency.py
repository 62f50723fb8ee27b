from __future__ import annotations

import json
import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import inception_profiler as ip
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import dumps, loads, to_data
from inception_profiler.records.latency import (
    FASTER,
    SAME,
    SLOWER,
    UNCLEAR,
    Benchmark,
    Environment,
    Measurement,
    Ratio,
)
from inception_profiler.records.roofline import Roofline
from inception_profiler.records.sweep import Measurements, Outcome
from tests.records.filled import filled

ROW = replace(
    filled(Measurement, Random(0)), batch=8, macs=10**9, flops=2 * 10**9 + 7, ceiling=1e12, device_seconds=()
)
SECONDS = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=400).map(tuple)
RATIOS = st.lists(st.floats(0.9, 1.1), min_size=1, max_size=60).map(tuple)
RESULTS = (Measurement, Benchmark, Roofline, Outcome, Measurements)


def rank(count: int) -> int:
    """The largest rank that encloses the median with 95 %, counted in whole numbers."""
    ranks = [
        k
        for k in range(1, count // 2 + 1)
        if 40 * sum(math.comb(count, below) for below in range(k)) <= 2**count
    ]
    return max(ranks, default=0)


@given(SECONDS)
def test_a_measurement_says_what_its_seconds_say(seconds: tuple[float, ...]) -> None:
    row = replace(ROW, seconds=seconds)
    middle = float(np.median(seconds))
    assert row.median == pytest.approx(middle)
    assert row.minimum == min(seconds)
    assert row.iqr == pytest.approx(np.subtract(*np.percentile(seconds, [75, 25])))
    assert row.throughput == pytest.approx(8 / middle)
    assert row.flops_per_second == pytest.approx((2 * 10**9 + 7) / middle)
    assert row.attained == pytest.approx((2 * 10**9 + 7) / middle / 1e12)
    k = rank(len(seconds))
    assert row.interval == ((sorted(seconds)[k - 1], sorted(seconds)[-k]) if k else None)


def test_high_percentiles_need_three_values_beyond_them() -> None:
    for count, p90, p99 in ((28, False, False), (29, True, False), (298, True, False), (299, True, True)):
        seconds = tuple(float(value) for value in range(1, count + 1))
        row = replace(ROW, seconds=seconds)
        assert row.p90 == (pytest.approx(np.percentile(seconds, 90)) if p90 else None)
        assert row.p99 == (pytest.approx(np.percentile(seconds, 99)) if p99 else None)
        assert sum(value > np.percentile(seconds, 90) for value in seconds) >= 3 or not p90


def test_what_was_not_measured_has_no_numbers() -> None:
    row = replace(ROW, seconds=(), failed="out of memory")
    for name in (
        *("median", "interval", "minimum", "iqr", "p90", "p99", "throughput"),
        *("flops_per_second", "attained", "device_time", "host_bound"),
    ):
        assert getattr(row, name) is None
    assert row.outliers == (0, 0)
    assert replace(ROW, seconds=(0.1,) * 10, ceiling=None).attained is None


def test_the_host_is_what_the_device_does_not_explain() -> None:
    row = replace(ROW, seconds=(0.010,) * 8, device_seconds=(0.004,) * 8)
    assert row.device_time == 0.004
    assert row.host_bound == pytest.approx(0.6)
    assert replace(row, device_seconds=(0.011,) * 8).host_bound == 0
    assert replace(row, device_seconds=()).host_bound is None


@given(RATIOS, st.sampled_from([0.0, 0.01, 0.02, 0.05]))
def test_verdicts_are_those_of_the_whole_interval(ratios: tuple[float, ...], practical: float) -> None:
    """Counted: all but k - 1 lie below, all but k - 1 above, or fewer than k on either side."""
    k, count = rank(len(ratios)), len(ratios)
    above = sum(ratio > 1 + practical for ratio in ratios)
    below = sum(ratio < 1 - practical for ratio in ratios)
    if k and below >= count - k + 1:
        expected = FASTER
    elif k and above >= count - k + 1:
        expected = SLOWER
    else:
        expected = SAME if k and max(above, below) <= k - 1 else UNCLEAR
    assert Ratio(0, 1, ratios).verdict(practical) == expected


@given(RATIOS)
def test_who_is_faster_does_not_depend_on_the_side(ratios: tuple[float, ...]) -> None:
    turned = {FASTER: SLOWER, SLOWER: FASTER}
    ours = Ratio(0, 1, ratios).verdict(0.0)
    theirs = Ratio(1, 0, tuple(1 / ratio for ratio in ratios)).verdict(0.0)
    assert theirs == turned.get(ours, ours)


@pytest.mark.parametrize("value", [0.5, 1.0, 2.0])
def test_few_rounds_have_no_verdict(value: float) -> None:
    assert Ratio(0, 1, (value,) * 5).verdict() == UNCLEAR
    assert Ratio(0, 1, (value,) * 5).interval is None
    assert Ratio(0, 1, (value,) * 6).verdict() == {0.5: FASTER, 1.0: SAME, 2.0: SLOWER}[value]


def test_a_measurement_becomes_a_frame_with_one_row_a_call() -> None:
    row = replace(ROW, model="m", seconds=(0.1, 0.2), device_seconds=(0.05,))
    frame = row.to_frame()
    assert list(frame["seconds"]) == [0.1, 0.2, 0.05]
    assert list(frame["clock"]) == ["host", "host", "device"]
    assert set(frame["model"]) == {"m"}
    assert set(frame["dtype"]) == {row.setting.dtype}


def test_a_benchmark_becomes_a_frame_of_all_its_calls() -> None:
    first = replace(ROW, model="m", batch=1, seconds=(0.1, 0.2), device_seconds=())
    failed = replace(ROW, model="n", batch=1, seconds=(), device_seconds=())
    last = replace(ROW, model="m", batch=2, seconds=(0.3,), device_seconds=(0.2,))
    frame = Benchmark((first, failed, last)).to_frame()
    assert list(frame["measurement"]) == [0, 0, 2, 2]
    assert list(frame["batch"]) == [1, 1, 2, 2]
    assert list(frame["seconds"]) == [0.1, 0.2, 0.3, 0.2]
    assert list(frame.columns) == ["measurement", *first.to_frame().columns]
    nothing = Benchmark((failed,)).to_frame()
    assert nothing.empty
    assert list(nothing.columns) == list(frame.columns)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("kind", RESULTS, ids=lambda kind: kind.__name__)
def test_what_was_measured_is_the_same_after_it_was_written_and_read(kind: type, seed: int) -> None:
    result = filled(kind, Random(seed))
    assert loads(dumps(result)) == result


@pytest.mark.parametrize("kind", [kind for kind in RESULTS if hasattr(kind, "save")])
def test_what_was_measured_can_be_saved_and_loaded(kind: type, tmp_path) -> None:
    result = filled(kind, Random(99))
    result.save(tmp_path / "result.json")
    assert ip.load(tmp_path / "result.json") == result


def test_a_reading_in_whole_numbers_is_read_back() -> None:
    place = replace(filled(Environment, Random(3)), temperature=(41, 62), clock_mhz=(1755, 1740))
    row = replace(ROW, environment=place, seconds=(1, 2))
    assert loads(dumps(row)) == row


@pytest.mark.parametrize("wrong", ["fast", True, None, [1.0]])
def test_seconds_that_are_no_numbers_are_refused(wrong: object) -> None:
    data = to_data(replace(ROW, seconds=(1.0,)))
    data["value"]["seconds"] = [wrong]
    with pytest.raises(ArchiveError, match="damaged"):
        loads(json.dumps(data))
