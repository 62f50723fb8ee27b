"""The registry of rules, and what all rules share."""

from __future__ import annotations

import inspect
import itertools
from types import MethodWrapperType, ModuleType
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from torch import Tensor, nn

from inception_profiler.analysis.trace import trace
from inception_profiler.errors import DuplicateNameError, LayerError
from inception_profiler.ops.rule import (
    OPS,
    IllegalArguments,
    NoRule,
    Work,
    broadcast,
    cover,
    op,
    per_dimension,
    require,
    spellings,
)  # fmt: skip
from tests.ops.agreement import Form, few
from tests.ops.drawing import broadcastable, filled

_FAMILIES = {
    "activation", "attention", "convolution", "creation", "elementwise", "linear", "movement",
    "normalization", "ordering", "pooling", "recurrent", "reduction", "resampling",
}  # fmt: skip


def test_every_family_has_its_tests() -> None:
    """Each of those files compares the names of its cases with the names that are registered."""
    assert {rule.kind for rule in OPS.values()} == _FAMILIES
    for family in _FAMILIES:
        module = __import__(f"tests.ops.test_{family}", fromlist=["_"])
        assert callable(module.test_every_rule_has_a_case)


def test_rules_stand_for_functions() -> None:
    for function, rule in OPS.items():
        assert callable(function)
        assert not isinstance(function, ModuleType)
        owner = function.__self__ if isinstance(function, MethodWrapperType) else None
        assert not isinstance(owner, ModuleType), f"{function} is a method of a module, not of a tensor"
        assert rule.name
        assert inspect.getdoc(rule.price), f"{rule.name} does not say what it counts"


def test_a_function_has_one_rule() -> None:
    with pytest.raises(DuplicateNameError):
        op(F.relu)(OPS.get(F.relu).price)


def test_spellings_are_found_wherever_pytorch_keeps_them() -> None:
    assert set(spellings("relu")) == {torch.relu, Tensor.relu, F.relu}
    assert spellings("__add__") == (Tensor.__add__,)
    assert spellings("no_such_function") == ()
    assert torch.cuda not in spellings("cuda")


@few(100)
@given(pair=broadcastable(2))
def test_broadcast(pair: list[tuple[int, ...]]) -> None:
    try:
        expected = tuple(torch.broadcast_shapes(*pair))
    except RuntimeError:
        with pytest.raises(IllegalArguments):
            broadcast(*pair)
    else:
        assert broadcast(*pair) == expected


def test_sizes_for_each_dimension() -> None:
    assert per_dimension(3, 2) == per_dimension((3,), 2) == per_dimension([3, 3], 2) == (3, 3)
    with pytest.raises(IllegalArguments):
        per_dimension((1, 2, 3), 2)


def test_signals() -> None:
    require(True)
    cover(True)
    with pytest.raises(IllegalArguments):
        require(False)
    with pytest.raises(NoRule):
        cover(False)


def test_work() -> None:
    assert Work(adds=1, divisions=2).times(3) == Work(adds=3, divisions=6)
    assert str(Work(adds=1, comparisons=2)) == "1 add, 2 comparisons"


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(5)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.stem(x))


@pytest.mark.parametrize(
    ("shape", "layer"), [((1, 4, 8, 8), "stem"), ((1, 3, 2, 2), "stem"), ((1, 3, 8, 8), "norm")]
)
def test_errors_name_the_layer(shape: tuple[int, ...], layer: str) -> None:
    with pytest.raises(RuntimeError) as real:
        _Net().eval()(torch.zeros(shape))
    with pytest.raises(LayerError, match=layer) as traced:
        trace(_Net(), [shape])
    assert traced.value.layer == layer
    assert str(traced.value.__cause__) == str(real.value)


def test_refusals_to_write_carry_pytorchs_own_words() -> None:
    form = Form(Tensor.add_, (filled((3, 4)), filled((2, 3, 4))))
    with pytest.raises(RuntimeError) as real:
        form.real()
    with pytest.raises(LayerError) as traced:
        form.traced()
    assert str(traced.value.__cause__) == str(real.value)


@pytest.mark.parametrize("pair", list(itertools.product([F.relu, F.silu], [torch.float32, torch.bfloat16])))
def test_weights_pass_through_a_rule_untouched(pair: tuple[Any, torch.dtype]) -> None:
    function, dtype = pair
    returned, args, _ = Form(function, (filled((2, 3), dtype),)).traced(weights=True)
    assert returned.is_meta
    assert returned.dtype == dtype
    torch.testing.assert_close(args[0], filled((2, 3), dtype))
