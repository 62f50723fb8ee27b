"""What a forward pass is given: tensors told by shape and type, positional or named, in any nesting."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from inception_profiler.errors import InputError
from inception_profiler.records.trace import TensorSpec
from inception_profiler.units import parse_shape, possible

_IMAGE = 3
"""Dimensions of one image: C H W."""
_TOKENS = 1
"""Dimensions of one example of an integer input: a sequence of token ids."""
_BATCH = re.compile(r"n\s*[x×,*]\s*", re.IGNORECASE)
_SEED = 0


class Batch(Enum):
    """How it is known that the first size of a tensor is the number of examples."""

    ASSUMED = "it is, unless another input says so by N and this one does not"
    ADDED = "it was put in front of the sizes of one example"
    WRITTEN = "it was written as N"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tensor that the forward pass shall be given; ``dtype`` None means that of the model.

    ``given`` is the caller's own tensor, whose values are used where a forward pass needs values.
    """

    shape: tuple[int, ...]
    dtype: torch.dtype | None = None
    given: Tensor | None = None
    batch: Batch = Batch.ASSUMED

    def resized(self, batch: int) -> Wanted:
        """Return the same tensor with ``batch`` examples; values that were given are repeated in turn."""
        given = self.given
        if given is not None:
            given = given.detach()[torch.arange(batch, device=given.device) % len(given)]
        return replace(self, shape=(batch, *self.shape[1:]), given=given)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The arguments of a forward pass, with a `Wanted` in the place of every tensor."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)

    def made(self, make: Callable[[Wanted], Tensor]) -> tuple[tuple[Any, ...], dict[str, Any], list[Tensor]]:
        """Return positional and named arguments with ``make``'s tensors, and those tensors in order."""
        tensors: list[Tensor] = []

        def made(wanted: Wanted) -> Tensor:
            tensors.append(make(wanted))
            return tensors[-1]

        return _mapped(self.args, made), _mapped(self.kwargs, made), tensors

    def batched(self, batch: int) -> Inputs:
        """Return the same inputs with ``batch`` examples: the first size of every tensor that has one.

        Where some input writes it as N, those that do not keep the sizes they state.

        Raises:
            InputError: a tensor in a list or a tuple, whose first size may be anything.
        """
        written = any(wanted.batch is Batch.WRITTEN for wanted in self.tensors)

        def resized(wanted: Wanted) -> Wanted:
            stays = written and wanted.batch is Batch.ASSUMED
            return wanted.resized(batch) if wanted.shape and not stays else wanted

        for argument in (*self.args, *self.kwargs.values()):
            if isinstance(argument, list | tuple) and list(_leaves(argument, "")):
                raise InputError(
                    "a batch cannot be put into a list of tensors: write the sizes themselves, batch included"
                )
        return self.mapped(resized)

    def mapped(self, change: Callable[[Wanted], Wanted]) -> Inputs:
        """Return the same inputs with every tensor as ``change`` makes it."""
        return Inputs(_mapped(self.args, change), _mapped(self.kwargs, change))

    @property
    def tensors(self) -> tuple[Wanted, ...]:
        """The tensors in order."""
        return tuple(wanted for _, wanted in self._named())

    @property
    def names(self) -> tuple[str, ...]:
        """What each tensor is called, ``input_ids`` or ``boxes.0``; empty for a positional argument."""
        return tuple(name for name, _ in self._named())

    @property
    def foreign(self) -> tuple[Tensor, ...]:
        """The tensors inside arguments that are handed over as they are: a packed sequence, a batch class."""
        found: list[Tensor] = []
        for value in _others((*self.args, *self.kwargs.values())):
            held = value if isinstance(value, tuple) else getattr(value, "__dict__", {}).values()
            found += [item for item in held if isinstance(item, Tensor)]
        return tuple(found)

    def _named(self) -> Iterator[tuple[str, Wanted]]:
        for argument in self.args:
            yield from _leaves(argument, "")
        for name, argument in self.kwargs.items():
            yield from _leaves(argument, name)


def gather(given: Any) -> Inputs:
    """Read what a caller gave as the inputs of a model.

    ==================================  ====================================================================
    ``{"input_ids": …, "mask": …}``     named arguments
    ``[…, …]``, ``(…, …)``              positional arguments
    a leaf                              the one positional argument
    ==================================  ====================================================================

    A leaf is a shape ``(1, 3, 224, 224)``, batch included; a text as `parse_input` reads it; a tensor; or a
    `TensorSpec`. Lists, tuples and dicts inside hold more of them, and everything else is handed over as it
    is. What a tokenizer of transformers returns is a dict of named arguments too.

    Raises:
        InputError: a shape that is not made of positive whole numbers, or a text that is none.
    """
    if isinstance(given, Inputs):
        return given
    if isinstance(given, Mapping):
        if not all(isinstance(name, str) for name in given):
            raise InputError("named inputs are named by texts: the names of arguments of the forward pass")
        return Inputs((), {name: _read(value) for name, value in given.items()})
    if type(given) in {list, tuple} and not _is_shape(given):
        return Inputs(tuple(map(_read, given)))
    return Inputs((_read(given),))


