"""Settings as people write them, what a device cannot do of them, and PyTorch put into one and back."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import nn

from inception_profiler.bench.device import Device
from inception_profiler.bench.toolchain import missing_compiler
from inception_profiler.errors import InputError
from inception_profiler.records.latency import Setting
from inception_profiler.registry import Registry

MODES = ("eager", "cuda-graph", "compile")
"""Ways to run a model."""

MOST_THREADS = 1024
"""More than any machine has processors; far above it the libraries that start threads end the process."""

_AMPERE = (8, 0)
"""The first compute capability whose tensor cores know TF32."""


class Precision(NamedTuple):
    """What a dtype of a `Setting` means.

    ``weights`` is the type of parameters, buffers and inputs; ``autocast`` that of the operations which
    ``torch.autocast`` runs in another; ``tf32`` whether products of float32 may round their factors to TF32.
    """

    weights: torch.dtype
    autocast: torch.dtype | None = None
    tf32: bool = False


DTYPES: Registry[str, Precision] = Registry("dtype of a setting")
"""What each dtype means.

=============  ==================================================================================
``fp32``       float32 throughout, products too: TF32 is off, also where PyTorch has it on
``tf32``       float32 whose convolutions and products round their factors to TF32 (10 bits)
``fp16``       all weights and inputs in float16
``bf16``       all weights and inputs in bfloat16
``amp-fp16``   float32 weights under ``torch.autocast`` to float16; no gradient scaling in training
``amp-bf16``   float32 weights under ``torch.autocast`` to bfloat16
``fp64``       float64 throughout
=============  ==================================================================================
"""

DTYPES.add("fp32", Precision(torch.float32))
DTYPES.add("tf32", Precision(torch.float32, tf32=True))
DTYPES.add("fp16", Precision(torch.float16))
DTYPES.add("bf16", Precision(torch.bfloat16))
DTYPES.add("amp-fp16", Precision(torch.float32, autocast=torch.float16))
DTYPES.add("amp-bf16", Precision(torch.float32, autocast=torch.bfloat16))
DTYPES.add("fp64", Precision(torch.float64))


def combinations(
    *,
    dtypes: Sequence[str] = ("fp32",),
    modes: Sequence[str] = ("eager",),
    channels_last: bool = False,
    fused: bool = False,
    train: bool = False,
    cold: bool = False,
    threads: int = 0,
    cudnn_benchmark: bool | None = None,
) -> tuple[Setting, ...]:
    """Return one setting for each dtype in each mode, in the order they were written.

    ``threads`` 0 means as many as PyTorch has now.

    Raises:
        UnknownNameError: no such dtype.
        InputError: no such mode, or options that contradict each other.
    """
    check_words(dtypes, modes)
    if not dtypes or not modes:
        raise InputError("nothing to measure: name at least one dtype and one mode")
    if threads < 0:
        raise InputError(f"a model computes with at least 1 thread, not {threads}")
    if threads > MOST_THREADS:
        raise InputError(f"a model computes with at most {MOST_THREADS} threads, not {threads}")
    if fused and train:
        raise InputError("a BatchNorm that is trained needs each batch's own statistics: fuse in inference")
    return tuple(
        Setting(dtype, mode, channels_last, fused, train, cold, threads, cudnn_benchmark)
        for dtype, mode in itertools.product(dict.fromkeys(dtypes), dict.fromkeys(modes))
    )


def check_words(dtypes: Iterable[str], modes: Iterable[str]) -> None:
    """Refuse a dtype or a mode that no device knows.

    Raises:
        UnknownNameError: no such dtype.
        InputError: no such mode.
    """
    for dtype in dtypes:
        DTYPES.get(dtype)
    for mode in modes:
        if mode not in MODES:
            raise InputError(f"there is no mode {mode!r}: choose {', '.join(MODES)}")


def own_dtype(network: nn.Module) -> str:
    """Return the name of the dtype that a network's weights have.

    Raises:
        InputError: none of `DTYPES`.
    """
    weights = float_type(network)
    for name, precision in DTYPES.items():
        if precision == Precision(weights):
            return name
    raise InputError(f"weights in {weights} are none of {', '.join(DTYPES)}: name the dtype to measure in")


def float_type(network: nn.Module) -> torch.dtype:
    """Return the type of the first floating-point parameter; PyTorch's default where there is none."""
    found = (tensor.dtype for tensor in network.parameters() if tensor.dtype.is_floating_point)
    return next(found, torch.get_default_dtype())


