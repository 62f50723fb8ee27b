"""The largest batch that fits into a given memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.memory.lens import remembered
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.errors import InputError
from inception_profiler.records.fit import Fit
from inception_profiler.records.memory import Memory
from inception_profiler.units import parse_quantity

if TYPE_CHECKING:
    from torch import nn

_MOST = 2**24
"""Batches are not looked for beyond this."""


def largest_batch(
    model: str | nn.Module,
    budget: int | str,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    train: bool | None = False,
    dtype: str = "",
    optimizer: str = "",
    foreach: bool = False,
) -> Fit:
    """Find the largest batch whose inference, or training step, fits into ``budget`` bytes.

    What must fit are weights, buffers, the input and the peak of all that the run makes: activations,
    gradients, and the optimizer's state. What libraries take besides, the allocator's fragmentation and the
    context of a GPU are no part of it: leave room for them.

    Args:
        model: any ``torch.nn.Module``, or the spelling of one, as `profile` takes it.
        budget: bytes, or a text such as ``16GiB``.
        input_shape: N C H W, as `profile` takes it; N is of no account.
        inputs: several, named or typed inputs in place of ``input_shape``.
        train: True for a step of training.
        dtype: the type of weights and inputs, for names only.
        optimizer: one of `OPTIMIZERS`; ``sgd`` if left out in training.
        foreach: whether the optimizer updates all parameters at once.

    Raises:
        InputError: not even one example fits, or memory does not depend on the batch.
    """
    about = subject(model, input_shape, inputs=inputs, train=train, dtype=dtype)
    return fitted(about, budget, optimizer=optimizer or ("sgd" if train else ""), foreach=foreach)


def fitted(about: Subject, budget: int | str, *, optimizer: str = "", foreach: bool = False) -> Fit:
    """Find the largest batch of a subject that fits.

    Bytes are nearly linear in the batch, but where the peak lies may change with it. So a line through two
    batches only proposes; what counts is that the answer was rehearsed and fits, and one more does not.
    """
    room = parse_quantity(budget) if isinstance(budget, str) else budget
    known: dict[int, Memory] = {}

    def of(batch: int) -> Memory:
        if batch not in known:
            at = about._replace(inputs=about.inputs.batched(batch))
            known[batch] = remembered(at, optimizer=optimizer, foreach=foreach)
        return known[batch]

    if of(1).total_bytes > room:
        raise InputError(
            f"not even one example fits: {of(1).model} takes {of(1).total_bytes:,} bytes at batch 1, "
            f"and {room:,} are given"
        )
    batch = _largest(lambda batch: of(batch).total_bytes, room)
    return Fit(
        memory=of(batch),
        budget_bytes=room,
        batch=batch,
        next_bytes=of(batch + 1).total_bytes,
        rehearsed=tuple(sorted((batch, memory.total_bytes) for batch, memory in known.items())),
    )


def _largest(total: Callable[[int], int], room: int) -> int:
    """Return a batch that fits while one more does not; ``total`` of 1 is known to fit."""
    fits, fails, other = 1, 0, 2
    while fails - fits != 1:
        each = (total(other) - total(fits)) / (other - fits)
        guess = max(fits + (int((room - total(fits)) / each) if each > 0 else fits), fits + 1)
        guess = min(guess, fails - 1) if fails else guess
        if guess > _MOST:
            raise InputError(f"more than {_MOST:,} examples fit: memory hardly depends on the batch")
        if total(guess) <= room:
            other, fits = fits, guess
            fails = fits + 1 if total(fits + 1) > room else fails
        else:
            other = fails = guess
            fits = guess - 1 if total(guess - 1) <= room else fits
    return fits
