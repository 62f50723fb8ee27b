"""What an inference or a training step needs in memory: weights, gradients, state, and what is alive when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.memory.book import Event
from inception_profiler.analysis.memory.peaks import peak_of
from inception_profiler.analysis.memory.rehearse import AGAIN, Rehearsal, rehearse
from inception_profiler.analysis.memory.timeline import alive_after, highest, moments
from inception_profiler.analysis.price import price
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.records.memory import (
    BACKWARD,
    FORWARD,
    LOSS,
    PHASES,
    STATE,
    STEP,
    LayerMemory,
    Memory,
    Moment,
)
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import ParameterSpec

if TYPE_CHECKING:
    from torch import nn


def memory(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    batch: int | None = None,
    train: bool | None = False,
    dtype: str = "",
    optimizer: str = "",
    foreach: bool = False,
) -> Memory:
    """Say what an inference, or a step of training, needs in memory, without running it.

    Every operator runs once on tensors without data, with autograd on in training; each storage is alive
    from the operator that returns it until PyTorch frees it. Where kernels differ by device the tensors are
    the CPU's: of a dropout it saves a mask in the type of its input, where CUDA and XPU save a byte for each
    element.

    Args:
        model: any ``torch.nn.Module``, or the spelling of one, as `profile` takes it.
        input_shape: N C H W, as `profile` takes it.
        inputs: several, named or typed inputs in place of ``input_shape``.
        batch: examples in a batch, in place of N.
        train: True for a step of training with the auxiliary heads of a registered model; None (modules only)
            leaves each module as its own flag says, and is an inference unless an ``optimizer`` is given.
        dtype: the type of weights and inputs, ``float16``; for names only.
        optimizer: one of `OPTIMIZERS`; ``sgd`` if left out in training. Given without ``train`` the model is
            trained with its modules in inference mode, as in fine-tuning with frozen statistics.
        foreach: whether the optimizer updates all parameters at once, as PyTorch does by itself on
            accelerators; the temporaries of a step are then as large as all parameters together.

    Raises:
        UnknownNameError: no model or optimizer of that name.
        InputError: no or a bad input, or nothing can be trained.
        LayerError: a layer cannot take its input.
    """
    about = subject(model, input_shape, inputs=inputs, batch=batch, train=train, dtype=dtype)
    return remembered(about, optimizer=optimizer or ("sgd" if train else ""), foreach=foreach)


def remembered(about: Subject, *, optimizer: str = "", foreach: bool = False) -> Memory:
    """Rehearse a subject and read its memory off the book: a training step if there is an ``optimizer``."""
    return read_off(rehearse(about, optimizer=optimizer, foreach=foreach), about, optimizer, foreach=foreach)


def read_off(run: Rehearsal, about: Subject, optimizer: str, *, foreach: bool) -> Memory:
    """Turn a rehearsal into its result."""
    profile = price(run.trace, about.naming, about.auxiliary)
    entries = run.book.entries
    first = [event for event in run.book.events if event.place[0] in PHASES]
    # a step that makes nothing new begins, too, with all that is alive then
    again = [Event((AGAIN, -1), -1, 0), *(event for event in run.book.events if event.place[0] == AGAIN)]
    state = {number: entries[number].nbytes for number, kind in run.kinds.items() if kind == STATE}
    state_bytes = sum(state.values())
    before = [event for event in first if event.place[0] != STEP]
    after_first = alive_after(first, {})
    timeline = tuple(moments(before, state_bytes))
    if optimizer:
        timeline += tuple(
            Moment(STEP, moment.index, moment.high_bytes, moment.end_bytes)
            for moment in moments(again, sum(after_first.values()))
        )
    peaks = []
    for phase in (FORWARD, LOSS, BACKWARD) if optimizer else (FORWARD,):
        high = highest(before, state, phase)
        peaks.append(peak_of(phase, high, before, run, profile, optimizer))
    if optimizer:
        peaks.append(peak_of(STEP, highest(again, after_first), again, run, profile, optimizer))
    return Memory(
        model=run.trace.model,
        mode=run.trace.mode,
        inputs=run.trace.inputs,
        optimizer=optimizer,
        foreach=foreach,
        weight_bytes=profile.weight_bytes,
        buffer_bytes=_nbytes(run.trace.buffers),
        input_bytes=sum(spec.nbytes for spec in run.trace.inputs),
        gradient_bytes=sum(run.gradients.values()),
        optimizer_bytes=state_bytes,
        output_bytes=profile.activation_bytes,
        saved_bytes=sum(entries[number].nbytes for number in run.kept),
        end_bytes=sum(alive_after(again, after_first).values()),
        first_peak_bytes=highest(first, {}).nbytes if optimizer else 0,
        layers=_layers(run, profile, timeline),
        peaks=tuple(peaks),
        timeline=timeline,
        fallback=run.trace.fallback,
    )


def _layers(run: Rehearsal, profile: Profile, timeline: Iterable[Moment]) -> tuple[LayerMemory, ...]:
    live: dict[tuple[str, int], int] = {}
    for moment in timeline:
        place = (moment.phase, moment.index)
        live[place] = max(live.get(place, 0), moment.high_bytes)
    saved: dict[int, int] = {}
    for number, index in run.kept.items():
        saved[index] = saved.get(index, 0) + run.book.entries[number].nbytes
    gradients, states = dict(run.gradients), dict(run.states)
    return tuple(
        LayerMemory(
            index=index,
            path=layer.path,
            name=layer.name,
            op=layer.op,
            outputs=layer.call.outputs,
            weight_bytes=layer.weight_bytes,
            gradient_bytes=sum(gradients.pop(identity, 0) for identity in layer.call.parameters),
            optimizer_bytes=sum(states.pop(identity, 0) for identity in layer.call.parameters),
            output_bytes=layer.activation_bytes,
            live_bytes=live.get((FORWARD, index), 0),
            saved_bytes=saved.get(index, 0),
            backward_live_bytes=live.get((BACKWARD, index), 0),
        )
        for index, layer in enumerate(profile.layers)
    )


def _nbytes(specs: Iterable[ParameterSpec]) -> int:
    return sum(spec.tensor.nbytes for spec in {spec.identity: spec for spec in specs}.values())
