"""Measure on real hardware: latency of models and of layers, roofs, energy, sweeps.

The room is its own verb: ``inception_profiler.bench(model)`` measures, and
``inception_profiler.bench.device`` is one of its files. Importing any of these binds the package's attribute
``bench`` to this module, so a function of that name beside it would be there or not by the order of imports.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, cast, overload

if TYPE_CHECKING:
    from torch import nn

    from inception_profiler.records.latency import Benchmark, Measurement


class Options(TypedDict, total=False):
    """What a call may be given beside its models, whichever of the two it returns."""

    inputs: Any
    batch: int | None
    dtype: str
    channels_last: bool
    mode: str
    fuse_bn: bool
    train: bool
    threads: int | None
    cold: bool
    cudnn_benchmark: bool | None
    device: str
    time_limit: float | None
    memory: bool


class Room(ModuleType):
    """A module that can be called."""

    @overload
    def __call__(
        self,
        model: str | nn.Module,
        input_shape: Sequence[int] | None = ...,
        *,
        vs: None = ...,
        **options: Unpack[Options],
    ) -> Measurement: ...

    @overload
    def __call__(
        self,
        model: str | nn.Module,
        input_shape: Sequence[int] | None = ...,
        *,
        vs: str | nn.Module | Sequence[str | nn.Module],
        **options: Unpack[Options],
    ) -> Benchmark: ...

    def __call__(
        self,
        model: str | nn.Module,
        input_shape: Sequence[int] | None = None,
        *,
        vs: str | nn.Module | Sequence[str | nn.Module] | None = None,
        inputs: Any = None,
        batch: int | None = None,
        dtype: str = "",
        channels_last: bool = False,
        mode: str = "eager",
        fuse_bn: bool = False,
        train: bool = False,
        threads: int | None = None,
        cold: bool = False,
        cudnn_benchmark: bool | None = None,
        device: str = "",
        time_limit: float | None = None,
        memory: bool = True,
    ) -> Measurement | Benchmark:
        """Measure how long a model takes on a device, alone or side by side with others.

        A copy runs; the model and PyTorch's settings and random states are the same afterwards. Weights
        without data are made up, as `runnable` says.

        Args:
            model: any ``torch.nn.Module``, or the spelling of one, as `profile` takes it.
            input_shape: N C H W, as `profile` takes it.
            vs: models to measure in the same rounds with the same input; the ratios are of paired calls.
            inputs: several, named or typed inputs in place of ``input_shape``.
            batch: images in a batch, in place of N.
            dtype: one of `DTYPES`, ``fp16``; the model's own if left out.
            channels_last: lay tensors of four dimensions out as N H W C.
            mode: ``eager``, ``cuda-graph`` or ``compile``.
            fuse_bn: fold each BatchNorm into the convolution before it.
            train: run forward, backward and an SGD step instead of an inference.
            threads: for the CPU; as many as PyTorch has now if left out.
            cold: overwrite the last cache before each call.
            cudnn_benchmark: whether cuDNN tries its algorithms first; as PyTorch has it now if left out.
            device: ``cpu``, ``cuda``, ``cuda:1``, …; the best there is if left out.
            time_limit: seconds for each model; those of `Rules` if left out.
            memory: whether to look at memory too, in a run of its own.

        Returns:
            The measurement, ``failed`` where memory did not suffice; with ``vs`` the measurements of all and
            the ratios of the model to each other.

        Raises:
            UnknownNameError: no model, dtype of that name.
            InputError: no or a bad input, or something this device cannot do.
            LayerError: a layer cannot take its input, or the model does not run.
        """
        from torch import nn

        from inception_profiler.analysis.subject import subject
        from inception_profiler.bench.contest import Wishes
        from inception_profiler.bench.device import find_device
        from inception_profiler.bench.latency import timed
        from inception_profiler.bench.rules import RULES, limited
        from inception_profiler.bench.settings import combinations, own_dtype
        from inception_profiler.errors import LayerError
        from inception_profiler.records.sweep import OUT_OF_MEMORY

        rules = limited(RULES, time_limit)
        others = [vs] if isinstance(vs, str | nn.Module) else list(vs or ())
        subjects = [
            subject(one, input_shape, inputs=inputs, batch=batch, train=train) for one in (model, *others)
        ]
        chosen = combinations(
            dtypes=(dtype or own_dtype(subjects[0].network),),
            modes=(mode,),
            channels_last=channels_last,
            fused=fuse_bn,
            train=train,
            cold=cold,
            threads=threads or 0,
            cudnn_benchmark=cudnn_benchmark,
        )
        result = timed(
            subjects,
            settings=chosen,
            device=find_device(device),
            wishes=Wishes(rules=rules, memory=memory, ceilings=True),
        )
        if vs is not None:
            return result
        (measurement,) = result.measurements
        if measurement.failed and not measurement.failed.startswith(OUT_OF_MEMORY):
            raise LayerError("", "forward", measurement.failed)
        return measurement


sys.modules[__name__].__class__ = Room
bench = cast(Room, sys.modules[__name__])
