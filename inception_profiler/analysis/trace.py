"""Trace a model: one forward pass in which nothing is computed and after which nothing has changed."""

from __future__ import annotations

import copy
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from inception_profiler.analysis.functions import watched
from inception_profiler.analysis.inputs import Inputs, Wanted, gather, input_tensor
from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.refusal import NeedsDataError
from inception_profiler.analysis.returned import returned_tensors
from inception_profiler.analysis.tracer import Tracer
from inception_profiler.analysis.walk import Scene, described, walk
from inception_profiler.errors import InputError, LayerError, ProfilerError
from inception_profiler.records.gradients import Gradients
from inception_profiler.records.trace import TensorSpec, Trace


def trace(model: nn.Module, inputs: Any, *, train: bool | None = False, name: str = "") -> Trace:
    """Run ``model`` once on tensors without data and write down every operation.

    No weight is allocated, nothing is computed, and weights, statistics, flags, hooks and random states of
    the model are what they were. A model whose forward pass needs the value of a tensor is run on real
    tensors in a copy instead, and the trace says so.

    Args:
        model: any module, with real, half-precision or meta weights, compiled or not.
        inputs: the shape of each input, batch included, or what else `gather` reads; the dtype is that of the
            first parameter unless told.
        train: whether the modules behave as in training; None leaves each as its own flag says.
        name: what the trace is called; the class of the module if empty.

    Raises:
        LayerError: a layer refuses its input, or the forward pass raises; ``__cause__`` says how.
        InputError: the model is not a module, is TorchScript, or has parameters without a shape.
    """
    if not isinstance(model, nn.Module):
        raise InputError(
            f"cannot profile {type(model).__name__}: give a torch.nn.Module or the name of a model"
        )
    network, given = uncompiled(model), gather(inputs)
    fallback = ""
    with ALONE:
        scene = walk(network)
        try:
            tracer, specs, mode, gradients, returned = _run(network, scene, given, train, real=False)
        except NeedsDataError as reason:
            twin = copied(network, scene, reason)
            fallback, scene = f"{valued(given)}, because {reason}", walk(twin)
            tracer, specs, mode, gradients, returned = _run(twin, scene, given, train, real=True)
    return Trace(
        model=name or type(network).__name__,
        mode=mode,
        inputs=specs,
        input_names=given.names,
        calls=tuple(tracer.recorder.calls),
        parameters=scene.parameters,
        buffers=scene.buffers,
        modules=scene.modules(tracer.executions),
        unpriced=tracer.unpriced_operations(),
        fallback=fallback,
        gradients=gradients,
        returned=returned,
    )


def uncompiled(model: nn.Module) -> nn.Module:
    """Return the module that ``torch.compile`` wrapped, or the module itself."""
    frames = sys.modules.get("torch._dynamo.eval_frame")
    while frames is not None and isinstance(model, frames.OptimizedModule):
        model = model._orig_mod
    return model


def _stand_in(scene: Scene) -> None:
    """Put what compiled submodules wrap in their place until `preserved` puts them back.

    Called under global hooks, such a submodule would warn although it runs as it was written.
    """
    frames = sys.modules.get("torch._dynamo.eval_frame")
    if frames is not None:
        for module in scene.paths:
            for name, child in module._modules.items():
                if isinstance(child, frames.OptimizedModule):
                    module._modules[name] = uncompiled(child)


def _set_flags(scene: Scene, train: bool | None) -> str:
    """Put every module into the wanted mode until `preserved` puts it back; return what the modes are."""
    if train is not None:
        for module in scene.paths:
            module.__dict__["training"] = train
    flags = {module.training for module in scene.paths}
    return "mixed" if len(flags) == 2 else "training" if flags == {True} else "inference"


def _run(
    network: nn.Module, scene: Scene, given: Inputs, train: bool | None, *, real: bool
) -> tuple[Tracer, tuple[TensorSpec, ...], str, Gradients | None, tuple[int, ...]]:
    """Run the forward pass under a tracer; return it, inputs, mode of the modules, gradients, what came out.

    Gradients are followed only where training is counted. They are enabled then, so that what the model says
    of them can be seen, but no tensor wants any, so that autograd has nothing to do.
    """
    tracer = Tracer(scene, real=real)
    args, kwargs, tensors = given.made(partial(made_input, scene, real=real))
    if real:  # what is handed over as it is must not be written to
        args, kwargs, tensors = copy.deepcopy((args, kwargs, tensors))
        for tensor in scene.tensors:
            tensor.requires_grad_(False)
    for tensor in tensors:
        tracer.recorder.own(tensor)
        tracer.recorder.number(tensor)
    for tensor in Inputs(args, kwargs).foreign:
        tracer.recorder.hold(tensor)
    with (
        preserved(scene.paths, device=scene.device if real else None),
        followed(scene, tracer, train) as mode,
        torch.inference_mode(False),  # a caller's own would hide what the model says of gradients
        torch.set_grad_enabled(train is not False and mode != "inference"),
    ):
        if torch.is_grad_enabled():
            tracer.recorder.steps = []
        try:
            with tracer:
                output = network(*args, **kwargs)
        except ProfilerError:
            raise
        except Exception as error:
            raise LayerError(tracer.path, "forward", told(error)) from error
    specs = tuple(described(tensor.shape, tensor.dtype)[0] for tensor in tensors)
    returned = tuple(map(tracer.recorder.number_of, returned_tensors(output)))
    return tracer, specs, mode, _gradients(tracer, given, returned), returned


