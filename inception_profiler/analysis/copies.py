"""Copies of a model to run, so that the caller's own is left alone: without data, or with data made up."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from inception_profiler.errors import InputError

_META = torch.device("meta")
_CPU = torch.device("cpu")


def meta_copy(module: nn.Module) -> nn.Module:
    """Return a deep copy in which every tensor has its shape and type but no data.

    Tied parameters stay tied, and hooks and plain attributes are copied as ``copy.deepcopy`` does.

    Raises:
        InputError: an attribute of the model cannot be copied.
    """
    return _copied(
        module, lambda tensor: torch.empty_strided(*_form(tensor), dtype=tensor.dtype, device=_META)
    )


def real_copy(module: nn.Module, place: torch.device = _CPU) -> nn.Module:
    """Return a deep copy that can be run on a device; a tensor without data is filled with small numbers.

    Raises:
        InputError: an attribute of the model cannot be copied.
    """

    def real(tensor: Tensor) -> Tensor:
        if not tensor.is_meta:
            return tensor.detach().to(place, copy=True)
        made = torch.empty_strided(*_form(tensor), dtype=tensor.dtype, device=place)
        return made.fill_(0.01) if tensor.dtype.is_floating_point or tensor.dtype.is_complex else made.zero_()

    return _copied(module, real)


def _form(tensor: Tensor) -> tuple[torch.Size, tuple[int, ...]]:
    return tensor.shape, tensor.stride()


def _copied(module: nn.Module, change: Callable[[Tensor], Tensor]) -> nn.Module:
    """Return a deep copy with ``change(tensor)`` in the place of every tensor, once for each."""
    memo: dict[int, Any] = {}
    for tensor in _tensors(module):
        if id(tensor) not in memo:
            with torch.no_grad():
                made = change(tensor)
            memo[id(tensor)] = (
                nn.Parameter(made, requires_grad=tensor.requires_grad)
                if isinstance(tensor, nn.Parameter)
                else made
            )
    try:
        return copy.deepcopy(module, memo)
    except Exception as error:
        raise InputError(f"the model cannot be copied: {type(error).__name__}: {error}") from error


def _tensors(module: nn.Module) -> Iterator[Tensor]:
    for part in module.modules():
        yield from _inside(vars(part).values())


def _inside(values: Iterable[Any]) -> Iterator[Tensor]:
    """Yield the tensors among attributes, also those in lists, tuples, sets and dicts."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, Mapping):
            yield from _inside(value.values())
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _inside(value)
