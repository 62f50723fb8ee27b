"""Document 001 on the stem: GoogLeNet from 224 to 28 against VGG-16, 418 and 7485 MFLOP among its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import (
    counted,
    nearest,
    printed_quotient,
    ratio,
    read_as,
    total,
)
from inception_profiler.claims.layers import flops, macs, of_kind, output_bytes, params, until
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import DEFAULT, MORE, SHARE, Quantity, Reading, Step
from inception_profiler.records.layer import LayerCost

SIZE = 28
CONVOLUTIONS = "outputs of convolutions only"


def lecture_flops(layer: LayerCost) -> int:
    """Return what the lecture counts: multiply-adds, and K² operations for each output of a pooling."""
    return layer.macs + (layer.ops + layer.activations if layer.call.kind == "pooling" else 0)


def macs_and_bias(layer: LayerCost) -> int:
    """Return the multiply-adds of a layer and its biases added."""
    return layer.macs + layer.cost.adds * (layer.call.kind == "convolution")


def half_flops(layer: LayerCost) -> int:
    """Return the multiply-adds of a layer and all its other operations."""
    return layer.macs + layer.ops


def _stem(
    model: str,
    of: Callable[[LayerCost], int],
    unit: str,
    *kinds: str,
    convention: str = DEFAULT,
    explains: bool = False,
) -> Reading:
    """Add up one count over the layers of a model to the first map of 28×28; of some kinds only, if given."""
    layers = until(counted(model), SIZE)
    return total(
        counted(model),
        of_kind(layers, *kinds) if kinds else layers,
        of,
        unit,
        title=f"{unit} of {model} to {SIZE}×{SIZE}",
        convention=convention,
        explains=explains,
    )


def _read(model: str, convention: str, unit: str) -> Reading:
    """Add up what a counting convention charges for the layers of a model to the first map of 28×28."""
    layers = until(counted(model), SIZE)
    return read_as(counted(model), layers, convention, unit, title=f"{unit} of {model} to {SIZE}×{SIZE}")


def _memory(model: str) -> tuple[Reading, ...]:
    return (
        _stem(model, output_bytes, "bytes"),
        _read(model, "lecture-memory", "bytes"),
        _stem(model, output_bytes, "bytes", "convolution", convention=CONVOLUTIONS),
    )


def _params(model: str) -> tuple[Reading, ...]:
    return (
        _stem(model, params, "params"),
        _read(model, "lecture-params", "params"),
    )


def _flops(model: str) -> tuple[Reading, ...]:
    return (
        _stem(model, flops, "FLOPs"),
        _read(model, "lecture", "FLOPs"),
        _read(model, "paper", "FLOPs"),
    )


STEMS = (
    "inception_v1",
    "inception_v1_separable_stem",
    "inception_v1_slim",
    "googlenet_torchvision",
    "inception_v1_blog",
    "bn_inception",
    "inception_v2",
)
"""Every registered network whose stem the lecture can have meant."""
COUNTS: dict[str, Callable[[LayerCost], int]] = {
    "multiply-adds": macs,
    "multiply-adds and poolings": lecture_flops,
    "multiply-adds and biases": macs_and_bias,
    "multiply-adds and every other operation": half_flops,
    "FLOPs": flops,
}
MEGA = {"10⁶": 1, "2²⁰": 2**20 / 10**6}


def _search() -> tuple[Reading, ...]:
    """Count every stem in every way, with or without its first or last convolution, in 10⁶ or in 2²⁰."""
    found = []
    for model, (count, of), (mega, factor) in product(STEMS, COUNTS.items(), MEGA.items()):
        layers = until(counted(model), SIZE)
        convolutions = of_kind(layers, "convolution")
        for left_out in (None, *convolutions):
            kept = [layer for layer in layers if layer is not left_out]
            value = sum(map(of, kept)) / factor
            without = f" without {left_out.name}" if left_out else ""
            found.append(Reading(value, "FLOPs", f"{count} of {model}{without}, M is {mega}", explains=True))
    return tuple(found)


enter(
    "stem-size",
    LECTURE8_NOTES,
    "输入的大小从224降低为28,花费了",
    "Bringing the input from 224 down to 28 takes",
    (Quantity("from", "224", "height and width of GoogLeNet's input"), lambda: _side(0)),
    (Quantity("to", "28", "height and width after GoogLeNet's stem"), lambda: _side(-1)),
)


def _side(position: int) -> Sequence[Reading]:
    model = counted("inception_v1")
    shape = (model.inputs[0], until(model, SIZE)[-1].call.outputs[0])[position].shape
    title = "the input" if position == 0 else f"the output of {until(model, SIZE)[-1].name}"
    numbers = "×".join(map(str, shape))
    return (Reading(shape[-1], "pixels", steps=(Step(title, "N×C×H×W", numbers, shape[-1], "pixels"),)),)


enter(
    "stem-googlenet",
    LECTURE8_NOTES,
    "Memory: 7.5 MBParams: 124KMFLOP: 418(其实这个我没看明白它是怎么算出来的)",
    "Memory: 7.5 MB, params: 124K, MFLOP: 418 (actually I could not see how this one was worked out)",
    (
        Quantity("memory", "7.5 MB", "bytes of GoogLeNet's feature maps to 28×28"),
        lambda: _memory("inception_v1"),
    ),
    (Quantity("params", "124K", "parameters of GoogLeNet's stem"), lambda: _params("inception_v1")),
    (
        Quantity("flops", "418", "FLOPs of GoogLeNet's stem", scale="M"),
        lambda: (*_flops("inception_v1"), nearest(_search(), "418", "M")),
    ),
)


VGGS = ("vgg11", "vgg13", "vgg16_c", "vgg19")
"""The other networks of the VGG paper, among which a figure that is not VGG-16's is looked for."""