def _gradients(tracer: Tracer, given: Inputs, returned: tuple[int, ...]) -> Gradients | None:
    """Say where gradients can flow; None where nobody asked. The inputs are numbered first, from 0."""
    steps = tracer.recorder.steps
    if steps is None:
        return None
    return Gradients(
        steps=tuple(steps),
        wanted=tuple(
            number
            for number, wanted in enumerate(given.tensors)
            if wanted.given is not None and wanted.given.requires_grad
        )
        + tuple(tracer.recorder.wanted),
        returned=returned,
    )


@contextmanager
def followed(scene: Scene, tracer: Tracer, train: bool | None) -> Iterator[str]:
    """Put the modules into the wanted mode and let ``tracer`` know which executes; say what the modes are.

    Flags and compiled submodules stay as they are made here until `preserved`, under which this must be
    entered, puts them back.
    """
    mode = _set_flags(scene, train)
    _stand_in(scene)
    with ExitStack() as stack:
        stack.callback(register_module_forward_pre_hook(tracer.enter).remove)
        stack.callback(register_module_forward_hook(tracer.leave).remove)
        stack.enter_context(watched())
        yield mode
    if tracer.autocast:
        warnings.warn(
            "the model runs under torch.autocast, which is not followed: MACs hold, but bytes are those of "
            "the tensors' own types; for another type convert the model, as in model.half()",
            stacklevel=6,
        )


def copied(network: nn.Module, scene: Scene, reason: NeedsDataError) -> nn.Module:
    """Return a copy of the model that can run for real."""
    if not scene.allocated:
        needed = "needs the data of a tensor, and the weights have none: give a model with real weights"
        raise LayerError(reason.layer, reason.operation, needed) from reason
    try:
        return copy.deepcopy(network)
    except Exception as error:
        needed = f"needs the data of a tensor, and the model cannot be copied to run there: {told(error)}"
        raise LayerError(reason.layer, reason.operation, needed) from error


def valued(given: Inputs) -> str:
    """Say whose values a forward pass ran on that needed some."""
    own = {wanted.given is not None and not wanted.given.is_meta for wanted in given.tensors}
    if own == {True}:
        return "on the values that were given"
    return "on random numbers" if True not in own else "on the values that were given and random numbers"


def made_input(scene: Scene, wanted: Wanted, *, real: bool) -> Tensor:
    """Make one input of a forward pass: without data, or ``real`` where the model is."""
    if not real and wanted.given is not None:  # laid out in memory as the caller's is
        return torch.empty_strided(wanted.shape, wanted.given.stride(), dtype=wanted.dtype, device="meta")
    if not real:
        return torch.empty(wanted.shape, dtype=wanted.dtype or scene.dtype, device="meta")
    return input_tensor(wanted, scene.dtype, scene.device)


class _Alone:
    """Let one thread at a time look at models, and compiled modules run as they were written meanwhile.

    Flags, hooks and, in the memory pass, tensors of a model stand differently while it is looked at; a second
    thread would take that for how they were and put it back last. The stance of ``torch.compile`` is one for
    all threads too; there is nothing to do about it where nothing was ever compiled.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._inside = 0
        self._stance: AbstractContextManager[Any] | None = None

    def __enter__(self) -> None:
        self._lock.acquire()
        self._inside += 1
        if self._stance is None and "torch._dynamo" in sys.modules:
            self._stance = torch.compiler.set_stance("force_eager")
            self._stance.__enter__()

    def __exit__(self, *_: object) -> None:
        self._inside -= 1
        if self._stance is not None and self._inside == 0:
            self._stance.__exit__(None, None, None)
            self._stance = None
        self._lock.release()


ALONE = _Alone()


def told(error: BaseException) -> str:
    """Return the class of an error and the first line of what it says."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