def resolved(setting: Setting, device: Device) -> Setting:
    """Return the setting with what was left open: the threads, and cuDNN's search where it has a part."""
    cudnn: Any = torch.backends.cudnn
    has_cudnn = device.kind == "cuda" and cudnn.version() is not None
    asked = setting.cudnn_benchmark
    return replace(
        setting,
        threads=setting.threads or torch.get_num_threads(),
        cudnn_benchmark=(cudnn.benchmark if asked is None else asked) if has_cudnn else None,
    )


def refusal(setting: Setting, device: Device) -> str:
    """Return why ``device`` cannot run in ``setting``, with what to do instead; nothing where it can."""
    precision = DTYPES.get(setting.dtype)
    if precision.tf32 and (device.kind != "cuda" or torch.cuda.get_device_capability(device.place) < _AMPERE):
        return f"tf32 is a mode of NVIDIA's tensor cores since Ampere, and {device.name} has none: take fp32"
    if precision.weights == torch.float64 and device.kind == "mps":
        return f"{device.name} knows no float64: take fp32"
    if setting.cudnn_benchmark and device.kind != "cuda":
        return f"cudnn_benchmark is for CUDA, and {device.name} is {device.kind}: leave it out"
    if setting.mode == "cuda-graph" and device.kind != "cuda":
        return f"cuda-graph needs CUDA, and {device.name} is {device.kind}: take eager or compile"
    if setting.mode == "compile":
        lacking = missing_compiler(device)
        if lacking:
            return f"compile needs {lacking}: install it, or take eager"
    if setting.cold and device.cache_bytes is None:
        return f"cold: the size of the last cache of {device.name} is not known, so it cannot be overwritten"
    return ""


@contextmanager
def applied(setting: Setting, device: Device) -> Iterator[None]:
    """Put PyTorch into a resolved setting, and on leaving all of it back as it was.

    Covers threads, TF32 in products, convolutions and recurrent layers, and cuDNN's search. An autocast or
    an inference mode of the caller is suspended.
    """
    tf32 = "tf32" if DTYPES.get(setting.dtype).tf32 else "ieee"
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode(False))
        if _casts(device.place.type):
            stack.enter_context(torch.autocast(device.place.type, enabled=False))
        for product in _products(device.kind):
            _set(stack, product, "fp32_precision", tf32)
        if setting.cudnn_benchmark is not None:
            _set(stack, torch.backends.cudnn, "benchmark", setting.cudnn_benchmark)
        threads = torch.get_num_threads()
        if setting.threads != threads:
            torch.set_num_threads(setting.threads)
            stack.callback(torch.set_num_threads, threads)
        yield


def _products(kind: str) -> tuple[Any, ...]:
    """Return what holds the precision of float32 products on a kind of device."""
    backends: Any = torch.backends
    if kind == "cuda":
        return backends.cuda.matmul, backends.cudnn.conv, backends.cudnn.rnn
    return (backends.mkldnn.matmul, backends.mkldnn.conv) if kind == "cpu" else ()


def _casts(kind: str) -> bool:
    """Whether autocast is on for a kind of device; it is not for one that has no autocast."""
    try:
        return torch.is_autocast_enabled(kind)
    except RuntimeError:
        return False


def _set(stack: ExitStack, holder: Any, name: str, value: object) -> None:
    stack.callback(setattr, holder, name, getattr(holder, name))
    setattr(holder, name, value)