def parse_input(text: str) -> Wanted:
    """Read an input as people type it: ``3x224x224``, ``10``, ``Nx128x768``, ``int64:1x128``.

    A type and a colon may stand in front. ``N`` stands for the batch, 1 unless told; without it the batch is
    put before up to three sizes of an image (C H W) or before the length of a sequence of integers.

    >>> parse_input("3x224x224").shape, parse_input("Nx128x768").shape, parse_input("int64:1x128").shape
    ((1, 3, 224, 224), (1, 128, 768), (1, 128))

    Raises:
        InputError: no shape, or no such type.
    """
    name, colon, sizes = text.rpartition(":")
    dtype = dtype_named(name.strip()) if colon else None
    batch = _BATCH.match(sizes.strip())
    if batch:
        return Wanted((1, *parse_shape(sizes.strip()[batch.end() :])), dtype, batch=Batch.WRITTEN)
    shape = parse_shape(sizes)
    rank = _IMAGE if dtype is None or dtype.is_floating_point else _TOKENS
    if len(shape) <= rank:
        return Wanted((1, *shape), dtype, batch=Batch.ADDED)
    return Wanted(shape, dtype)


def parse_inputs(texts: Sequence[str]) -> Inputs:
    """Read the inputs of a model as people type them: in their order, or by name as in ``mask=bool:1x128``.

    Raises:
        InputError: no shape, no such type, or a name that is none or is given twice.
    """
    args: list[Wanted] = []
    kwargs: dict[str, Wanted] = {}
    for text in texts:
        name, named, sizes = text.rpartition("=")
        if not named:
            args.append(parse_input(sizes))
        elif not name.strip().isidentifier():
            raise InputError(f"cannot read {name!r} as the name of an input: write NAME=SIZES")
        elif name.strip() in kwargs:
            raise InputError(f"the input {name.strip()!r} is given twice")
        else:
            kwargs[name.strip()] = parse_input(sizes)
    return Inputs(tuple(args), kwargs)


def input_tensor(wanted: Wanted, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Make a tensor for a forward pass that needs values: the caller's own ones, else noise, else zeros.

    Integers are zeros, which index anything; truth values are true.
    """
    kind = wanted.dtype or dtype
    if wanted.given is not None and not wanted.given.is_meta:
        return wanted.given.detach().clone().to(device)
    if kind.is_floating_point or kind.is_complex:
        noise = torch.rand(wanted.shape, generator=torch.Generator().manual_seed(_SEED))
        return noise.to(device=device, dtype=kind)
    return torch.full(wanted.shape, kind == torch.bool, dtype=kind, device=device)


def checked_shape(shape: Any) -> tuple[int, ...]:
    """Return a shape as a tuple.

    Raises:
        InputError: not made of positive whole numbers.
    """
    sizes = tuple(shape)
    if not sizes or not all(type(size) is int and size > 0 for size in sizes):
        raise InputError(f"an input shape is made of positive whole numbers, not {sizes}")
    return possible(sizes)


_SHORT = {"fp16": "float16", "half": "float16", "bf16": "bfloat16", "fp32": "float32", "fp64": "float64"}


def dtype_named(name: str) -> torch.dtype:
    """Return the type that people call ``name``: ``fp16``, ``bf16``, ``float32``, ``int64``.

    Raises:
        InputError: no such type.
    """
    dtype = getattr(torch, _SHORT.get(name.lower(), name.lower()), None)
    if not isinstance(dtype, torch.dtype):
        raise InputError(f"there is no type {name!r}: write float32, float16, bfloat16, int64, bool, …")
    return dtype


def _is_shape(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) > 0 and all(type(size) is int for size in value)


def _read(value: Any) -> Any:
    if isinstance(value, Wanted):
        return value
    if isinstance(value, str):
        return parse_input(value)
    if isinstance(value, TensorSpec):
        return Wanted(value.shape, dtype_named(value.dtype))
    if isinstance(value, Tensor):
        return Wanted(tuple(value.shape), value.dtype, value)
    if _is_shape(value):
        return Wanted(checked_shape(value))
    return _rebuilt(value, _read)


def _mapped(value: Any, change: Callable[[Wanted], Any]) -> Any:
    if isinstance(value, Wanted):
        return change(value)
    return _rebuilt(value, lambda item: _mapped(item, change))


def _rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a dict, list, tuple or named tuple with every item changed, and anything else as it is."""
    if type(value) in {dict, OrderedDict}:
        return type(value)((key, change(item)) for key, item in value.items())
    if type(value) in {list, tuple}:
        return type(value)(map(change, value))
    if isinstance(value, tuple) and hasattr(value, "_fields") and not isinstance(value, PackedSequence):
        return type(value)(*map(change, value))
    return value


def _others(value: Any) -> Iterator[Any]:
    """Yield what is neither a `Wanted` nor holds one."""
    if isinstance(value, PackedSequence) or not isinstance(value, Wanted | dict | list | tuple):
        yield value
    elif not isinstance(value, Wanted):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _others(item)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Wanted]]:
    if isinstance(value, Wanted):
        yield name, value
    elif isinstance(value, dict | list | tuple) and not isinstance(value, PackedSequence):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _leaves(item, f"{name}.{key}" if name else str(key))