def _others(of: Callable[[LayerCost], int], unit: str, *kinds: str) -> tuple[Reading, ...]:
    """Count the other VGG networks, to find the one that a figure belongs to."""
    what = " and ".join(f"{kind}s" for kind in kinds) + " only" if kinds else "all operations"
    return tuple(
        _stem(model, of, unit, *kinds, convention=f"that of {model} to {SIZE}×{SIZE}, {what}", explains=True)
        for model in VGGS
    )


enter(
    "stem-vgg16",
    LECTURE8_NOTES,
    "Memory: 42.9 MB (5.7x)Params: 1.1M (8.9x)MFLOP: 7485 (17.8x)",
    "Memory: 42.9 MB (5.7×), params: 1.1M (8.9×), MFLOP: 7485 (17.8×)",
    (
        Quantity("memory", "42.9 MB", "bytes of VGG-16's feature maps to 28×28"),
        lambda: (*_memory("vgg16"), *_others(output_bytes, "bytes", "convolution")),
    ),
    (
        Quantity("params", "1.1M", "parameters of VGG-16 to 28×28"),
        lambda: (*_params("vgg16"), *_others(params, "params")),
    ),
    (
        Quantity("flops", "7485", "FLOPs of VGG-16 to 28×28", scale="M"),
        lambda: (*_flops("vgg16"), *_others(macs, "FLOPs", "convolution")),
    ),
    (
        Quantity("memory ratio", "5.7x", "feature maps of VGG-16 / GoogLeNet, both to 28×28"),
        lambda: (
            *_ratios(_memory),
            printed_quotient("42.9", "7.5", "the quotient of the two printed figures"),
        ),
    ),
    (
        Quantity("params ratio", "8.9x", "parameters of VGG-16 / GoogLeNet, both to 28×28"),
        lambda: (
            *_ratios(_params),
            printed_quotient("1.1M", "124K", "the quotient of the two printed figures"),
        ),
    ),
    (
        Quantity("flops ratio", "17.8x", "FLOPs of VGG-16 / GoogLeNet, both to 28×28"),
        lambda: (
            *_ratios(_flops),
            printed_quotient("7485", "418", "the quotient of the two printed figures"),
        ),
    ),
)


def _ratios(readings: Callable[[str], Sequence[Reading]]) -> tuple[Reading, ...]:
    """Divide VGG-16 by GoogLeNet, like for like: each convention on both sides."""
    pairs = zip(readings("vgg16"), readings("inception_v1"), strict=True)
    return tuple(ratio(over, under, title="VGG-16 / GoogLeNet") for over, under in pairs)


def _share_before() -> tuple[Reading, ...]:
    layers = until(counted("vgg16"), SIZE)
    whole = total(counted("vgg16"), counted("vgg16").layers, macs, "MACs")
    return (
        ratio(total(counted("vgg16"), layers, macs, "MACs"), whole, unit=SHARE, title="share of the MACs"),
    )


enter(
    "vgg-cost-at-the-start",
    LECTURE8_NOTES,
    "反观前几个神经网络,如VGG,最主要的计算都发生在神经网络的开端",
    "Earlier networks such as VGG, by contrast, do most of their computation at the start of the network",
    (
        Quantity(
            "share",
            "最主要的计算都发生在神经网络的开端",
            "share of VGG-16's MACs before its map has shrunk to 28×28",
            MORE,
            bound="0.5",
        ),
        _share_before,
    ),
)
