"""Profile a model: build it if it is a name, trace it, price it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inception_profiler.analysis.price import price
from inception_profiler.analysis.trace import trace
from inception_profiler.errors import InputError
from inception_profiler.zoo.card import build, load
from inception_profiler.records.profile import Profile

if TYPE_CHECKING:
    from torch import nn


def profile(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    batch: int | None = None,
    train: bool | None = False,
) -> Profile:
    """Count what a model costs, layer by layer, without running it and without changing it.

    Args:
        model: a registered name, counted without weights, or any ``torch.nn.Module``.
        input_shape: N C H W; for a registered name also C H W. A registered model's own input if left out.
        batch: images in a batch, in place of N.
        train: False counts inference, whatever the module's flags say; True counts training, with the auxiliary heads of a
            registered model built and executed; None (modules only) counts each module as its own flag says.

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
        card, _ = load().get(model)
        shape = _batched(card.input if input_shape is None else tuple(input_shape), len(card.input), batch)
        network = build(model, aux=bool(train) and card.params_with_auxiliary is not None, device="meta")
        facts = trace(network, [shape], train=bool(train), name=model)
        return price(facts, card.naming, card.auxiliary)
    if input_shape is None:
        raise InputError("give the shape of the input: profile(module, input_shape=(1, 3, 224, 224))")
    shape = tuple(input_shape)
    return price(trace(model, [_batched(shape, len(shape) - 1, batch)], train=train))


def _batched(shape: tuple[int, ...], image_rank: int, batch: int | None) -> tuple[int, ...]:
    """Return ``shape`` with its batch size in front."""
    if not shape or not all(isinstance(size, int) and size > 0 for size in shape):
        raise InputError(f"an input shape is made of positive whole numbers, not {shape}")
    if len(shape) == image_rank:
        return (batch or 1, *shape)
    if len(shape) != image_rank + 1:
        raise InputError(f"an input of {image_rank} dimensions is wanted (and the batch before it), not {shape}")
    return (batch or shape[0], *shape[1:])
