"""Reductions against loops over what each output element is made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.ops import counting as c
from tests.ops.agreement import agree, cost_of, counts, few, functions, registered
from tests.ops.drawing import broadcastable, filled, shapes, tensors

Numbers = list[c.Counted]


def _greatest(row: Numbers) -> Any:
    high = row[0]
    for number in row[1:]:
        high = c.maximum(high, number)
    return high


def _product(row: Numbers) -> Any:
    whole = row[0]
    for number in row[1:]:
        whole = whole * number
    return whole


def _variance(row: Numbers) -> Any:
    mean = c.added(row) / len(row)
    return c.added([(apart := number - mean) * apart for number in row]) / max(len(row) - 1, 1)


def _logsumexp(row: Numbers) -> Any:
    high = _greatest(row)
    return c.log(c.added([c.exp(number - high) for number in row])) + high


_FORMULAS: dict[str, Callable[[Numbers], Any]] = {
    "sum": c.added,
    "mean": lambda row: c.added(row) / len(row),
    "amax": _greatest, "amin": _greatest, "all": _greatest, "any": _greatest, "argmax": _greatest,
    "argmin": _greatest,
    "max": _greatest, "min": _greatest,
    "var": _variance,
    "std": lambda row: c.sqrt(_variance(row)),
    "prod": _product,
    "logsumexp": _logsumexp,
}  # fmt: skip
_VALUES = {"sum", "mean", "amax", "max", "var", "std", "prod", "logsumexp"}


def test_every_rule_has_a_case() -> None:
    assert registered("reduction") == {*_FORMULAS, "cumsum", "cumprod", "vector_norm", "embedding_bag"}


@pytest.mark.parametrize("name", _FORMULAS)
@few(30)
@given(data=st.data())
def test_reductions_agree(name: str, data: st.DataObject) -> None:
    x = data.draw(tensors(shapes(0, 3)))
    single, several = st.integers(-4, 3), st.lists(st.integers(-3, 2), max_size=3)
    dim = data.draw(single if name in {"argmax", "argmin", "max", "min", "prod"} else single | several)
    keepdim = data.draw(st.booleans())
    for function in functions(name):
        agree(function, x, dim, keepdim=keepdim)
        if name != "logsumexp":
            agree(function, x)


@pytest.mark.parametrize("name", _FORMULAS)
@few(15)
@given(shape=shapes(1, 3, smallest=1, largest=4), data=st.data())
def test_counts_are_those_of_the_formula(name: str, shape: tuple[int, ...], data: st.DataObject) -> None:
    x = filled(shape) + 0.1
    dim = data.draw(st.integers(0, len(shape) - 1))
    tally: Counter[str] = Counter()
    rows = x.movedim(dim, -1).reshape(-1, x.shape[dim]).tolist()
    values = torch.tensor([c.plain(_FORMULAS[name](c.counted(row, tally))) for row in rows])
    for function in functions(name):
        assert counts(cost_of(function, x, dim)) == {kind: count for kind, count in tally.items() if count}
        if name in _VALUES and not (name in {"var", "std"} and x.shape[dim] == 1):
            found = function(x, dim)
            found = found if isinstance(found, Tensor) else found.values
            torch.testing.assert_close(values.reshape(found.shape), found, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in _FORMULAS if name != "logsumexp"])
def test_over_everything(name: str) -> None:
    x = filled((2, 3, 4))
    tally: Counter[str] = Counter()
    _FORMULAS[name](c.counted(x.flatten().tolist(), tally))
    for function in functions(name):
        assert counts(cost_of(function, x)) == dict(tally)


@few(30)
@given(data=st.data())
def test_the_greater_and_the_lesser_of_two(data: st.DataObject) -> None:
    left, right = data.draw(broadcastable(2))
    x, y = filled(left), filled(right)
    for name in ("max", "min"):
        costs = [agree(function, x, y) for function in functions(name)]
        costs.append(agree(getattr(torch, name), x, other=y))
        assert len(set(costs)) == 1
        if costs[0] is not None:
            assert counts(costs[0]).get("comparisons", 0) == torch.maximum(x, y).numel()


@pytest.mark.parametrize("function", [torch.sum, torch.mean, torch.prod, Tensor.sum, Tensor.mean])
@few(15)
@given(x=tensors(shapes(0, 3)), dtype=st.sampled_from([torch.float64, torch.int64, torch.float32]))
def test_results_of_a_wanted_type(function: Any, x: Tensor, dtype: torch.dtype) -> None:
    agree(function, x, dtype=dtype)
    agree(function, x, 0, dtype=dtype)


@pytest.mark.parametrize("name", ["var", "std"])
@few(15)
@given(x=tensors(shapes(1, 3), (torch.float32, torch.float64)))
def test_spellings_of_the_correction(name: str, x: Tensor) -> None:
    for function in functions(name):
        costs = {
            agree(function, x, correction=0),
            agree(function, x, False),
            agree(function, x, unbiased=False),
        }
        assert len(costs) == 1
        assert len({agree(function, x, 0, False), agree(function, x, dim=0, correction=0)}) == 1
        agree(function, x, 0, True, True)


@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
@few(25)
@given(x=tensors(shapes(0, 3)), dim=st.integers(-4, 3))
def test_cumulative(name: str, x: Tensor, dim: int) -> None:
    for function in functions(name):
        if function in {Tensor.cumsum_, Tensor.cumprod_} and x.dtype == torch.bool:
            continue
        cost = agree(function, x, dim)
        if cost is None:
            continue
        rows = x.movedim(dim, -1).reshape(-1, x.shape[dim]) if x.dim() and x.numel() else torch.zeros(0, 1)
        steps = sum(1 for row in rows.tolist() for _ in row[1:])
        assert counts(cost) == ({"adds" if name == "cumsum" else "multiplications": steps} if steps else {})


@pytest.mark.parametrize("order", [1, 2, 3, 0.5, math.inf, -math.inf, 0])
@few(15)
@given(
    x=tensors(shapes(0, 3), (torch.float32, torch.float64, torch.int64)), dim=st.none() | st.integers(-3, 2)
)
def test_vector_norms(order: float, x: Tensor, dim: int | None) -> None:
    cost = agree(torch.linalg.vector_norm, x, order, dim)
    if cost is None or not x.numel() or order == 0:
        return
    tally: Counter[str] = Counter()
    rows = x.reshape(1, -1) if dim is None or not x.dim() else x.movedim(dim, -1).reshape(-1, x.shape[dim])
    for row in rows.tolist():
        numbers = c.counted(row, tally)
        if math.isinf(order):
            _greatest([c.choose(number < 0, -number, number) for number in numbers])
        elif order == 1:
            c.added([c.choose(number < 0, -number, number) for number in numbers])
        elif order == 2:
            c.sqrt(c.added([number * number for number in numbers]))
        else:
            one = c.function("exponentials", lambda value: abs(value) + 1.0)
            c.power(c.added([one(number) for number in numbers]), 1 / order)
    assert counts(cost) == {kind: count for kind, count in tally.items() if count}


@few(40)
@given(data=st.data())
def test_bags_of_rows(data: st.DataObject) -> None:
    vocabulary, width, bags = (data.draw(st.integers(1, 4)) for _ in range(3))
    mode = data.draw(st.sampled_from(["sum", "mean", "max"]))
    weight = filled((vocabulary, width))
    lengths = [data.draw(st.integers(1, 3)) for _ in range(bags)]
    ragged = data.draw(st.booleans())
    lengths = lengths if ragged else [lengths[0]] * bags
    indices = torch.zeros(sum(lengths), dtype=torch.int64)
    samples = filled((sum(lengths),)) if data.draw(st.booleans()) else None
    starts = torch.tensor([sum(lengths[:bag]) for bag in range(bags)]) if ragged else None
    if not ragged:
        indices = indices.reshape(bags, -1)
        samples = None if samples is None else samples.reshape(bags, -1)
    form = {"mode": mode, "per_sample_weights": samples}
    cost = agree(F.embedding_bag, indices, weight, starts, **form)
    assert (cost is None) == (samples is not None and mode != "sum")
    if cost is None:
        return
    tally: Counter[str] = Counter()
    for length in lengths:
        for _ in range(width):
            row = c.counted([1.0] * length, tally)
            row = row if samples is None else [number * 2.0 for number in row]
            if mode == "max":
                greatest = row[0]
                for number in row[1:]:
                    greatest = c.maximum(greatest, number)
            else:
                summed = c.added(row)
                _ = summed / length if mode == "mean" else summed
    assert counts(cost) == {kind: count for kind, count in tally.items() if count}
