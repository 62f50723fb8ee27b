"""What is to be counted: a network, what it is given, and how it shall behave."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from inception_profiler.analysis.inputs import Inputs, Wanted, checked_shape, dtype_named, gather
from inception_profiler.analysis.resolve import resolve
from inception_profiler.errors import InputError
from inception_profiler.records.naming import Naming

if TYPE_CHECKING:
    import torch
    from torch import nn

_IMAGE = 3
"""Dimensions of one image: C H W."""


class Subject(NamedTuple):
    """A network with its inputs; every lens starts from one.

    ``owned`` tells that the network was built for the purpose, so that it may be changed or run.
    """

    name: str
    network: nn.Module
    inputs: Inputs
    train: bool | None
    naming: Naming = Naming()
    auxiliary: tuple[str, ...] = ()
    owned: bool = False


def subject(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    batch: int | None = None,
    train: bool | None = False,
    dtype: str = "",
) -> Subject:
    """Prepare a model to be counted.

    Args:
        model: any ``torch.nn.Module``, or the spelling of one that `resolve` understands.
        input_shape: N C H W; for a name also C H W. The model's own input if left out, where it is known.
        inputs: several, named or typed inputs in place of ``input_shape``, as `gather` reads them.
        batch: examples in a batch, in place of N.
        train: False for inference, True for training, None for each module's own flag (modules only).
        dtype: the type of the weights and of inputs that do not say theirs, ``float16``; for names only.

    Raises:
        UnknownNameError: no model of that name.
        InputError: no or a bad input, or a ``dtype`` for a module, which has its own.
    """
    if batch is not None and batch < 1:
        raise InputError(f"a batch has at least 1 image, not {batch}")
    if inputs is not None and input_shape is not None:
        raise InputError("give input_shape or inputs, not both")
    if isinstance(model, str):
        found = resolve(model, train=bool(train))
        shape = found.input if input_shape is None else tuple(input_shape)
        if inputs is None and shape is None:
            raise InputError(
                f"{model} does not say what it takes: give the size of its input, like 3x224x224"
            )
        network = found.network
        if dtype:
            network = (network if found.built else copy.deepcopy(network)).to(_weights_type(dtype))
        chosen = _one(shape or (), _IMAGE, batch) if inputs is None else gather(inputs)
        return Subject(
            found.name,
            network,
            chosen if batch is None else chosen.batched(batch),
            bool(train),
            found.naming,
            found.auxiliary,
            owned=found.built or bool(dtype),
        )
    if dtype:
        raise InputError("a module has its own dtype: convert it first, as in model.half()")
    if input_shape is None and inputs is None:
        raise InputError("give the shape of the input: profile(module, input_shape=(1, 3, 224, 224))")
    chosen = _one(input_shape, len(input_shape) - 1, batch) if input_shape is not None else gather(inputs)
    return Subject("", model, chosen if batch is None else chosen.batched(batch), train)


def _weights_type(name: str) -> torch.dtype:
    dtype = dtype_named(name)
    if not dtype.is_floating_point:
        raise InputError(f"weights are floating-point numbers, not {name}: write float16, bfloat16, …")
    return dtype


def _one(shape: Sequence[int], rank: int, batch: int | None) -> Inputs:
    """Return the one input of ``shape``, with a batch in front where it has ``rank`` dimensions at most."""
    sizes = checked_shape(shape)
    return Inputs((Wanted((batch or 1, *sizes) if len(sizes) <= rank else sizes),))
