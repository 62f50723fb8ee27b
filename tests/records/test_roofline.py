"""Bounds, verdicts and sums of a roofline, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.records.roofline import CACHE, COMPUTE, MEMORY, OVERHEAD, LayerTime
from tests.fixed_roofline import ROOFS, ROWS, timed


def layer(seconds: float, flops: int, nbytes: int) -> LayerTime:
    return LayerTime(0, "", "", "op", None, seconds, flops // 2, flops, nbytes)


@pytest.mark.parametrize(
    ("flops", "nbytes", "bound", "verdict"),
    [
        (1_000_000_000, 1_000_000, 1e-3, COMPUTE),  # 1e9 FLOPs at 1e12
        (1_000_000_000, 10_000_000, 1e-3, COMPUTE),  # 1e7 bytes at 5e11 would take 2e-5
        (1_000_000, 10_000_000, 2e-5, CACHE),
        (1_000_000, 100_000_000, 1e-3, MEMORY),  # more than half of 32 MiB: at 1e11
        (1_000_000, 16 * 2**20, 16 * 2**20 / 5e11, CACHE),  # exactly half
        (1_000_000, 16 * 2**20 + 1, (16 * 2**20 + 1) / 1e11, MEMORY),
    ],
)
def test_a_layer_is_held_against_its_own_roof(flops: int, nbytes: int, bound: float, verdict: str) -> None:
    found = timed(host=True)
    for factor in (1.0, 3.9):
        one = layer(factor * bound, flops, nbytes)
        assert found.bound_seconds(one) == pytest.approx(bound)
        assert found.attained(one) == pytest.approx(1 / factor)
        assert found.lost_seconds(one) == pytest.approx((factor - 1) * bound, abs=1e-15)
        assert found.verdict(one) == verdict
    assert found.verdict(layer(4.1 * bound, flops, nbytes)) == OVERHEAD


def test_on_an_accelerator_what_takes_less_than_10_microseconds_is_overhead() -> None:
    one = layer(9e-6, 1_000_000, 2_500_000)
    assert timed(host=True).verdict(one) == CACHE
    assert timed().verdict(one) == OVERHEAD
    assert timed().verdict(replace(one, seconds=1.1e-5)) == CACHE


def test_without_a_cache_there_is_one_roof_of_memory() -> None:
    found = replace(timed(), ceilings=replace(ROOFS, cache_bytes=None, cache_bytes_per_second=None))
    assert found.bound_seconds(layer(1e-4, 0, 1_000_000)) == pytest.approx(1e-5)
    assert found.verdict(layer(1.5e-5, 0, 1_000_000)) == MEMORY


def test_what_moves_and_computes_nothing_is_overhead() -> None:
    one = layer(1e-6, 0, 0)
    assert timed(host=True).verdict(one) == OVERHEAD
    assert timed().attained(one) == 0
    assert one.intensity == 0


def test_groups_add_up_to_the_layers() -> None:
    found = timed()
    for groups in (found.by_op(), found.by_verdict()):
        assert sum(group.calls for group in groups) == len(ROWS)
        assert sum(group.seconds for group in groups) == pytest.approx(found.sum_seconds)
        assert sum(group.macs for group in groups) == sum(row[3] for row in ROWS)
        assert sum(group.lost_seconds for group in groups) == pytest.approx(
            sum(map(found.lost_seconds, found.layers))
        )
        assert [group.seconds for group in groups] == sorted(
            (group.seconds for group in groups), reverse=True
        )
    convolutions = next(group for group in found.by_op() if group.title == "conv2d")
    assert convolutions.bound_seconds == pytest.approx(2e-3 + 3e-4)
    assert convolutions.attained == pytest.approx(2.3e-3 / 3.4e-3)
    assert convolutions.intensity == pytest.approx(2.3e9 / 1.4e7)


def test_layers_are_ranked_by_what_they_lose() -> None:
    found = timed()
    lost = [found.lost_seconds(one) for one in found.ranked()]
    assert lost == sorted(lost, reverse=True)
    assert found.ranked()[0].op == "max_pool2d"


def test_the_sum_is_held_against_the_whole() -> None:
    found = timed()
    assert found.sum_seconds == pytest.approx(9.652e-3)
    assert found.explained == pytest.approx(0.9652)
    assert found.remainder_seconds == pytest.approx(3.48e-4)
    assert timed(host=True).explained == pytest.approx(9.652 / 12)


def test_a_roofline_becomes_a_frame_with_one_row_a_layer() -> None:
    found = timed()
    frame = found.to_frame()
    assert list(frame["path"]) == [layer.path for layer in found.layers]
    assert frame["seconds"].sum() == pytest.approx(found.sum_seconds)
    assert list(frame["bound_seconds"] + frame["lost_seconds"]) == pytest.approx(list(frame["seconds"]))
    assert list(frame["verdict"]) == [found.verdict(layer) for layer in found.layers]
    assert list(frame["output"]) == [layer.output.shape if layer.output else () for layer in found.layers]
    longest = frame.groupby("op")["seconds"].sum().sort_values(ascending=False)
    assert list(longest.index) == [group.title for group in found.by_op()]
