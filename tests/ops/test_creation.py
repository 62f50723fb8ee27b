"""Tensors made from nothing: made without data, at the price of their bytes."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.ops.agreement import Form, cost_of, counts, described, functions, registered, total
from tests.ops.drawing import filled

_X = filled((2, 3))
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "zeros": (2, 3), "ones": ((2, 3),), "empty": (4,), "full": ((2, 3), 0.5), "arange": (7,),
    "linspace": (0, 1, 5), "logspace": (0, 1, 5), "eye": (3,), "rand": (2, 3), "randn": (2, 3),
    "randint": (5, (2, 3)),
    "randperm": (6,), "zeros_like": (_X,), "ones_like": (_X,), "empty_like": (_X,), "full_like": (_X, 2.0),
    "rand_like": (_X,), "randn_like": (_X,), "randint_like": (_X, 5), "new_zeros": (_X, (4,)),
    "new_ones": (_X, (4,)),
    "new_empty": (_X, (4,)), "new_full": (_X, (4,), 0.5), "empty_strided": ((2, 3), (3, 1)),
    "tril_indices": (3, 3),
    "triu_indices": (3, 3), "hann_window": (5,), "hamming_window": (5,),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert registered("creation") == set(_ARGUMENTS)


@pytest.mark.parametrize("name", _ARGUMENTS)
def test_tensors_made_from_nothing(name: str) -> None:
    for function in functions(name):
        form = Form(function, _ARGUMENTS[name])
        expected, _ = form.real()
        returned, _, facts = form.traced()
        assert described(returned) == described(expected)
        assert returned.is_meta, "nothing is allocated"
        assert counts(total(facts)) == {}
        assert total(facts).bytes_written == expected.numel() * expected.itemsize


@pytest.mark.parametrize("dtype", [torch.float64, torch.int32, torch.bool])
def test_types_are_kept(dtype: torch.dtype) -> None:
    assert cost_of(torch.zeros, 5, dtype=dtype).bytes_written == 5 * dtype.itemsize
    assert cost_of(torch.zeros_like, _X, dtype=dtype).bytes_written == 6 * dtype.itemsize
    cost_of(torch.zeros, 5, device="cpu", pin_memory=False)
