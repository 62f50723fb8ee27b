"""Matrix products against loops over rows, columns and what is summed."""

from __future__ import annotations

import itertools
import operator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.ops.agreement import Form, agree, cost_of, counts, few, functions, registered, total
from tests.ops.drawing import broadcastable, filled

_SIDE = st.integers(1, 4)


def test_every_rule_has_a_case() -> None:
    assert registered("linear") == {
        "linear", "bilinear", "matmul", "matmul_reflected", "mm", "bmm", "mv", "dot", "addmm", "addmv",
        "baddbmm",
        "outer", "einsum", "grouped_mm",
    }  # fmt: skip


def _multiply_adds(output: Tensor, inner: int) -> int:
    return sum(1 for _ in range(output.numel()) for _ in range(inner))


@pytest.mark.parametrize("wrong", [0, 1])
@few(25)
@given(data=st.data())
def test_linear(wrong: int, data: st.DataObject) -> None:
    outer = data.draw(st.lists(st.integers(1, 3), max_size=3))
    inner, width = data.draw(_SIDE), data.draw(_SIDE)
    x = filled((*outer, inner + wrong))
    weight = filled((width, inner) if wrong or data.draw(st.integers(0, 5)) else (inner,))
    weight = weight.double() if x.dim() == 2 and x.numel() and data.draw(st.integers(0, 5)) == 0 else weight
    other = filled((width + 1,)) if x.dim() == 2 else None
    bias = data.draw(st.sampled_from([None, filled(weight.shape[:-1]), filled((1,)), other, filled(())]))
    cost = agree(F.linear, x, weight, bias)
    assert cost is None or not wrong
    if cost is not None:
        output = F.linear(x, weight, bias)
        assert cost.macs == _multiply_adds(output, inner)
        assert cost.ops == cost.adds == (0 if bias is None else output.numel())


@pytest.mark.parametrize("wrong", [0, 1])
@few(15)
@given(data=st.data())
def test_bilinear(wrong: int, data: st.DataObject) -> None:
    outer = data.draw(st.lists(_SIDE, max_size=2))
    first, second, width = data.draw(_SIDE), data.draw(_SIDE), data.draw(_SIDE)
    x, y = filled((*outer, first)), filled((*outer, second + wrong))
    bias = data.draw(st.sampled_from([None, filled((width,)), filled((width + 1,))]))
    cost = agree(F.bilinear, x, y, filled((width, first, second)), bias)
    if cost is not None:
        products = 0
        for _position in itertools.product(*map(range, outer), range(width)):
            for _row, _column in itertools.product(range(second), range(first)):
                products += 1  # (x₁ A), a vector of C₂
            products += second  # (x₁ A) x₂
        assert cost.macs == products


@pytest.mark.parametrize("wrong", [0, 1])
@few(40)
@given(data=st.data())
def test_matmul(wrong: int, data: st.DataObject) -> None:
    left, right = data.draw(broadcastable(2)) if not wrong else [(), ()]
    rows, inner, columns = data.draw(st.integers(0, 3)), data.draw(_SIDE), data.draw(_SIDE)
    x = data.draw(st.sampled_from([filled((*left, rows, inner)), filled((inner,))]))
    y = data.draw(st.sampled_from([filled((*right, inner + wrong, columns)), filled((inner + wrong,))]))
    y = y.double() if x.numel() and x.dim() == y.dim() == 2 and data.draw(st.integers(0, 9)) == 0 else y
    costs = [agree(function, x, y) for function in (*functions("matmul"), operator.matmul)]
    costs.append(agree(Tensor.__rmatmul__, y, x))
    assert costs[0] is None or not wrong
    assert len({None if cost is None else str(counts(cost)) for cost in costs}) == 1
    if costs[0] is not None:
        assert counts(costs[0]).get("macs", 0) == _multiply_adds(torch.matmul(x, y), x.shape[-1])


@few(60)
@given(data=st.data())
def test_products_that_do_not_broadcast(data: st.DataObject) -> None:
    side = st.integers(1, 3)
    shape = st.lists(side, min_size=1, max_size=3).map(tuple)
    x = filled(data.draw(shape))
    mate = (*x.shape[:-2], x.shape[-1], 2) if x.dim() > 1 else x.shape
    y = filled(data.draw(shape | st.just(mate) | st.just(x.shape[-1:])))
    for name in ("mm", "bmm", "mv", "dot"):
        for function in functions(name):
            cost = agree(function, x, y)
            if cost is not None:
                assert counts(cost) == {"macs": _multiply_adds(function(x, y), x.shape[-1])}


