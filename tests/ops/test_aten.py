"""Prices of PyTorch's own operators, met where no rule stands above them."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from inception_profiler.analysis.trace import trace
from inception_profiler.ops.aten import aten_name, price_aten
from inception_profiler.ops.rule import Outcome
from tests.ops.agreement import COUNTS, Form, counts, total
from tests.ops.drawing import filled

aten = torch.ops.aten


def _price(operator: Any, *args: Any, **options: Any) -> Outcome | None:
    return price_aten(operator, args, options, operator(*args, **options))


@pytest.mark.parametrize(
    ("operator", "name"),
    [
        (aten.add_.Tensor, "add"),
        (aten.add.Tensor, "add"),
        (aten.__and__.Tensor, "__and__"),
        (aten._softmax.default, "_softmax"),
    ],
)
def test_names(operator: Any, name: str) -> None:
    assert aten_name(operator) == name


def test_contractions_are_half_their_flops() -> None:
    x, weight = filled((1, 2, 5, 5)), filled((3, 2, 3, 3))
    outcome = _price(aten.convolution.default, x, weight, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)
    assert outcome is not None
    assert outcome.macs == 3 * 3 * 3 * 2 * 3 * 3
    product = _price(aten.mm.default, filled((2, 3)), filled((3, 4)))
    assert product is not None
    assert product.macs == 2 * 3 * 4


def test_products_with_a_vector() -> None:
    """PyTorch registers no formula for them."""
    x, matrix = filled((3,)), filled((2, 3))
    for operator, args, macs in (
        (aten.dot.default, (x, x), 3),
        (aten.vdot.default, (x, x), 3),
        (aten.mv.default, (matrix, x), 6),
        (aten.addmv.default, (filled((2,)), matrix, x), 6),
    ):
        outcome = _price(operator, *args)
        assert outcome is not None
        assert outcome.macs == macs
        assert outcome.adds == (2 if operator is aten.addmv.default else 0)


@pytest.mark.parametrize(
    "operator", [aten.clone.default, aten.t.default, aten.relu.default, aten.exp.default]
)
def test_an_operator_costs_what_its_rule_does(operator: Any) -> None:
    x = filled((2, 3))
    outcome = _price(operator, x)
    assert outcome is not None
    name = aten_name(operator)
    function = getattr(torch, name)
    assert {
        kind: getattr(outcome, kind) for kind in counts(total(Form(function, (x,)).traced()[2]))
    } == counts(total(Form(function, (x,)).traced()[2]))


_X = filled((2, 3))


@pytest.mark.parametrize(
    ("operator", "function", "args"),
    [
        (aten.lerp.Scalar, torch.lerp, (_X, _X, 0.5)),
        (aten.addcmul.default, torch.addcmul, (_X, _X, _X)),
        (aten.addcdiv.default, torch.addcdiv, (_X, _X, _X)),
        (aten.where.self, torch.where, (_X > 0, _X, _X)),
        (aten.masked_fill.Scalar, torch.masked_fill, (_X, _X > 0, 0.5)),
        (aten.clamp.default, torch.clamp, (_X, 0.0, 1.0)),
        (aten.clamp_min.default, torch.clamp_min, (_X, 0.0)),
        (aten.clamp_max.default, torch.clamp_max, (_X, 0.0)),
        (aten.gelu.default, torch.nn.functional.gelu, (_X,)),
        (aten._prelu_kernel.default, torch.nn.functional.prelu, (_X, filled((1, 1)))),
        (aten.native_dropout.default, torch.nn.functional.dropout, (_X, 0.5, True)),
    ],
)
def test_an_operator_of_several_operands_costs_what_its_rule_does(
    operator: Any, function: Any, args: tuple[Any, ...]
) -> None:
    outcome = _price(operator, *args)
    given = (args[0], args[1][0]) if function is torch.nn.functional.prelu else args
    expected = counts(total(Form(function, given).traced()[2]))
    assert outcome is not None
    assert {kind: count for kind in COUNTS if (count := getattr(outcome, kind))} == expected


def test_sums_and_softmax() -> None:
    total_sum, soft = (
        _price(aten.sum.default, filled((2, 3))),
        _price(aten._softmax.default, filled((2, 3)), 1, False),
    )
    assert total_sum is not None
    assert total_sum.adds == 5
    assert soft is not None
    assert soft == torch_softmax(soft)
    assert soft.exponentials == 6


def torch_softmax(outcome: Outcome) -> Outcome:
    """The same outcome with the counts of the rule for softmax over three elements."""
    expected = counts(total(Form(torch.softmax, (filled((2, 3)), 1)).traced()[2]))
    return outcome._replace(**expected)


def test_any_other_elementwise_operator_is_one_add_an_element() -> None:
    outcome = _price(aten.nextafter.default, filled((2, 3)), filled((3,)))
    assert outcome is not None
    assert outcome.adds == 6


def test_what_is_unknown_is_said_to_be() -> None:
    assert _price(aten.linalg_qr.default, filled((3, 3))) is None

    class Unknown(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.linalg.qr(x).Q

    facts = trace(Unknown(), [(3, 3)])
    assert [entry.op for entry in facts.unpriced] == ["aten::linalg_qr"]


def test_losses_and_sums_into_places() -> None:
    values, targets, weights = filled((6, 4)), torch.tensor([0, 1, 2, 3, 0, 1]), filled((4,))
    for reduction, adds, divisions in ((0, 0, 0), (1, 5, 1), (2, 5, 0)):
        for given, multiplications in ((None, 0), (weights, 6)):
            outcome = _price(aten.nll_loss_forward.default, values, targets, given, reduction, -100)
            assert outcome is not None
            assert (outcome.adds, outcome.divisions, outcome.multiplications) == (
                adds,
                divisions,
                multiplications,
            )
    squares = _price(aten.mse_loss.default, values, values)
    assert squares is not None
    assert (squares.adds, squares.multiplications, squares.divisions) == (24 + 23, 24, 1)
    places = torch.zeros(6, dtype=torch.int64)
    summed = _price(aten.index_add.default, filled((3, 4)), 0, places, values)
    scattered = _price(
        aten.scatter_add.default, filled((6, 4)), 0, torch.zeros(5, 4, dtype=torch.int64), values
    )
    assert summed is not None
    assert scattered is not None
    assert (summed.adds, scattered.adds) == (24, 20)
