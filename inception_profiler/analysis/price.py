"""Turn a trace into a profile: book parameters, find each call's feature-map size, stage and geometry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from inception_profiler.analysis.backward import backward_macs
from inception_profiler.analysis.geometry import geometries
from inception_profiler.records.layer import AUXILIARY, LayerCost, Resolution, size_title
from inception_profiler.records.naming import Naming
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call, TensorSpec, Trace

_PLAIN = Naming()


def price(trace: Trace, naming: Naming = _PLAIN, auxiliary: Sequence[str] = ()) -> Profile:
    """Price a trace.

    Args:
        trace: the facts.
        naming: how module paths are shown.
        auxiliary: paths of the auxiliary heads, which form a stage of their own.
    """
    unused = {spec.identity: spec for spec in reversed(trace.parameters)}
    sizes = resolutions(trace.calls, trace.inputs)
    stages = _stages(trace.calls, sizes, tuple(auxiliary))
    backward = backward_macs(trace)
    placed = geometries(trace.calls, trace.inputs, trace.buffers)
    names: dict[str, str] = {}
    layers = []
    for call, size, stage, gradients, geometry in zip(
        trace.calls, sizes, stages, backward, placed, strict=True
    ):
        name = names.get(call.path)
        if name is None:
            name = names[call.path] = naming.name(call.path)
        params = trainable = weight_bytes = 0
        for identity in call.parameters:
            spec = unused.pop(identity, None)
            if spec is not None:
                numel = spec.tensor.numel
                params += numel
                weight_bytes += numel * spec.tensor.itemsize
                if spec.trainable:
                    trainable += numel
        layers.append(
            LayerCost(call, name, size, stage, params, trainable, weight_bytes, gradients, geometry)
        )
    return Profile(
        model=trace.model,
        mode=trace.mode,
        inputs=trace.inputs,
        input_names=trace.input_names,
        layers=tuple(layers),
        parameters=trace.parameters,
        buffers=trace.buffers,
        modules=trace.modules,
        not_executed=tuple(spec.path for spec in trace.parameters if spec.identity in unused),
        unpriced=trace.unpriced,
        naming=naming,
        fallback=trace.fallback,
        returned=trace.returned,
    )


def resolutions(calls: Sequence[Call], inputs: Sequence[TensorSpec]) -> list[Resolution]:
    """Return the feature-map size that each call works at; None in the head.

    Convolutions, poolings and resamplings set the size: that of their output. Every other call keeps the
    largest size among the tensors it reads. Where a map has shrunk to one pixel or to a vector, the call
    belongs to the head if no larger map follows; otherwise, as in squeeze-and-excitation, to the size seen
    last.
    """
    known: dict[int, Resolution] = {
        number: tuple(spec.shape[2:]) for number, spec in enumerate(inputs) if len(spec.shape) > 3
    }
    sizes: list[Resolution] = []
    for call in calls:
        output = call.outputs[0].shape if call.outputs else ()
        size: Resolution
        if call.spatial:
            size = tuple(output[-call.spatial :])
        elif len(output) < 3 and call.reads:
            size = None
        else:
            size = known.get(call.reads[0]) if call.reads else None
            for number in call.reads[1:]:
                size = max(size, known.get(number), key=_area)
        if size is not None and max(size) == 1:
            size = None
        for number in call.writes:
            known[number] = size
        sizes.append(size)
    last = max((index for index, size in enumerate(sizes) if size is not None), default=-1)
    seen: Resolution = next((size for size in sizes if size is not None), None)
    for index in range(last + 1):
        if sizes[index] is None:
            sizes[index] = seen
        seen = sizes[index]
    return sizes


def _area(size: Resolution) -> int:
    return math.prod(size) if size else 0


def _stages(calls: Sequence[Call], sizes: Sequence[Resolution], auxiliary: tuple[str, ...]) -> Iterator[str]:
    """Title the spans between two resolutions.

    A size that is come back to by enlarging a smaller map, as in a decoder, is told apart by a number;
    branches that run at their own sizes one after the other, as in a reduction module, are not.
    """
    visits: dict[str, int] = {}
    made: dict[int, Resolution] = {}
    heads = tuple(f"{path}." for path in auxiliary)
    for call, size in zip(calls, sizes, strict=True):
        if call.path in auxiliary or call.path.startswith(heads):
            yield AUXILIARY
            continue
        here = size_title(size)
        source = max((made.get(number) for number in call.reads), key=_area, default=None)
        enlarged = source is not None and _area(size) > _area(source)
        visits[here] = visits.get(here, 1) + (1 if enlarged and here in visits else 0)
        made.update(dict.fromkeys(call.writes, size))
        yield here if visits[here] == 1 else f"{here} ({visits[here]})"
