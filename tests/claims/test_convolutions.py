"""The calculators of single convolutions, against the closed formula and PyTorch's own counter."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

import inception_profiler as ip
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument
from tests.analysis.oracle import elements, flop_counter_macs
from tests.claims.networks import chain

widths = st.integers(1, 40)
odds = st.sampled_from([1, 3, 5, 7])
maps = st.tuples(st.integers(1, 12), st.integers(1, 12))
few = settings(max_examples=12, derandomize=True)


def hold(argument: Argument, *networks: nn.Sequential, size: tuple[int, int]) -> None:
    """Hold both sides of an argument against networks of the test's own."""
    for side, network in zip(argument.sides, networks, strict=True):
        shape = (1, network[0].in_channels, *size)
        assert side.profile.macs == flop_counter_macs(network, shape)
        assert side.profile.params == elements(network)
        assert side.nonlinearities == sum(isinstance(layer, nn.ReLU) for layer in network)


@few
@given(widths, widths, widths, odds, maps, st.booleans(), st.booleans())
def test_bottleneck(
    channels: int, reduce: int, out: int, kernel: int, size: tuple[int, int], restore: bool, bias: bool
) -> None:
    assume(reduce <= channels)
    argument = ip.argue(
        "bottleneck", in_channels=channels, reduce=reduce, out_channels=out, kernel=kernel, size=size,
        restore=restore, bias=bias,
    )  # fmt: skip
    square, one = (kernel, kernel), (1, 1)
    last = [(reduce, square), (out, one)] if restore else [(out, square)]
    direct, behind = (
        chain(channels, (out, square), bias=bias),
        chain(channels, (reduce, one), *last, bias=bias),
    )
    hold(argument, direct, behind, size=size)
    dense = kernel**2 * channels * out
    narrow = channels * reduce + kernel**2 * reduce * (reduce if restore else out) + restore * reduce * out
    assert argument.sides[0].profile.macs == dense * size[0] * size[1]
    assert argument.sides[1].profile.macs == narrow * size[0] * size[1]
    assert argument.ratio("macs") == argument.steps[0].value == pytest.approx(dense / narrow, rel=1e-12)


@few
@given(st.lists(odds, min_size=1, max_size=4), widths, maps)
def test_factorize(into: list[int], channels: int, size: tuple[int, int]) -> None:
    kernel = 1 + sum(side - 1 for side in into)
    assume(kernel > 1)
    argument = ip.argue("factorize", kernel=kernel, into=into, channels=channels, size=size)
    small = [(channels, (side, side)) for side in into]
    hold(argument, chain(channels, (channels, (kernel, kernel))), chain(channels, *small), size=size)
    assert all(side.profile.receptive_field == kernel for side in argument.sides)
    expected = kernel**2 / sum(side**2 for side in into)
    assert argument.ratio("macs") == argument.ratio("params") == argument.steps[-1].value
    assert argument.ratio("macs") == pytest.approx(expected, rel=1e-12)


@few
@given(st.sampled_from([3, 5, 7, 9]), widths, maps)
def test_asymmetric(kernel: int, channels: int, size: tuple[int, int]) -> None:
    argument = ip.argue("asymmetric", kernel=kernel, channels=channels, size=size)
    lines = chain(channels, (channels, (1, kernel)), (channels, (kernel, 1)))
    hold(argument, chain(channels, (channels, (kernel, kernel))), lines, size=size)
    assert all(side.profile.layers[-1].geometry.field == (kernel, kernel) for side in argument.sides)
    assert argument.ratio("macs") == argument.ratio("params") == kernel / 2


@few
@given(odds, odds, widths, widths, maps)
def test_kernel(kernel: int, against: int, channels: int, out: int, size: tuple[int, int]) -> None:
    argument = ip.argue(
        "kernel", kernel=kernel, against=against, in_channels=channels, out_channels=out, size=size
    )
    large, small = chain(channels, (out, (kernel, kernel))), chain(channels, (out, (against, against)))
    hold(argument, large, small, size=size)
    assert argument.ratio("macs") == pytest.approx(kernel**2 / against**2, rel=1e-12)


def rising(argument: Argument) -> list[bool]:
    ratios = [point.ratio for point in argument.curve.points]
    assert len(ratios) > 3
    assert [point.at for point in argument.curve.points] == sorted({p.at for p in argument.curve.points})
    return [earlier < later for earlier, later in pairwise(ratios)]


def test_the_curves_go_where_mathematics_says() -> None:
    assert not any(rising(ip.argue("bottleneck", in_channels=64, reduce=12, out_channels=64, size=7)))
    for name in ("factorize", "asymmetric", "kernel"):
        assert all(rising(ip.argue(name, size=7))), name


def test_the_curve_goes_through_the_numbers_asked_for() -> None:
    for name, at, given_ in (
        ("bottleneck", 13, {"reduce": 13, "in_channels": 64}),
        ("factorize", 15, {"kernel": 15, "into": (3,) * 7}),
        ("asymmetric", 9, {"kernel": 9}),
        ("kernel", 13, {"kernel": 13}),
    ):
        argument = ip.argue(name, size=3, **given_)
        (point,) = (point for point in argument.curve.points if point.at == at)
        assert point.values == tuple(side.profile.macs for side in argument.sides)


@pytest.mark.parametrize(
    ("name", "given_", "says"),
    [
        ("bottleneck", {"reduce": 300}, "reduce 300 is more than the 256 channels"),
        ("bottleneck", {"kernel": 4}, "kernel 4 must be odd"),
        ("bottleneck", {"reduce": 0}, "reduce must be a whole number of 1 or more, not 0"),
        ("bottleneck", {"in_channels": 2.5}, "in must be a whole number"),
        ("bottleneck", {"size": (1, 2, 3)}, "size is a height and a width"),
        ("factorize", {"kernel": 7}, "into 3,3 sees 5×5, and the kernel 7×7: take 3,3,3, or kernel 5"),
        ("factorize", {"into": (2, 4)}, "into 2 must be odd"),
        ("factorize", {"kernel": 1, "into": (1,)}, "kernel 1 must be an odd number of 3 or more"),
        ("asymmetric", {"kernel": 1}, "kernel 1 must be an odd number of 3 or more"),
        ("kernel", {"against": 2}, "against 2 must be odd"),
        ("kernel", {"colour": 2}, "kernel does not ask for 'colour': it asks for kernel, against"),
    ],
)
def test_what_cannot_be_is_refused(name: str, given_: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        ip.argue(name, **given_)
