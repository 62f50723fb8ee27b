"""Run an inference or a training step on tensors without data, and keep the book of its memory."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from inception_profiler.analysis.memory.book import StorageBook, StorageMode, parts
from inception_profiler.analysis.memory.optimizer import OPTIMIZERS
from inception_profiler.analysis.memory.outputs import loss_of
from inception_profiler.analysis.memory.replay import Replay
from inception_profiler.analysis.memory.twinned import twin_model
from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.refusal import NeedsDataError
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import ALONE, copied, followed, made_input, told, uncompiled, valued
from inception_profiler.analysis.walk import Scene, described, walk
from inception_profiler.errors import LayerError, ProfilerError
from inception_profiler.records.memory import BACKWARD, LOSS, PARAMETER_GRADIENT, STATE, STEP
from inception_profiler.records.trace import Trace

AGAIN = "step again"
"""The second step of the optimizer, which finds its state there."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run showed.

    Attributes:
        trace: the calls of the forward pass.
        book: every storage and when it was alive.
        kept: for each entry of the book that autograd saves, the call that saves it first.
        kinds: for each entry that is a gradient of a parameter or state of the optimizer, which of them.
        gradients: bytes of the gradient of each parameter that has one, by its identity.
        states: bytes of the optimizer's state of each parameter, by its identity.
    """

    trace: Trace
    book: StorageBook
    kept: dict[int, int]
    kinds: dict[int, str]
    gradients: dict[int, int]
    states: dict[int, int]


def rehearse(about: Subject, *, optimizer: str = "", foreach: bool = False) -> Rehearsal:
    """Run an inference, or with an ``optimizer`` a training step, without data and without a trace left.

    A model whose forward pass needs the value of a tensor is run on real tensors in a copy.

    Raises:
        LayerError: a layer refuses its input, or the forward or backward pass raises.
        InputError: nothing can be trained.
        UnknownNameError: no such optimizer.
    """
    if optimizer:
        OPTIMIZERS.get(optimizer)
    network = uncompiled(about.network)
    with ALONE, torch.inference_mode(False):
        scene = walk(network)
        try:
            with preserved(scene.paths):
                twin_model(scene)
                return _run(network, walk(network), about, optimizer, foreach, fallback="")
        except NeedsDataError as reason:
            twin = copied(network, scene, reason)
            with preserved((), device=scene.device):
                return _run(
                    twin,
                    walk(twin),
                    about,
                    optimizer,
                    foreach,
                    fallback=f"{valued(about.inputs)}, because {reason}",
                )


def _run(
    network: nn.Module, scene: Scene, about: Subject, optimizer: str, foreach: bool, *, fallback: str
) -> Rehearsal:
    """Run on the tensors that ``network`` has now, which nobody needs afterwards."""
    real = bool(fallback)
    replay = Replay(scene, real=real)
    args, kwargs, given = about.inputs.made(partial(made_input, scene, real=real))
    for tensor in given:
        replay.recorder.own(tensor)
        replay.recorder.number(tensor)
    for tensor in (*scene.tensors, *given):
        replay.book.hold(tensor)
    recorder = replay.recorder  # of the forward pass
    kinds: dict[int, str] = {}
    with followed(scene, replay, about.train) as mode:
        try:
            gradients, states = _steps(
                network, args, kwargs, replay, scene, optimizer=optimizer, foreach=foreach, kinds=kinds
            )
        except ProfilerError:
            raise
        except Exception as error:
            raise LayerError(replay.path, replay.phase, told(error)) from error
    if replay.reserved:
        warnings.warn(
            "an LSTM runs in a library, oneDNN on the CPU and cuDNN on a GPU, and what that takes and keeps "
            "for the backward pass cannot be told: the bytes are those of PyTorch's own LSTM, and the "
            "library's can be several times as many",
            stacklevel=5,  # whoever calls `memory`
        )
    trace = Trace(
        model=about.name or type(network).__name__,
        mode=mode,
        inputs=tuple(described(tensor.shape, tensor.dtype)[0] for tensor in given),
        input_names=about.inputs.names,
        calls=tuple(recorder.calls),
        parameters=scene.parameters,
        buffers=scene.buffers,
        modules=scene.modules(replay.executions),
        unpriced=replay.unpriced_operations(),
        gradients=None,
        fallback=fallback,
    )
    return Rehearsal(trace, replay.book, replay.kept, kinds, gradients, states)


def _steps(
    network: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    replay: Replay,
    scene: Scene,
    *,
    optimizer: str,
    foreach: bool,
    kinds: dict[int, str],
) -> tuple[dict[int, int], dict[int, int]]:
    """Run the forward pass and, with an optimizer, all that makes it a training step; holds the outputs."""
    with StorageMode(replay.book):
        if not optimizer:
            with torch.no_grad(), replay:
                outputs = network(*args, **kwargs)
            replay.begin("")  # what is freed from here on is no part of the run
            return {}, {}
        for tensor in scene.tensors:
            tensor.grad = None
        with torch.enable_grad(), saved_tensors_hooks(replay.keep, _unchanged):
            with replay:
                outputs = network(*args, **kwargs)
            replay.begin(LOSS)
            loss = loss_of(outputs)
        replay.begin(BACKWARD)
        with replay:
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        replay.begin(STEP)
        trained = [one for one in scene.tensors if isinstance(one, nn.Parameter) and one.requires_grad]
        updates = OPTIMIZERS.get(optimizer)(trained, foreach)
        updates.step()
        replay.begin(AGAIN)
        updates.step()
        replay.begin("")
        gradients: dict[int, int] = {}
        states: dict[int, int] = {}
        for identity, tensor in enumerate(scene.tensors):
            if tensor.grad is not None:
                gradients[identity] = _noted(replay.book, tensor.grad, PARAMETER_GRADIENT, kinds)
            if tensor in updates.state:
                states[identity] = sum(
                    _noted(replay.book, value, STATE, kinds)
                    for value in updates.state[tensor].values()
                    if isinstance(value, Tensor)
                )
        return gradients, states


def _noted(book: StorageBook, tensor: Tensor, kind: str, kinds: dict[int, str]) -> int:
    """Note what a tensor is in the book; return its bytes."""
    nbytes = 0
    for part in parts(tensor):
        number = book.number(part)
        if number >= 0:
            kinds[number] = kind
            nbytes += part.untyped_storage().nbytes()
    return nbytes


def _unchanged(tensor: Tensor) -> Tensor:
    return tensor
