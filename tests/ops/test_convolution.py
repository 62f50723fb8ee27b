"""Convolutions against loops over every output position and every kernel tap."""

from __future__ import annotations

import itertools
import math
import warnings
from contextlib import suppress
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.agreement import agree, cost_of, few, registered
from tests.ops.drawing import filled

_CONVS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def test_every_rule_has_a_case() -> None:
    assert registered("convolution") == {
        f"{name}{n}d" for name in ("conv", "conv_transpose") for n in (1, 2, 3)
    }


def _sizes(dimensions: int, low: int, high: int) -> st.SearchStrategy[Any]:
    """One size for all dimensions, as a number or in a tuple, or one for each."""
    size = st.integers(low, high)
    many = st.lists(size, min_size=dimensions, max_size=dimensions).map(tuple)
    return size | many | size.map(lambda one: (one,))


@st.composite
def _convolutions(draw: Any, transposed: bool, mistake: str) -> tuple[Any, tuple[Any, ...]]:
    """A function and its arguments, with one mistake if it is named; without, the input may be too small."""
    dimensions = draw(st.sampled_from([1, 2, 2, 3]))
    groups, per_group, width = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    side, tap = st.integers(1, 6 if dimensions < 3 else 4), st.integers(1, 3)
    outer = () if draw(st.integers(0, 4)) == 0 else (draw(st.integers(1, 2)),)
    x = filled((*outer, groups * per_group, *(draw(side) for _ in range(dimensions))))
    kernel = [draw(tap) for _ in range(dimensions)]
    shape = (groups * per_group, width) if transposed else (groups * width, per_group)
    weight = filled((*shape, *kernel))
    bias = draw(st.none() | st.just(filled((groups * width,))))
    stride, dilation = draw(_sizes(dimensions, 1, 3)), draw(_sizes(dimensions, 1, 2))
    padding = draw(_sizes(dimensions, 0, 2))
    if not transposed:
        padding = draw(st.just(padding) | st.sampled_from(["valid", "same"]))
    match mistake:
        case "channels":
            x = filled((*outer, groups * per_group + 1, *x.shape[-dimensions:]))
        case "bias":
            bias = filled((groups * width + 1,))
        case "groups":
            groups = draw(st.sampled_from([0, -1, 5]))
        case "width" if not transposed:
            groups, per_group = 2, 2
            x, weight = filled((*outer, 4, *x.shape[-dimensions:])), filled((3, 2, *kernel))
            bias = None
        case "stride":
            stride = draw(st.sampled_from([0, -1, (1,) * (dimensions + 1)]))
        case "padding":
            padding = draw(
                st.sampled_from([-1, (1,) * (dimensions + 1), *([] if transposed else ["around"])])
            )
        case "dilation":
            dilation = draw(st.sampled_from([0, -1]))
        case "rank":
            x = x[None, None]
        case "kernel":
            weight = filled((*shape, *[9] * dimensions))
        case "type":
            weight = weight.double()
    if transposed:
        return _TRANSPOSED[dimensions], (
            x,
            weight,
            bias,
            stride,
            padding,
            draw(_sizes(dimensions, 0, 2)),
            groups,
            dilation,
        )
    return _CONVS[dimensions], (x, weight, bias, stride, padding, dilation, groups)


def _multiply_adds(x: Any, weight: Any, output: Any, groups: int, *, transposed: bool) -> int:
    """Count the multiply-adds one by one: kernel positions, taps, and the channels they connect."""
    dimensions = weight.dim() - 2
    placed = x if transposed else output  # a transposed kernel is laid down at every input position
    examples = x.shape[0] if x.dim() == dimensions + 2 else 1
    channels_in, channels_out = x.shape[-dimensions - 1], output.shape[-dimensions - 1]
    total = 0
    for _ in range(examples):
        for source, target in itertools.product(range(channels_in), range(channels_out)):
            if source // (channels_in // groups) != target // (channels_out // groups):
                continue
            for _position in itertools.product(*map(range, placed.shape[-dimensions:])):
                for _tap in itertools.product(*map(range, weight.shape[2:])):
                    total += 1
    return total


_MISTAKES = ("channels", "bias", "groups", "stride", "padding", "dilation", "rank", "kernel", "type", "width")


@pytest.mark.parametrize("mistake", _MISTAKES)
@pytest.mark.parametrize("transposed", [False, True])
@few(8)
@given(data=st.data())
def test_mistakes_are_refused_as_pytorch_refuses_them(
    transposed: bool, mistake: str, data: st.DataObject
) -> None:
    function, args = data.draw(_convolutions(transposed, mistake))
    cost = agree(function, *args)
    assert cost is None or transposed or mistake == "kernel", "PyTorch takes it after all"


@pytest.mark.parametrize("transposed", [False, True])
@few(100)
@given(data=st.data())
def test_any_convolution(transposed: bool, data: st.DataObject) -> None:
    function, args = data.draw(_convolutions(transposed, ""))
    with_same = args[4] == "same"
    if with_same and any(
        d * (k - 1) % 2 for d, k in zip(_spread(args[5], args[1]), args[1].shape[2:], strict=True)
    ):
        return  # PyTorch pads in an operation of its own, and warns of it
    with suppress(RuntimeError):
        if function(*args).numel() == 0:
            return  # whether PyTorch takes or refuses this depends on the memory layout of the input
    cost = agree(function, *args)
    if cost is None:
        return
    x, weight, bias = args[:3]
    output = function(*args)
    assert cost.macs == _multiply_adds(x, weight, output, args[6], transposed=transposed)
    assert cost.adds == (0 if bias is None else output.numel())
    assert cost.ops == cost.adds
    read = [tensor.numel() for tensor in (x, weight, bias) if tensor is not None]
    assert (cost.bytes_read, cost.bytes_written) == (4 * sum(read) * (output.numel() > 0), 4 * output.numel())


def _spread(dilation: Any, weight: Any) -> tuple[int, ...]:
    sizes = (dilation,) if isinstance(dilation, int) else dilation
    return tuple(sizes) * (weight.dim() - 2 if len(sizes) == 1 else 1)


def test_same_padding_of_an_even_kernel() -> None:
    x, weight = filled((1, 2, 5, 5)), filled((3, 2, 2, 4))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Using padding='same' with even kernel")
        expected = F.conv2d(x, weight, padding="same")
        cost = cost_of(F.conv2d, x, weight, None, 1, "same")
    assert cost.macs == math.prod(expected.shape) * 2 * 2 * 4


@pytest.mark.parametrize("function", [torch.conv2d, torch.conv_transpose2d])
def test_cost_is_linear_in_the_batch(function: Any) -> None:
    weight = filled((4, 4, 3, 3))
    once, thrice = (cost_of(function, filled((n, 4, 6, 6)), weight, filled((4,))) for n in (1, 3))
    assert (thrice.macs, thrice.adds) == (3 * once.macs, 3 * once.adds)
