"""The closed formulas of one convolution or fully connected layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inception_profiler.claims.expression import Expression
from inception_profiler.records.layer import CONTRACTIONS
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Sketch
from inception_profiler.records.trace import Call

symbol = Expression.symbol


class Contraction(NamedTuple):
    """What the cost of a layer depends on; ``size`` is the map it makes, None for a fully connected layer."""

    name: str
    in_channels: int
    out_channels: int
    kernel: tuple[int, ...] = ()
    size: tuple[int, ...] | None = None
    groups: int = 1
    bias: bool = False

    @property
    def weights(self) -> Expression:
        """The weights: ``K_h·K_w·C_in/G·C_out``."""
        channels = symbol("C_in", self.in_channels) * symbol("C_out", self.out_channels)
        if self.groups > 1:
            channels = channels / symbol("G", self.groups)
        if set(self.kernel) <= {1}:
            return channels
        if len(set(self.kernel)) == 1:
            return symbol("K", self.kernel[0]) ** len(self.kernel) * channels
        height, width = self.kernel
        return symbol("K_h", height) * symbol("K_w", width) * channels

    @property
    def params(self) -> Expression:
        """The weights, and one bias for each filter where there is one."""
        return self.weights + symbol("C_out", self.out_channels) if self.bias else self.weights

    @property
    def macs(self) -> Expression:
        """Every weight meets every position of the map that the layer makes: ``weights · H · W``."""
        if self.size is None:
            return self.weights
        positions = symbol("H", self.size[0]) * symbol("W", self.size[1])
        return positions * self.weights if self.groups > 1 else self.weights * positions


def of_sketch(sketch: Sketch) -> Iterator[Contraction]:
    """Yield the contractions of a sketch, as it is written down."""
    width = sketch.in_channels
    for position, step in enumerate(sketch.convolutions, start=1):
        name = f"conv{position} {step.title}"
        yield Contraction(
            name, width, step.filters, step.kernel, sketch.size, groups=step.groups, bias=sketch.bias
        )
        width = step.filters


def of_profile(profile: Profile) -> Iterator[Contraction]:
    """Yield the convolutions and fully connected layers of a profile, by the shapes of their tensors."""
    for layer in profile.layers:
        if layer.call.kind in CONTRACTIONS:
            yield _of_call(layer.name or layer.call.op, layer.call)


def _of_call(name: str, call: Call) -> Contraction:
    image, weight, (output,) = call.inputs[0], call.inputs[1], call.outputs
    bias = len(call.inputs) > 2
    if call.kind == "linear":
        return Contraction(name, weight.shape[1], weight.shape[0], bias=bias)
    groups = image.shape[1] // weight.shape[1]
    return Contraction(
        name, image.shape[1], weight.shape[0], weight.shape[2:], output.shape[2:], groups, bias
    )
