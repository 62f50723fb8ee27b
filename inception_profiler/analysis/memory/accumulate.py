"""Adding up the gradients of a tensor that several operations read, as autograd does it by itself.

Where a second gradient arrives for a tensor, autograd adds it into the first one in place if nobody else
holds that, and makes a third tensor otherwise. While any dispatch mode is on it never adds in place, which
would make every residual network look as if it needed one gradient more than it does. So the mode that
watches takes the decision in its stead, by the same rule.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

ADD = torch.ops.aten.add.Tensor

Holders = tuple[int, int, int]
"""How many hold a tensor: in C++, its storage, in Python."""


def summed_in_place(args: tuple[Any, ...]) -> Tensor | None:
    """Add in place what autograd would add in place, or return None."""
    if torch.is_grad_enabled() or torch._C._current_autograd_node() is None or len(args) != 2:
        return None
    first, second = args
    if not (isinstance(first, Tensor) and isinstance(second, Tensor)):
        return None
    del args
    if (
        first.layout is not torch.strided
        or second.layout is not torch.strided
        or first.shape != second.shape
        or first.dtype != second.dtype
        or not torch.ops.aten.is_non_overlapping_and_dense(first)
        or _holders(first) != held_alone()
    ):
        return None
    return first.add_(second)


def _holders(tensor: Tensor) -> Holders:
    storage = tensor.untyped_storage()
    in_storage: int = torch._C._storage_Use_Count(storage._cdata)
    in_tensor: int = tensor._use_count()  # type: ignore[attr-defined]  # torch leaves it undeclared
    return in_tensor, in_storage, sys.getrefcount(tensor)


class _Witness(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Note who holds the first operand of an addition that autograd makes, on the path of the real one."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[Holders] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is ADD and torch._C._current_autograd_node() is not None:
            self.witness(args)
        output: Any = func(*args, **(kwargs or {}))
        return output

    def witness(self, args: tuple[Any, ...]) -> None:
        first, _other = args
        del args
        self.seen.append(_holders(first))


@cache
def held_alone() -> Holders:
    """Return what `_holders` says of a gradient that only autograd holds: measured, as versions differ.

    Must be asked for the first time outside of any dispatch mode and backward pass.
    """
    witness = _Witness()
    with torch.enable_grad(), witness:
        leaf = torch.empty(2, device="meta", requires_grad=True)
        read = leaf.exp()
        (read.exp() + read.exp()).sum().backward()  # type: ignore[no-untyped-call]
    return witness.seen[0]
