"""The arguments of a call: the tensors in them, other tensors in their place, and the call's own name."""

from __future__ import annotations

import dis
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any

from torch import Tensor
from torch._ops import OpOverload, OpOverloadPacket
from torch.overrides import resolve_name


def tensors_in(args: Any, options: dict[str, Any]) -> list[Tensor]:
    """Return the tensors among arguments, also those inside lists and tuples."""
    found = []
    for argument in (*args, *options.values()) if options else args:
        if isinstance(argument, Tensor):
            found.append(argument)
        elif isinstance(argument, (list, tuple)):
            found += tensors_in(argument, {})
    return found


def mapped(value: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """Return ``value`` with every tensor in it changed."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, tuple) and type(value) is not tuple:
        return value
    if isinstance(value, list | tuple):
        return type(value)(mapped(item, change) for item in value)
    return value


def all_mapped(
    args: tuple[Any, ...], options: dict[str, Any], change: Callable[[Tensor], Tensor]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of a call with every tensor in them changed."""
    return mapped(args, change), {key: mapped(value, change) for key, value in options.items()}


OPERATORS = frozenset({Tensor.add, Tensor.mul, Tensor.matmul})
"""Methods that PyTorch also calls for an operator, ``x + y``; some tools count them only by their name."""

_BINARY = dis.opmap["BINARY_OP"]


def by_name(func: Callable[..., Any], frame: FrameType) -> bool:
    """Tell whether ``frame`` calls the method ``func`` by its name: ``x.add(y)``, and not ``x + y``.

    Where a function names the method too, a builtin that adds, such as ``sum``, is taken for it.
    """
    code = frame.f_code
    return func.__name__ in code.co_names and code.co_code[frame.f_lasti] != _BINARY


@cache
def spelling(func: Callable[..., Any], operator: bool = False) -> str:
    """Return what a user wrote to call ``func``: ``torch.nn.functional.relu``, ``torch.Tensor.add``.

    As an ``operator``, ``x + y``, the last is ``torch.Tensor.__add__``.
    """
    if operator:
        return f"torch.Tensor.__{func.__name__}__"
    if isinstance(func, OpOverload | OpOverloadPacket):
        return f"torch.ops.{func}"
    return str(resolve_name(func) or getattr(func, "__qualname__", func))


def short_name(func: Callable[..., Any]) -> str:
    """Return the spelling of ``func`` as it stands in most code: ``F.relu``, ``Tensor.add``."""
    return spelling(func).replace("torch.nn.functional", "F").replace("torch.Tensor.", "Tensor.")
