"""The closed formulas of one convolution or fully connected layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from inception_profiler.claims.expression import Expression
from inception_profiler.records.sketch import Head, Sketch
from inception_profiler.records.trace import Call

symbol = Expression.symbol
DENSE = frozenset({"conv1d", "conv2d", "conv3d", "linear"})
"""The operations that the formulas are of."""
_AXES = {0: (), 1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


class Contraction(NamedTuple):
    """What the cost of a layer depends on; ``size`` is the map that it makes, empty without one."""

    name: str
    in_channels: int
    out_channels: int
    kernel: tuple[int, ...] = ()
    size: tuple[int, ...] = ()
    groups: int = 1
    bias: bool = False

    @property
    def weights(self) -> Expression:
        """The weights: ``K_h·K_w·C_in·C_out / G``."""
        channels = symbol("C_in", self.in_channels) * symbol("C_out", self.out_channels)
        if set(self.kernel) <= {1}:
            kernel = channels
        elif len(set(self.kernel)) == 1:
            kernel = symbol("K", self.kernel[0]) ** len(self.kernel) * channels
        else:
            letters = zip(("K_d", "K_h", "K_w")[-len(self.kernel) :], self.kernel, strict=True)
            kernel = reduce(mul, (symbol(*letter) for letter in letters)) * channels
        return kernel / symbol("G", self.groups) if self.groups > 1 else kernel

    @property
    def params(self) -> Expression:
        """The weights, and one bias for each filter where there is one."""
        return self.weights + symbol("C_out", self.out_channels) if self.bias else self.weights

    @property
    def macs(self) -> Expression:
        """Every weight meets every position of the map that the layer makes: ``H·W·weights``."""
        if not self.size:
            return self.weights
        axes = zip(_AXES[len(self.size)], self.size, strict=True)
        positions = reduce(mul, (symbol(*axis) for axis in axes))
        return positions * self.weights if self.groups > 1 else self.weights * positions


def of_sketch(sketch: Sketch, prefix: str = "") -> Iterator[Contraction]:
    """Yield the convolutions of a sketch, as it is written down."""
    width, size = sketch.in_channels, sketch.size
    for position, step in enumerate(sketch.convolutions, start=1):
        size = step.size(size)
        name = f"{prefix or 'conv'}{position} {step.title}"
        yield Contraction(name, width, step.filters, step.kernel, size, step.groups, sketch.bias)
        width = step.filters


def of_head(head: Head) -> Iterator[Contraction]:
    """Yield the fully connected layers of a classifier, as it is written down."""
    widths = (head.features, *head.hidden, head.classes)
    for position, (given, made) in enumerate(pairwise(widths), start=1):
        yield Contraction(f"fc{position}, {made}", given, made, bias=head.bias)


def of_call(name: str, call: Call) -> Contraction | None:
    """Return the convolution or fully connected layer that a call is, by the shapes of its tensors."""
    if call.op not in DENSE:
        return None
    image, weight, output = call.inputs[0].shape, call.inputs[1].shape, call.outputs[0].shape
    bias = len(call.inputs) > 2
    if call.op == "linear":
        return Contraction(name, weight[1], weight[0], size=output[1:-1], bias=bias)
    return Contraction(name, image[1], weight[0], weight[2:], output[2:], image[1] // weight[1], bias)