@few(40)
@given(data=st.data())
def test_sums_with_a_product(data: st.DataObject) -> None:
    rows, inner, columns, batch = (data.draw(_SIDE) for _ in range(4))
    beta, alpha = data.draw(st.sampled_from([0, 1, 2])), data.draw(st.sampled_from([1, 0.5]))
    for name, x, y in (
        ("addmm", filled((rows, inner)), filled((inner, columns))),
        ("baddbmm", filled((batch, rows, inner)), filled((batch, inner, columns))),
        ("addmv", filled((rows, inner)), filled((inner,))),
    ):
        output = x @ y
        start = data.draw(
            st.sampled_from([filled(output.shape), filled(()), filled(output.shape[-1:]), filled((7,))])
        )
        for function in functions(name):
            cost = agree(function, start, x, y, beta=beta, alpha=alpha)
            if cost is not None:
                scaled = ((alpha != 1) + (beta not in {0, 1})) * output.numel()
                expected = (_multiply_adds(output, inner), (beta != 0) * output.numel(), scaled)
                assert (cost.macs, cost.adds, cost.multiplications) == expected
    for function in functions("addmm"):
        agree(function, filled((2, 2)), filled((2, 3)), filled((4, 2)))


@pytest.mark.parametrize("function", functions("outer"))
def test_outer_products_sum_nothing(function: Any) -> None:
    assert counts(cost_of(function, filled((3,)), filled((4,)))) == {"multiplications": 12}
    assert agree(function, filled((3, 1)), filled((4,))) is None


def _naive_einsum(equation: str, *operands: Tensor) -> int:
    """Count the multiply-adds of one loop over every label."""
    sizes = {}
    for term, tensor in zip(equation.split("->", maxsplit=1)[0].split(","), operands, strict=True):
        sizes.update(zip(term, tensor.shape, strict=True))
    return sum(1 for _ in itertools.product(*map(range, sizes.values())))


@pytest.mark.parametrize("equation", ["ij,jk->ik", "bij,bjk->bik", "bhqd,bhkd->bhqk", "nc,oc->no", "i,j->ij",
                                      "ij,j->i",
                                      "abc,cd->adb", " ij , jk -> ik "])  # fmt: skip
@few(8)
@given(data=st.data())
def test_contractions_of_two_operands(equation: str, data: st.DataObject) -> None:
    plain = equation.replace(" ", "")
    terms = plain.split("->")[0].split(",")
    sizes = {label: data.draw(st.integers(1, 3)) for label in sorted(set("".join(terms)))}
    operands = [filled([sizes[label] for label in term]) for term in terms]
    assert cost_of(torch.einsum, equation, *operands).macs in {
        _naive_einsum(plain, *operands),
        0
        if 1 in sizes.values() or plain == "i,j->ij"
        else -1,  # a sum over one element may be a plain product
    }
    agree(torch.einsum, equation, operands)
    agree(torch.einsum, equation, operands[0], operands[1][..., None])


@pytest.mark.parametrize(
    "equation", ["ij->ji", "ii->i", "ij,jk", "...ij,...jk->...ik", "ij,jk,kl->il", "ij,kl->i"]
)
def test_other_contractions_agree(equation: str) -> None:
    terms = equation.split("->", maxsplit=1)[0].split(",")
    agree(torch.einsum, equation, *(filled([3] * len(term.replace("...", "_"))) for term in terms))


def test_a_chain_of_contractions_costs_its_products() -> None:
    cost = cost_of(torch.einsum, "ij,jk,kl->il", filled((2, 3)), filled((3, 4)), filled((4, 5)))
    assert cost.macs == 2 * 3 * 4 + 2 * 4 * 5


@few(10)
@given(batch=st.lists(_SIDE, max_size=2), rows=_SIDE, inner=_SIDE)
def test_products_of_what_cannot_be_multiplied(batch: list[int], rows: int, inner: int) -> None:
    x = filled((*batch, rows, inner))
    assert agree(torch.matmul, x, filled(())) is None
    assert agree(torch.matmul, filled((2, rows, inner)), filled((3, inner, 2))) is None
    assert agree(torch.matmul, filled((rows, inner)), filled((inner, 2)).double()) is None
    assert agree(F.linear, filled((rows, inner)), filled((2, inner)).double()) is None
    assert agree(F.linear, filled((rows, inner)), filled((2, inner)), filled((3,))) is None


@pytest.mark.parametrize(
    ("left", "right", "ends", "macs"),
    [
        ((16, 8), (3, 8, 16), (2, 7, 16), 16 * 8 * 16),
        ((3, 8, 16), (16, 24), (2, 7, 24), 8 * 16 * 24),
        ((8, 16), (16, 24), (2, 7, 16), 8 * 16 * 24),
        ((3, 8, 16), (3, 16, 24), None, 3 * 8 * 16 * 24),
    ],
)
def test_grouped_products(left: Any, right: Any, ends: Any, macs: int) -> None:
    """Each group is a product of its own; ``macs`` are theirs together, worked out by hand."""
    for function in functions("grouped_mm"):
        offs = None if ends is None else torch.tensor(ends, dtype=torch.int32)
        x, y = filled(left, torch.bfloat16), filled(right, torch.bfloat16)
        cost = agree(function, x, y, offs=offs)
        if cost is not None:  # PyTorch runs it on the CPU from some version on
            assert counts(cost) == {"macs": macs}
        _, _, facts = Form(function, (x, y), {"offs": offs}).traced()
        assert total(facts).macs == macs
