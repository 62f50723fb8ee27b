"""Sorting and its kin against the number of answers that they have to tell apart."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.ops.ordering import orders
from tests.ops.agreement import agree, cost_of, counts, few, functions, registered
from tests.ops.drawing import filled, shapes, tensors


def test_every_rule_has_a_case() -> None:
    assert registered("ordering") == {"sort", "argsort", "msort", "topk", "searchsorted", "bucketize"}


def _questions(answers: int) -> int:
    """The fewest questions with two answers each that can tell ``answers`` apart."""
    asked = 0
    while 2**asked < answers:
        asked += 1
    return asked


@pytest.mark.parametrize("values", range(7))
def test_comparisons_are_as_many_as_the_answers_need(values: int) -> None:
    for kept in range(values + 1):
        ranked = {order[:kept] for order in itertools.permutations(range(values))}
        assert orders(values, kept) == _questions(len(ranked))
        assert orders(values, kept, ranked=False) == _questions(len(set(map(frozenset, ranked))))


@pytest.mark.parametrize(("values", "kept"), [(600, 600), (1_000, 10), (5_000, 4_999)])
def test_large_numbers_are_not_worked_out_in_full(values: int, kept: int) -> None:
    assert orders(values, kept) == (math.perm(values, kept) - 1).bit_length()
    assert orders(values, kept, ranked=False) == (math.comb(values, kept) - 1).bit_length()


@few(30)
@given(data=st.data())
def test_sorts(data: st.DataObject) -> None:
    x = data.draw(tensors(shapes(0, 3, largest=4), (torch.float32, torch.int64)))
    dim = data.draw(st.integers(-3, 2))
    legal = -max(x.dim(), 1) <= dim < max(x.dim(), 1)
    length = x.shape[dim] if legal and x.dim() else 1
    rows = x.numel() // length if length else 0
    expected = sum(_questions(math.factorial(length)) for _ in range(rows))
    for name in ("sort", "argsort"):
        for function in functions(name):
            for form in ({"dim": dim}, {"dim": dim, "descending": True}, {"dim": dim, "stable": True}):
                cost = agree(function, x, **form)
                assert cost is None or counts(cost) == ({"comparisons": expected} if expected else {})
            assert (agree(function, x, dim) is None) == (cost is None)
    if x.dim() and dim == 0:
        for function in functions("msort"):
            assert cost_of(function, x).comparisons == expected


@few(30)
@given(data=st.data())
def test_the_greatest(data: st.DataObject) -> None:
    x = data.draw(tensors(shapes(1, 3, largest=4), (torch.float32, torch.int64)))
    k, dim, ranked = data.draw(st.integers(0, 4)), data.draw(st.integers(-2, 1)), data.draw(st.booleans())
    for function in functions("topk"):
        cost = agree(function, x, k, dim, True, ranked)
        if cost is None or not x.numel():
            continue
        length = x.shape[dim]
        ways = math.perm(length, k) if ranked else math.comb(length, k)
        assert cost.comparisons == x.numel() // length * _questions(ways)


@few(30)
@given(data=st.data())
def test_places(data: st.DataObject) -> None:
    length, values = data.draw(st.integers(0, 9)), data.draw(shapes(0, 2))
    edges, x = torch.arange(length).float(), filled(values)
    expected = x.numel() * _questions(length + 1)
    for function in functions("bucketize"):
        assert cost_of(function, x, edges).comparisons == expected
    for function in functions("searchsorted"):
        assert cost_of(function, edges, x).comparisons == expected


@pytest.mark.parametrize("name", ["median", "kthvalue", "unique", "mode"])
def test_what_no_definition_gives_stays_unknown(name: str) -> None:
    function: Any = getattr(torch, name)
    assert not functions(name)
    assert callable(function)
