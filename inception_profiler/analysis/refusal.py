"""A call that PyTorch refuses: the one line that says which layer, which shapes and why; or it needs data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from inception_profiler.analysis.arguments import all_mapped, short_name, tensors_in
from inception_profiler.errors import LayerError
from inception_profiler.ops.rule import Rule

_MOST_RESERVED = 2**28
_MOST_TRIED = 2**24

_ONE_VALUE = "more than 1 value per channel"
"""What PyTorch says where a map of one pixel and one image is to be normalized by its own statistics."""


class NeedsDataError(BaseException):
    """The forward pass asks for the value of a tensor that was made without data.

    Not an ``Exception``: with data there would be none, so a forward pass that catches errors must not catch
    this.
    """

    def __init__(self, layer: str, operation: str, reason: str = "depends on data") -> None:
        self.layer = layer
        self.operation = operation
        where = f"layer {layer}" if layer else "the forward pass"
        super().__init__(f"{operation} in {where} {reason}")


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


def tried(path: str, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Call ``func`` on tensors without data, and tell a wrong argument from a need of data.

    Raises:
        LayerError: a wrong argument.
        NeedsDataError: it would work with data.
    """
    try:
        return func(*args, **options)
    except NotImplementedError as error:
        raise NeedsDataError(path, short_name(func)) from error
    except Exception as error:
        if "meta" in str(error).lower() or "data-dependent" in str(error).lower():
            raise NeedsDataError(path, short_name(func)) from error
        if _works(func, args, options):  # what has no kernel for tensors without data says so in many ways
            raise NeedsDataError(path, short_name(func), "cannot run without data") from error
        raise layer_error(path, func, args, options, error) from error


def _works(func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Tell whether ``func`` takes real tensors of these shapes, though it refuses them without data."""
    given = tensors_in(args, options)
    if sum(tensor.numel() for tensor in given) > _MOST_TRIED:
        return False
    arguments, named = all_mapped(args, options, _zeros)
    try:
        func(*arguments, **named)
    except Exception:
        return False
    return True


def layer_error(
    path: str, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], error: Exception
) -> LayerError:
    """Return PyTorch's own ``error`` as one of the layer at ``path``, with the shapes it was given."""
    given = tensors_in(args, options)
    shapes = " and ".join("×".join(map(str, tensor.shape)) or "scalar" for tensor in given)
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if _ONE_VALUE in reason:
        reason = f"{reason}: a batch of two images or more has them"
    return LayerError(path, short_name(func), f"cannot take {shapes or 'these arguments'}: {reason}")


def _ghost(tensor: Tensor) -> Tensor:
    return torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)


def _hollow(tensor: Tensor) -> Tensor:
    """Return a tensor that can be written to; its memory is reserved but never touched by a refusal."""
    device = torch.device("cpu") if tensor.numel() < _MOST_RESERVED else torch.device("meta")
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=device)


def _zeros(tensor: Tensor) -> Tensor:
    return torch.zeros(tensor.shape, dtype=tensor.dtype)
