"""The blocks of the Inception-ResNets: their merges, their linear 1×1, their widths and their scaling."""

from __future__ import annotations

from functools import cache

from inception_profiler.claims.derive import counted, fact, how_many, ratio
from inception_profiler.claims.layers import channels, inside, of_kind, side, weight_shape
from inception_profiler.claims.networks import children
from inception_profiler.records.claim import DEFAULT, Reading, Used
from inception_profiler.records.layer import LayerCost

V1, V2, RELEASED_V2 = "inception_resnet_v1", "inception_resnet_v2_paper", "inception_resnet_v2"
GROUPS = ("inception_resnet_a", "inception_resnet_b", "inception_resnet_c")
BATCH = 32
"""Images in the training steps that are held against each other."""


def blocks(model: str) -> tuple[str, ...]:
    """Return the paths of all residual blocks."""
    return tuple(path for group in GROUPS for path in children(counted(model), group))


def expansions(model: str) -> tuple[LayerCost, ...]:
    """Return the linear 1×1 of each block."""
    return tuple(
        layer
        for path in blocks(model)
        for layer in inside(counted(model), f"{path}.expansion")
        if layer.call.kind == "convolution"
    )


def merges(model: str) -> tuple[LayerCost, ...]:
    """Return the sum of each block."""
    return tuple(
        layer
        for path in blocks(model)
        for layer in inside(counted(model), f"{path}.add")
        if layer.op == "add"
    )


def followed_by(model: str, layers: tuple[LayerCost, ...], kind: str) -> tuple[LayerCost, ...]:
    """Return those layers whose output a call of some kind reads."""
    readers = [layer.call for layer in counted(model).layers if layer.call.kind == kind]
    return tuple(
        layer for layer in layers if any(set(layer.call.writes) & set(call.reads) for call in readers)
    )


def width(model: str, group: str, convention: str = DEFAULT, *, explains: bool = False) -> Reading:
    """Return the channels of the map that a group of blocks adds to."""
    (path, *_) = children(counted(model), group)
    merge = next(layer for layer in merges(model) if layer.path.startswith(path))
    shape = "×".join(map(str, merge.call.outputs[0].shape))
    return fact(channels(merge), "channels", f"the sum in {path} of {model}", shape, formula="N×C×H×W",
                convention=convention, explains=explains)  # fmt: skip


def weakest_expansion(model: str) -> Reading:
    """Return the least factor by which the linear 1×1 of a block widens."""
    pairs = [(layer, weight_shape(layer)[0], weight_shape(layer)[1]) for layer in expansions(model)]
    used = [
        Used(model, layer.call.index, layer.name, f"{narrow} → {wide}", wide / narrow)
        for layer, wide, narrow in pairs
    ]
    _, wide, narrow = min(pairs, key=lambda pair: pair[1] / pair[2])
    return fact(wide / narrow, "×", "channels after / before, the weakest expansion", f"{wide} / {narrow}",
                formula="C_out / C_in", layers=used)  # fmt: skip


def convolutions(model: str, *paths: str, convention: str = DEFAULT) -> Reading:
    """Count the convolutions, of some modules only if given."""
    layers = [
        layer
        for layer in of_kind(counted(model).layers, "convolution")
        if not paths or layer.path.split(".")[0] in paths
    ]
    return how_many(counted(model), layers, "convolutions", convention=convention)


def scales() -> tuple[tuple[str, float], ...]:
    """Return what the released Inception-ResNet-v2 multiplies its residuals by, for each kind of block."""
    from inception_profiler.zoo.inception_resnet_released import SCALES

    return tuple(zip(GROUPS, SCALES, strict=True))


@cache
def saved_by_merges(model: str) -> tuple[Reading, ...]:
    """Hold the memory of a training step without normalized merges against that with them."""
    from inception_profiler.analysis.memory.lens import memory
    from inception_profiler.zoo.card import build
    from inception_profiler.zoo.inception_resnet_normed import with_normed_merges

    shape = counted(model).inputs[0].shape
    plain, normed = (
        memory(network, (BATCH, *shape[1:]), train=True)
        for network in (build(model, device="meta"), with_normed_merges(model))
    )
    readings = []
    for title, convention, values in (
        ("bytes kept for the backward pass", "", (plain.saved_bytes, normed.saved_bytes)),
        ("live peak of a training step", "live peak of a training step",
         (plain.peak_of("backward").nbytes, normed.peak_of("backward").nbytes)),
    ):  # fmt: skip
        sides = [
            fact(
                value,
                "bytes",
                f"{title}, {name}, {BATCH} images",
                model,
                formula="memory lens",
                convention=convention,
            )
            for name, value in zip(("without", "normalized merges"), values, strict=True)
        ]
        readings.append(ratio(*sides, title="without / with"))
    return tuple(readings)


def grid(model: str, path: str, convention: str = DEFAULT) -> Reading:
    """Return the side of the map that a module puts out."""
    last = inside(counted(model), path)[-1]
    shape = "×".join(map(str, last.call.outputs[0].shape))
    return fact(
        side(last), "pixels", f"output of {path} of {model}", shape, formula="N×C×H×W", convention=convention
    )
