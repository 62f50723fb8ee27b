"""The largest batch that fits into a given memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.memory.lens import remembered
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.errors import InputError, LayerError
from inception_profiler.records.fit import Fit
from inception_profiler.records.memory import Memory
from inception_profiler.units import Unit, parse_bytes, scale_for

if TYPE_CHECKING:
    from torch import nn

_MOST = 2**24
"""Batches are not looked for beyond this."""


def largest_batch(
    model: str | nn.Module,
    budget: int | float | str,
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
        budget: bytes, or a text such as ``16GiB`` or ``16GB``.
        input_shape: N C H W, as `profile` takes it; N is of no account.
        inputs: several, named or typed inputs in place of ``input_shape``.
        train: True for a step of training.
        dtype: the type of weights and inputs, for names only.
        optimizer: one of `OPTIMIZERS`; ``sgd`` if left out in training.
        foreach: whether the optimizer updates all parameters at once.

    Raises:
        InputError: no budget, not even the smallest batch fits, or more examples do than are looked for.
        LayerError: neither one example nor two can be run.
    """
    about = subject(model, input_shape, inputs=inputs, train=train, dtype=dtype)
    return fitted(about, budget, optimizer=optimizer or ("sgd" if train else ""), foreach=foreach)


def fitted(about: Subject, budget: int | float | str, *, optimizer: str = "", foreach: bool = False) -> Fit:
    """Find the largest batch of a subject that fits.

    Bytes are nearly linear in the batch, but where the peak lies may change with it. So a line through two
    batches only proposes; what counts is that the answer was rehearsed and fits, and one more does not.
    """
    room = _room(budget)
    known: dict[int, Memory] = {}

    def of(batch: int) -> Memory:
        if batch not in known:
            at = about._replace(inputs=about.inputs.batched(batch))
            known[batch] = remembered(at, optimizer=optimizer, foreach=foreach)
        return known[batch]

    def total(batch: int) -> int:
        try:
            return of(batch).total_bytes
        except LayerError as error:
            raise InputError(f"at batch {batch} the model does not run: {error}") from error

    least = _least(of)
    if total(least) > room:
        examples = "one example fits" if least == 1 else f"{least} examples fit"
        raise InputError(
            f"not even {examples}: {of(least).model} takes {_said(total(least))}, {_said(room)} are given "
            f"(weights alone: {_said(of(least).weight_bytes)})"
        )
    batch = _largest(total, room, least)
    return Fit(
        memory=of(batch),
        budget_bytes=room,
        batch=batch,
        next_bytes=total(batch + 1),
        rehearsed=tuple(sorted((batch, memory.total_bytes) for batch, memory in known.items())),
    )


def _room(budget: int | float | str) -> int:
    if isinstance(budget, str):
        return parse_bytes(budget)
    if isinstance(budget, int | float) and 1 <= budget < math.inf:
        return int(budget)
    raise InputError(f"a budget is a number of bytes, or a text like '16GiB', not {budget!r}")


def _least(of: Callable[[int], Memory]) -> int:
    """Return the smallest batch that runs: 2 where statistics of one number cannot be taken in training.

    Raises:
        LayerError: neither does; the one for a single example.
    """
    try:
        of(1)
    except LayerError as error:
        try:
            of(2)
        except LayerError:
            raise error from None
        return 2
    return 1


def _said(nbytes: int) -> str:
    return scale_for((nbytes,), Unit.BYTES).full(nbytes)


def _largest(total: Callable[[int], int], room: int, least: int = 1) -> int:
    """Return a batch that fits while one more does not; ``least`` is known to fit."""
    fits, fails, other = least, 0, least + 1
    while fails - fits != 1:
        each = (total(other) - total(fits)) / (other - fits)
        guess = max(fits + (int((room - total(fits)) / each) if each > 0 else fits), fits + 1)
        guess = min(guess, fails - 1) if fails else guess
        if guess > _MOST:
            ending = "memory does not grow with the batch" if each <= 0 else "give less to have an answer"
            raise InputError(f"more than {_MOST:,} examples fit into {_said(room)}: {ending}")
        if total(guess) <= room:
            other, fits = fits, guess
            fails = fits + 1 if total(fits + 1) > room else fails
        else:
            other = fails = guess
            fits = guess - 1 if total(guess - 1) <= room else fits
    return fits
