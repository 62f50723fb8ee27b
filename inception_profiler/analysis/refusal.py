"""A call that PyTorch refuses: the one line that says which layer, which shapes and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from inception_profiler.analysis.arguments import all_mapped, short_name, tensors_in
from inception_profiler.errors import LayerError
from inception_profiler.ops.rule import Rule

_MOST_RESERVED = 2**28


def refuse(
    path: str, func: Callable[..., Any], rule: Rule, args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """Let PyTorch itself say why it refuses, on tensors that hold one number at most.

    Raises:
        LayerError: PyTorch refuses; without it, the rule was stricter than PyTorch is.
    """
    arguments, named = all_mapped(args, options, _hollow if rule.in_place else _ghost)
    try:
        func(*arguments, **named)
    except Exception as error:
        raise layer_error(path, func, args, options, error) from error


def layer_error(
    path: str, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], error: Exception
) -> LayerError:
    """Return PyTorch's own ``error`` as one of the layer at ``path``, with the shapes it was given."""
    given = tensors_in(args, options)
    shapes = " and ".join("×".join(map(str, tensor.shape)) or "scalar" for tensor in given)
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return LayerError(path, short_name(func), f"cannot take {shapes or 'these arguments'}: {reason}")


def _ghost(tensor: Tensor) -> Tensor:
    return torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)


def _hollow(tensor: Tensor) -> Tensor:
    """Return a tensor that can be written to; its memory is reserved but never touched by a refusal."""
    device = torch.device("cpu") if tensor.numel() < _MOST_RESERVED else torch.device("meta")
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=device)
