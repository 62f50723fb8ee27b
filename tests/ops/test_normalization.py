"""Normalizations against their formulas, worked out element by element."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.ops import counting as c
from tests.ops.agreement import agree, cost_of, counts, few, functions, registered
from tests.ops.drawing import filled, shapes


def test_every_rule_has_a_case() -> None:
    assert registered("normalization") == {
        "batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm", "local_response_norm",
        "weight_norm",
    }  # fmt: skip


def _moments(numbers: list[Any]) -> tuple[Any, Any]:
    """Mean and variance: each element is added to a sum that starts at 0, as the kernels do it."""
    tally = numbers[0].tally
    total, squares = c.Counted(0, tally), c.Counted(0, tally)
    for number in numbers:
        total = total + number
    mean = total / len(numbers)
    for number in numbers:
        apart = number - mean
        squares = squares + apart * apart
    return mean, squares / len(numbers)


def _normalize(sets: list[list[float]], tally: Counter[str], *, measured: bool) -> list[float]:
    """``(x − μ)/√(σ² + ε)`` with scale and shift folded into one multiplication and one add per element."""
    found = []
    for numbers in sets:
        row = c.counted(numbers, tally)
        mean, variance = _moments(row) if measured else (c.Counted(0.25, tally), c.Counted(2.0, tally))
        scale = 1 / c.sqrt(variance + 1e-5)
        shift = -mean.value * scale.value  # folding costs a set, not an element, and is left out
        found += [(number * scale + shift).value for number in row]
    return found


def _vectors(data: st.DataObject, size: int) -> list[Tensor | None]:
    """Weight and bias: present, missing or wrong."""
    return [
        data.draw(st.sampled_from([None, filled((size,)), filled((size,)), filled((size + 1,))]))
        for _ in range(2)
    ]


@pytest.mark.parametrize("kept", ["both", "none", "mean", "wrong"])
@pytest.mark.parametrize("training", [False, True])
@few(20)
@given(data=st.data())
def test_batch_norm(training: bool, kept: str, data: st.DataObject) -> None:
    x = filled(data.draw(shapes(1, 4, smallest=1)))
    channels = x.shape[1] if x.dim() > 1 else 1
    mean = None if kept == "none" else torch.full((channels + (kept == "wrong"),), 0.25)
    variance = None if kept in {"none", "mean"} else torch.full((channels,), 2.0)
    weight, bias = _vectors(data, channels)
    cost = agree(F.batch_norm, x, mean, variance, weight, bias, training)
    assert cost is None or kept not in {"mean", "wrong"}
    direct = agree(torch.batch_norm, x, weight, bias, mean, variance, training, 0.1, 1e-5, False)
    if cost is None or direct is None:
        return
    assert counts(direct) == counts(cost)
    tally: Counter[str] = Counter()
    sets = x.transpose(0, 1).reshape(channels, -1)
    values = _normalize(sets.tolist(), tally, measured=training)
    if weight is None and bias is None:
        used = (None, None) if training else (mean, variance)
        expected = F.batch_norm(x, *used, training=training).transpose(0, 1).flatten()
        torch.testing.assert_close(torch.tensor(values), expected, rtol=1e-4, atol=1e-4)
    if training and mean is not None:  # running = (1 − m)·running + m·new, for the mean and the variance
        for _ in range(2 * channels):
            number = c.Counted(1.0, tally)
            _ = number * 0.9 + number * 0.1
    assert counts(cost) == dict(tally)


@pytest.mark.parametrize("kept", ["both", "none", "wrong"])
@pytest.mark.parametrize("measured", [False, True])
@few(20)
@given(data=st.data())
def test_instance_norm(measured: bool, kept: str, data: st.DataObject) -> None:
    x = filled(data.draw(shapes(2, 4, smallest=1)))
    channels = x.shape[1]
    mean = None if kept == "none" else torch.full((channels + (kept == "wrong"),), 0.25)
    variance = None if kept == "none" else torch.full((channels,), 2.0)
    weight, bias = _vectors(data, channels)
    cost = agree(F.instance_norm, x, mean, variance, weight, bias, measured)
    assert cost is None or kept != "wrong"
    if cost is None:
        return
    tally: Counter[str] = Counter()
    sets = x.reshape(x.shape[0] * channels, -1) if measured else x.transpose(0, 1).reshape(channels, -1)
    _normalize(sets.tolist(), tally, measured=measured)
    if measured and mean is not None:
        for _ in range(2 * channels):
            new = c.added(c.counted([1.0] * x.shape[0], tally)) / x.shape[0]
            _ = c.Counted(1.0, tally) * 0.9 + new * 0.1
    direct = agree(torch.instance_norm, x, weight, bias, mean, variance, measured, 0.1, 1e-5, False)
    assert direct is not None
    assert counts(direct) == counts(cost) == dict(tally)
    assert counts(cost) == dict(tally)


@few(60)
@given(data=st.data())
def test_group_norm(data: st.DataObject) -> None:
    x = filled(data.draw(shapes(1, 4, smallest=1, largest=4)))
    channels = x.shape[1] if x.dim() > 1 else 1
    groups = data.draw(st.sampled_from([1, 1, 2, channels, 3, 0]))
    weight, bias = _vectors(data, channels)
    costs = [agree(torch.group_norm, x, groups, weight, bias), agree(F.group_norm, x, groups, weight, bias)]
    if costs[0] is None:
        return
    if x.numel() == groups:
        assert costs.pop() is None, "F.group_norm refuses a single value; torch.group_norm does not"
    tally: Counter[str] = Counter()
    values = _normalize(x.reshape(x.shape[0] * groups, -1).tolist(), tally, measured=True)
    assert all(cost is not None and counts(cost) == dict(tally) for cost in costs)
    if weight is None and bias is None:
        torch.testing.assert_close(
            torch.tensor(values), torch.group_norm(x, groups).flatten(), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("name", ["layer_norm", "rms_norm"])
@few(50)
@given(data=st.data())
def test_norms_of_the_last_dimensions(name: str, data: st.DataObject) -> None:
    x = filled(data.draw(shapes(1, 4, smallest=1)))
    tail = list(x.shape[data.draw(st.integers(0, x.dim())) :])
    tail = data.draw(st.sampled_from([tail] * 5 + [[9]]))
    vectors = [
        data.draw(st.sampled_from([None, filled(tail), filled((9, 9))]))
        for _ in range(2 if name == "layer_norm" else 1)
    ]
    costs = [agree(function, x, tail, *vectors) for function in functions(name)]
    if costs[0] is None:
        return
    tally: Counter[str] = Counter()
    sets = x.reshape(-1, torch.Size(tail).numel()).tolist()
    if name == "layer_norm":
        values = _normalize(sets, tally, measured=True)
    else:
        values = []
        for numbers in sets:
            row = c.counted(numbers, tally)
            squares = c.Counted(0, tally)
            for number in row:
                squares = squares + number * number
            scale = 1 / c.sqrt(squares / len(row) + 1.1920929e-07)
            values += [
                (number * scale * 1 if vectors[0] is not None else number * scale).value for number in row
            ]
    assert all(cost is not None and counts(cost) == dict(tally) for cost in costs)
    if all(vector is None for vector in vectors):
        torch.testing.assert_close(
            torch.tensor(values), getattr(F, name)(x, tail).flatten(), rtol=1e-4, atol=1e-4
        )


@few(25)
@given(shape=shapes(2, 5, smallest=1), size=st.integers(0, 4))
def test_local_response_norm(shape: tuple[int, ...], size: int) -> None:
    x = filled(shape)
    cost = agree(F.local_response_norm, x, size)
    if cost is None:
        return
    tally: Counter[str] = Counter()
    expected = F.local_response_norm(x, size, 0.5, 0.75, 2.0)
    for position in torch.cartesian_prod(*map(torch.arange, x.shape)).tolist():
        # each square is taken once; the window is summed whole, beyond the edge too
        window = [c.Counted(0, Counter()) for _ in range(size)]
        for place in range(size):
            channel = position[1] + place - size // 2
            if 0 <= channel < x.shape[1]:
                window[place].value = x[position[0], channel, *position[2:]].item() ** 2
        for number in window:
            number.tally = tally
        own = c.Counted(x[tuple(position)].item(), tally)
        _ = own * own
        value = own / c.power(c.added(window) * (0.5 / size) + 2.0, 0.75)
        torch.testing.assert_close(value.value, expected[tuple(position)].item(), rtol=1e-4, atol=1e-5)
    assert counts(cost) == dict(tally)


@pytest.mark.parametrize(("shape", "dim"), [((3, 4), 0), ((3, 4, 2), 0), ((3, 4), 1), ((2, 3), -1)])
def test_weight_norm(shape: tuple[int, ...], dim: int) -> None:
    v = filled(shape) + 1
    g = torch.norm_except_dim(v, 2, dim)
    cost = cost_of(torch._weight_norm, v, g, dim)
    tally: Counter[str] = Counter()
    lines = v.reshape(1, -1) if dim == -1 else v.movedim(dim, 0).reshape(v.shape[dim], -1)
    for line, length in zip(lines.tolist(), g.flatten().tolist(), strict=True):
        numbers = c.counted(line, tally)
        scale = c.counted([length], tally)[0] / c.sqrt(c.added([number * number for number in numbers]))
        for number in numbers:
            _ = number * scale
    assert counts(cost) == dict(tally)
