"""Profile a model: build it if it is a name, trace it, price it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inception_profiler.analysis.price import price
from inception_profiler.analysis.resolve import resolve
from inception_profiler.analysis.trace import trace
from inception_profiler.errors import InputError
from inception_profiler.records.profile import Profile

if TYPE_CHECKING:
    from torch import nn

_IMAGE = 3
"""Dimensions of one image: C H W."""


def profile(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    batch: int | None = None,
    train: bool | None = False,
) -> Profile:
    """Count what a model costs, layer by layer, without running it and without changing it.

    Args:
        model: any ``torch.nn.Module``, or the spelling of one that `resolve` understands: a registered name,
            ``timm:resnet50``, ``package.module:build``, ``file.py:Net``.
        input_shape: N C H W; for a name also C H W. The model's own input if left out, where it is known.
        batch: images in a batch, in place of N.
        train: False counts inference, whatever the module's flags say; True counts training, with the
            auxiliary heads of a registered model built and executed; None (modules only) counts each module
            as its own flag says.

    Returns:
        The profile. For a module its flags, statistics, weights, hooks and random states are what they were.

    Raises:
        UnknownNameError: no model of that name.
        InputError: no or a bad input shape.
        LayerError: a layer cannot take its input.
    """
    if batch is not None and batch < 1:
        raise InputError(f"a batch has at least 1 image, not {batch}")
    if isinstance(model, str):
        subject = resolve(model, train=bool(train))
        given = subject.input if input_shape is None else tuple(input_shape)
        if given is None:
            raise InputError(
                f"{model} does not say what it takes: give the size of its input, like 3x224x224"
            )
        facts = trace(subject.network, [_batched(given, _IMAGE, batch)], train=bool(train), name=subject.name)
        return price(facts, subject.naming, subject.auxiliary)
    if input_shape is None:
        raise InputError("give the shape of the input: profile(module, input_shape=(1, 3, 224, 224))")
    shape = tuple(input_shape)
    return price(trace(model, [_batched(shape, len(shape) - 1, batch)], train=train))


def _batched(shape: tuple[int, ...], rank: int, batch: int | None) -> tuple[int, ...]:
    """Return ``shape`` with its batch in front, where one example has ``rank`` dimensions."""
    if not shape or not all(type(size) is int and size > 0 for size in shape):
        raise InputError(f"an input shape is made of positive whole numbers, not {shape}")
    if len(shape) <= rank:
        return (batch or 1, *shape)
    return (batch or shape[0], *shape[1:])
