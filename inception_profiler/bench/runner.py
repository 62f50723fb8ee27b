"""A model on a device in a setting, ready to be called again and again, and how one call is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.analysis.inputs import Inputs, Wanted, input_tensor
from inception_profiler.analysis.memory.optimizer import OPTIMIZERS
from inception_profiler.analysis.memory.outputs import loss_of
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import uncompiled
from inception_profiler.bench.capture import captured
from inception_profiler.bench.device import Device
from inception_profiler.bench.fusing import folded
from inception_profiler.bench.settings import DTYPES, float_type
from inception_profiler.bench.weights import runnable, settle
from inception_profiler.errors import InputError
from inception_profiler.records.latency import Setting

_IMAGES = 4
"""Dimensions of a tensor that can have its channels last: N C H W."""

OPTIMIZER = "sgd"
"""What makes the step of training: plain SGD, whose learning rate is 0 here."""

Forward = Callable[[], Any]


class Runner(NamedTuple):
    """A copy of a model that is ready to run.

    Attributes:
        about: the copy with its inputs, as a lens takes it: what is counted is what runs.
        images: in each call: the first size of the first input.
        call: makes one call; on an asynchronous device it returns before that is done.
        prepared_seconds: what compiling or capturing took; None where nothing was.
        notes: what a reader must know of it.
    """

    about: Subject
    images: int
    call: Forward
    prepared_seconds: float | None = None
    notes: tuple[str, ...] = ()


def prepare(about: Subject, setting: Setting, device: Device) -> Runner:
    """Copy a model to a device, bring the copy into a setting, and run it for the first time.

    An inference runs under ``torch.inference_mode``. A step of training runs forward and backward
    from the sum of all outputs, updates every parameter by SGD with a learning rate of 0, so that each step
    does the same work on the same numbers, and lets go of the gradients.

    Args:
        about: the model is left alone.
        setting: resolved, and applied by the caller.
        device: where it runs.

    Raises:
        InputError: nothing can be fused, trained, or laid out with the channels last.
        Exception: whatever the model raises.
    """
    precision = DTYPES.get(setting.dtype)
    name = about.name or type(uncompiled(about.network)).__name__
    network, made_up = runnable(about.network, device.place)
    own = float_type(network)
    inputs = about.inputs
    if about.train is not None:
        network.train(about.train)
    args, kwargs, _ = inputs.made(partial(_input, own, device, torch.preserve_format))
    if made_up and not setting.train:
        settle(network, lambda: network(*args, **kwargs))
    notes: tuple[str, ...] = ()
    if setting.fused:
        network, told = folded(_ready(about, name, network, inputs), args, kwargs)
        notes += (told,) if told else ()
    if precision.weights != own:
        network = network.to(precision.weights)
        inputs = inputs.mapped(partial(_retyped, own, precision.weights))
    layout = torch.channels_last if setting.channels_last else torch.preserve_format
    if setting.channels_last:
        network = network.to(memory_format=torch.channels_last)
    args, kwargs, tensors = inputs.made(partial(_input, precision.weights, device, layout))
    if setting.channels_last and not any(
        tensor.dim() == _IMAGES for tensor in (*tensors, *network.parameters(), *network.buffers())
    ):
        raise InputError(f"{name} has no images and no kernels of two dimensions: leave channels last out")
    ready = _ready(about, name, network, inputs)
    call = _call(network, args, kwargs, setting, device)
    images = next((tensor.shape[0] for tensor in tensors if tensor.dim()), 1)
    begun = device.clock()
    if setting.mode == "cuda-graph":
        call = captured(call, device)
    device.synchronize()
    call()
    device.synchronize()
    took = device.clock() - begun if setting.mode != "eager" else None
    return Runner(ready, images, call, took, notes)


def _ready(about: Subject, name: str, network: nn.Module, inputs: Inputs) -> Subject:
    """Return a subject with another network, which may be run."""
    return about._replace(name=name, network=network, inputs=inputs, owned=True)


def _call(
    network: nn.Module, args: Sequence[Any], kwargs: dict[str, Any], setting: Setting, device: Device
) -> Forward:
    """Return what makes one call: an inference, or a step of training."""
    forward: Callable[..., Any] = network
    if setting.mode == "compile":
        forward = torch.compile(network, dynamic=False)
    cast = DTYPES.get(setting.dtype).autocast

    def casting() -> AbstractContextManager[Any]:
        return nullcontext() if cast is None else torch.autocast(device.kind, dtype=cast)

    if not setting.train:

        def infer() -> Any:
            with torch.inference_mode(), casting():
                return forward(*args, **kwargs)

        return infer

    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = OPTIMIZERS.get(OPTIMIZER)(trained, device.asynchronous)
    for group in optimizer.param_groups:
        group["lr"] = 0.0

    def step() -> None:
        with torch.enable_grad():
            with casting():
                outputs = forward(*args, **kwargs)
            loss_of(outputs).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def _input(dtype: torch.dtype, device: Device, layout: torch.memory_format, wanted: Wanted) -> Tensor:
    made = input_tensor(wanted, dtype, device.place)
    return (
        made.contiguous(memory_format=layout)
        if made.dim() == _IMAGES and layout is torch.channels_last
        else made
    )


def _retyped(own: torch.dtype, new: torch.dtype, wanted: Wanted) -> Wanted:
    """Give an input of the model's own type its new one; others keep theirs."""
    if wanted.dtype is not None and wanted.dtype != own:
        return wanted
    given = None if wanted.given is None else wanted.given.to(new)
    return replace(wanted, dtype=new, given=given)
