"""Tensors made from nothing: zeros, ranges, random numbers. They are made without data."""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

from typing import Any

from inception_profiler.ops.rule import MOVEMENT, Outcome, op, spellings

FACTORIES = (
    "zeros", "ones", "empty", "full", "arange", "linspace", "logspace", "eye", "rand", "randn", "randint",
    "randperm",
    "zeros_like", "ones_like", "empty_like", "full_like", "rand_like", "randn_like", "randint_like",
    "new_zeros",
    "new_ones", "new_empty", "new_full", "empty_strided", "tril_indices",
    "triu_indices", "hann_window", "hamming_window",
)  # fmt: skip


def create(*arguments: Any, **options: Any) -> Outcome:
    """Price the making of a tensor: no operations, only the bytes written."""
    return MOVEMENT


def allocate(*arguments: Any, **options: Any) -> Outcome:
    """Price the making of a tensor that is left as it is found: as any, and no kernel is started."""
    return MOVEMENT._replace(launches=0)


for _name in FACTORIES:
    op(*spellings(_name), name=_name)(allocate if "empty" in _name else create)
