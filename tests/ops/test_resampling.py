"""Resampling against loops over the neighbours of each output."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.agreement import agree, cost_of, counts, few, registered
from tests.ops.drawing import filled

_MODES = ("nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic", "area", "cubic")


def test_every_rule_has_a_case() -> None:
    assert registered("resampling") == {
        "interpolate",
        "pixel_shuffle",
        "pixel_unshuffle",
        "channel_shuffle",
        "unfold",
        "fold",
        "grid_sample",
    }


@pytest.mark.parametrize("mode", _MODES)
@few(40)
@given(data=st.data())
def test_interpolate(mode: str, data: st.DataObject) -> None:
    natural = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}.get(mode)
    dimensions = data.draw(st.sampled_from([natural] * 5 + [1, 2]) if natural else st.integers(1, 3))
    x = filled(
        (
            *data.draw(st.sampled_from([(1, 2), (2, 1), (2, 1), (2,)])),
            *(data.draw(st.integers(1, 5)) for _ in range(dimensions)),
        )
    )
    sizes = st.integers(1, 6) | st.lists(st.integers(0, 6), min_size=dimensions, max_size=dimensions)
    size = data.draw(st.none() | sizes)
    factor = st.sampled_from([0.5, 2, 1.5, 0.1])
    scale = (
        data.draw(st.none() | factor | st.lists(factor, min_size=dimensions, max_size=dimensions))
        if size is None
        else None
    )
    corners = data.draw(st.sampled_from([None, None, True, False]))
    cost = agree(F.interpolate, x, size, scale, mode, corners)
    if cost is None:
        return
    output = F.interpolate(x, size, scale, mode, corners)
    if mode == "area":
        windows = 0
        for place in itertools.product(*map(range, output.shape)):
            ends = [
                (math.floor(i * s / n), math.ceil((i + 1) * s / n))
                for i, n, s in zip(place, output.shape, x.shape, strict=True)
            ]
            windows += math.prod(last - first for first, last in ends[2:])
        expected = {"adds": windows - output.numel(), "divisions": output.numel()}
    else:
        reach = {"nearest": 1, "nearest-exact": 1, "bicubic": 4}.get(mode, 2)
        taps = sum(
            1 for _ in range(output.numel()) for _ in itertools.product(range(reach), repeat=dimensions)
        )
        expected = {"multiplications": taps, "adds": taps - output.numel()} if reach > 1 else {}
    assert counts(cost) == {kind: count for kind, count in expected.items() if count}


def test_a_recomputed_scale_is_no_other_size() -> None:
    x = filled((1, 2, 5, 7))
    assert cost_of(F.interpolate, x, None, 1.5, "bilinear", False, True).multiplications == 4 * 2 * 7 * 10
    cost_of(F.interpolate, x, (3, 4), mode="bilinear", antialias=True)


@pytest.mark.parametrize("factor", [1, 2, 3, 0, -1])
def test_shuffles_compute_nothing(factor: int) -> None:
    for function, shape in (
        (F.pixel_shuffle, (1, 4, 2, 3)),
        (F.pixel_unshuffle, (1, 2, 4, 6)),
        (F.channel_shuffle, (1, 4, 2, 2)),
    ):
        cost = agree(function, filled(shape), factor)
        assert cost is None or counts(cost) == {}


def test_patches_move_and_only_fold_adds() -> None:
    x = filled((1, 2, 5, 5))
    columns = F.unfold(x, 3)
    assert counts(cost_of(F.unfold, x, 3)) == {}
    adds = sum(1 for _patch in range(3 * 3) for _tap in itertools.product(range(2), range(3), range(3)))
    assert counts(cost_of(F.fold, columns, (5, 5), 3)) == {"adds": adds}
    assert agree(F.fold, columns, (4, 5), 3) is None


@few(25)
@given(
    kernel=st.integers(0, 3), dilation=st.integers(1, 2), padding=st.integers(0, 1), stride=st.integers(1, 2)
)
def test_unfold_and_fold_agree(kernel: int, dilation: int, padding: int, stride: int) -> None:
    x: Any = filled((2, 3, 6, 4))
    agree(F.unfold, x, kernel, dilation, padding, stride)
    if kernel and min(6 + 2 * padding, 4 + 2 * padding) > dilation * (kernel - 1):
        agree(
            F.fold, F.unfold(x, kernel, dilation, padding, stride), (6, 4), kernel, dilation, padding, stride
        )
    agree(torch.nn.functional.unfold, filled((3, 6)), kernel)


@few(40)
@given(data=st.data())
def test_grid_sample(data: st.DataObject) -> None:
    dimensions = data.draw(st.sampled_from([2, 2, 3, 1]))
    mode = data.draw(st.sampled_from(["bilinear", "nearest", "bicubic", "cubic"]))
    padding = data.draw(st.sampled_from(["zeros", "border", "reflection", "none"]))
    sides = st.lists(st.integers(1, 3), min_size=dimensions, max_size=dimensions)
    x = filled((2, 3, *data.draw(sides)))
    grid = filled((data.draw(st.sampled_from([2, 2, 2, 1])), *data.draw(sides), dimensions))
    cost = agree(F.grid_sample, x, grid, mode, padding, align_corners=data.draw(st.booleans()))
    if cost is None:
        return
    outputs = range(2 * 3 * math.prod(grid.shape[1:-1]))
    reach = {"nearest": 1, "bicubic": 4}.get(mode, 2)
    taps = sum(1 for _ in outputs for _ in itertools.product(range(reach), repeat=dimensions))
    expected = {"multiplications": taps, "adds": taps - len(outputs)} if reach > 1 else {}
    assert counts(cost) == expected


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize(
    ("given_size", "size"), [((7, 9), (3, 4)), ((8, 5), (3, 5)), ((6, 7), (9, 3)), ((4, 4), (4, 4))]
)
def test_antialias(mode: str, given_size: tuple[int, int], size: tuple[int, int]) -> None:
    """The inputs that an output of one dimension depends on, as gradients of PyTorch show them."""
    x = filled((2, 3, *given_size))
    cost = cost_of(F.interpolate, x, size, None, mode, False, None, True)

    def weighed(before: int, after: int) -> int:
        line = torch.zeros(1, 1, 1, before, dtype=torch.double)
        seen = torch.autograd.functional.jacobian(
            lambda row: F.interpolate(row, (1, after), mode=mode, antialias=True).flatten(), line
        )
        return int(seen.reshape(after, before).count_nonzero())

    (height, width), (high, wide) = given_size, size
    across = height * weighed(width, wide) if width != wide else 0
    down = wide * weighed(height, high) if height != high else 0
    adds = (across - height * wide if across else 0) + (down - wide * high if down else 0)
    expected = {"multiplications": 6 * (across + down), "adds": 6 * adds}
    assert counts(cost) == {kind: count for kind, count in expected.items() if count}
