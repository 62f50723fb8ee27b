"""Activations, softmax and dropout."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from inception_profiler.ops.activation import ACTIVATIONS
from inception_profiler.ops.rule import OPS
from tests.ops import counting as c
from tests.ops.agreement import agree, cost_of, counts, few, functions, registered
from tests.ops.drawing import DTYPES, filled, shapes, tensors

_ALPHA, _SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def _tanh(x: Any) -> Any:
    twice = c.exp(x * 2)
    return (twice - 1) / (twice + 1)


def _sigmoid(x: Any) -> Any:
    return 1 / (c.exp(-x) + 1)


def _relu6(x: Any) -> Any:
    return c.minimum(c.maximum(x, 0), 6)


def _gelu_tanh(x: Any) -> Any:
    return x * 0.5 * (_tanh((x * x * x * 0.044715 + x) * math.sqrt(2 / math.pi)) + 1)


_FORMULAS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: c.maximum(x, 0),
    "relu6": _relu6,
    "hardtanh": lambda x: c.minimum(c.maximum(x, -1), 1),
    "threshold": lambda x: c.choose(x > 0.5, x, 2),
    "leaky_relu": lambda x: c.choose(x > 0, x, x * 0.01),
    "rrelu": lambda x: c.choose(x > 0, x, x * ((1 / 8 + 1 / 3) / 2)),
    "elu": lambda x: c.choose(x > 0, x, (c.exp(x) - 1) * 1),
    "celu": lambda x: c.choose(x > 0, x, (c.exp(x / 1) - 1) * 1),
    "selu": lambda x: c.choose(x > 0, x, (c.exp(x) - 1) * _ALPHA) * _SCALE,
    "sigmoid": _sigmoid,
    "expit": _sigmoid,
    "logsigmoid": lambda x: -c.log(c.exp(-x) + 1),
    "tanh": _tanh,
    "softplus": lambda x: c.choose(x > 20, x, c.log(c.exp(x) + 1)),
    "silu": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * _tanh(c.log(c.exp(x) + 1)),
    "gelu": lambda x: x * 0.5 * (c.erf(x * math.sqrt(0.5)) + 1),
    "hardsigmoid": lambda x: _relu6(x + 3) / 6,
    "hardswish": lambda x: x * _relu6(x + 3) / 6,
    "hardshrink": lambda x: c.choose((x > 0.5) + (x < -0.5) > 0, x, 0),
    "softshrink": lambda x: x - c.minimum(c.maximum(x, -0.5), 0.5),
    "tanhshrink": lambda x: x - _tanh(x),
    "prelu": lambda x: c.choose(x > 0, x, x * 0.25),
}
_SETTINGS: dict[str, tuple[Any, ...]] = {"threshold": (0.5, 2.0), "prelu": (torch.tensor([0.25]),)}
_FIXED = {
    "sigmoid",
    "expit",
    "tanh",
    "logsigmoid",
    "softplus",
    "mish",
    "gelu",
    "softshrink",
    "hardshrink",
    "tanhshrink",
}


def test_every_rule_has_a_case() -> None:
    others = {
        "glu",
        "softmax",
        "log_softmax",
        "dropout",
        "feature_dropout",
        "alpha_dropout",
        "feature_alpha_dropout",
    }
    assert registered("activation") == {*_FORMULAS} | others


@pytest.mark.parametrize("name", _FORMULAS)
@few(8)
@given(x=tensors())
def test_activations_agree(name: str, x: Tensor) -> None:
    x = x if name != "hardtanh" or x.dtype != torch.uint8 else x.float()
    for function in functions(name):
        if OPS.get(function).in_place and not x.is_floating_point():
            continue
        if name == "hardtanh" and x.dtype == torch.uint8:
            continue
        agree(function, x, *_SETTINGS.get(name, ()))


@pytest.mark.parametrize("name", _FORMULAS)
def test_counts_are_those_of_the_formula(name: str) -> None:
    """The formula, worked out with counting numbers, gives PyTorch's value and the rule's counts."""
    x = filled((2, 7)) * 3
    tally: Counter[str] = Counter()
    values = [c.plain(_FORMULAS[name](number)) for number in c.counted(x.flatten().tolist(), tally)]
    for function in functions(name):
        expected = function(x.clone(), *_SETTINGS.get(name, ()))
        torch.testing.assert_close(torch.tensor(values), expected.flatten(), rtol=1e-4, atol=1e-5)
        assert counts(cost_of(function, x, *_SETTINGS.get(name, ()))) == dict(tally)


def test_counts_of_the_other_gelu() -> None:
    x, tally = filled((2, 7)), Counter[str]()
    values = [c.plain(_gelu_tanh(number)) for number in c.counted(x.flatten().tolist(), tally)]
    torch.testing.assert_close(torch.tensor(values), F.gelu(x, approximate="tanh").flatten())
    assert counts(cost_of(F.gelu, x, approximate="tanh")) == dict(tally)
    assert agree(F.gelu, x, approximate="cosh") is None


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - _FIXED | {"rrelu"}))
def test_in_place_by_argument(name: str) -> None:
    x, function = filled((2, 3)), getattr(F, name)
    settings = _SETTINGS.get(name, ())
    assert counts(cost_of(function, x, *settings, inplace=True)) == counts(cost_of(function, x, *settings))
    if name in {"relu", "relu6", "silu", "mish", "selu", "hardswish", "hardsigmoid", "threshold"}:
        cost_of(function, x, *settings, True)
    if name in {"elu", "celu", "leaky_relu"}:
        cost_of(function, x, 0.5, True)


def test_the_fourth_argument_of_rrelu_is_not_in_place() -> None:
    x = filled((2, 3))
    cost_of(F.rrelu, x, 0.1, 0.3, True)
    cost_of(F.rrelu, x, 0.1, 0.3, True, True)


@few(40)
@given(data=st.data())
def test_prelu(data: st.DataObject) -> None:
    x = filled(data.draw(shapes(0, 4, smallest=1)))
    weight = data.draw(
        st.sampled_from(
            [filled(()), filled((1,)), filled((2,)), filled((3,)), filled((1, 1)), filled((1,)).double()]
        )
    )
    for function in functions("prelu"):
        agree(function, x, weight)


@few(40)
@given(x=tensors(shapes(0, 3), (torch.float32, torch.float64)), dim=st.integers(-4, 3))
def test_glu(x: Tensor, dim: int) -> None:
    for function in functions("glu"):
        cost = agree(function, x, dim)
        if cost is not None:
            tally: Counter[str] = Counter()
            for number in c.counted([0.5] * F.glu(x, dim).numel(), tally):
                _ = number * _sigmoid(number)
            assert counts(cost) == dict(tally)


def _softmax(row: list[Any], *, logarithm: bool) -> list[Any]:
    high = row[0]
    for number in row[1:]:
        high = c.maximum(high, number)
    shifted = [number - high for number in row]
    powers = [c.exp(number) for number in shifted]
    total = c.added(powers)
    if logarithm:
        total = c.log(total)
        return [number - total for number in shifted]
    return [number / total for number in powers]


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@few(30)
@given(
    x=tensors(shapes(0, 3), DTYPES[:3]),
    dim=st.integers(-4, 3),
    dtype=st.sampled_from([None, torch.float64, torch.float32]),
)
def test_softmax(name: str, x: Tensor, dim: int, dtype: torch.dtype | None) -> None:
    costs = {function: agree(function, x, dim, dtype=dtype) for function in functions(name)}
    assert len(set(costs.values())) == 1
    cost = costs[getattr(F, name)]
    if cost is None:
        return
    tally: Counter[str] = Counter()
    rows = (
        x.double().movedim(dim, -1).reshape(-1, x.shape[dim])
        if x.numel() and x.dim()
        else x.double().reshape(-1, 1)
    )
    values = [_softmax(c.counted(row.tolist(), tally), logarithm=name == "log_softmax") for row in rows]
    assert counts(cost) == {kind: count for kind, count in tally.items() if count}
    if values and x.dim():
        expected = getattr(torch, name)(x.double(), dim).movedim(dim, -1).reshape(-1, x.shape[dim])
        found = torch.tensor([[c.plain(number) for number in row] for row in values])
        torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)
    if dtype is not None:
        assert agree(getattr(torch, name), x, dim, dtype) == cost


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_softmax_without_a_dimension(rank: int) -> None:
    x = filled([2, 3, 4, 5][:rank])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Implicit dimension choice")
        assert cost_of(F.softmax, x) == cost_of(F.softmax, x, 0 if rank in {1, 3} else 1)


_DROPOUTS = ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")


@pytest.mark.parametrize("name", _DROPOUTS)
@few(30)
@given(
    x=tensors(shapes(1, 4), DTYPES[:3]),
    p=st.sampled_from([0.0, 0.5, 0.25, 1.0, 1.5, -0.1]),
    training=st.booleans(),
)
def test_dropouts(name: str, x: Tensor, p: float, training: bool) -> None:
    for function in functions(name):
        cost = agree(function, x, p, training)
        if cost is None or p == 1:
            continue
        channels = x.shape[:2].numel() if name.startswith("feature") else x.numel()
        work = {"comparisons": channels, "multiplications": x.numel()}
        if "alpha" in name:
            work = {"comparisons": channels, "multiplications": 2 * x.numel(), "adds": x.numel()}
        expected = work if training and p > 0 else {}
        assert counts(cost) == {kind: count for kind, count in expected.items() if count}


@pytest.mark.parametrize(
    "function", [F.dropout, F.alpha_dropout, F.feature_alpha_dropout, F.dropout1d, F.dropout2d, F.dropout3d]
)
def test_spellings_of_dropout(function: Any) -> None:
    x = filled(
        (2, 3, 4) if function is F.dropout1d else (2, 3, 4, 5) if function is F.dropout2d else (2, 3, 4, 5, 2)
    )
    for inplace in (False, True):
        assert cost_of(function, x, 0.5, True, inplace).multiplications in {x.numel(), 2 * x.numel()}
        assert cost_of(function, x, 0.5, False, inplace).ops == 0
