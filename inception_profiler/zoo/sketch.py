"""The networks of sketches: they can be counted, and hold no weights to run with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from inception_profiler.records.sketch import Head, Sketch
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.weightless import Weightless


def draw(sketch: Sketch) -> nn.Sequential:
    """Build the convolutions of a sketch, named by their position and kernel, ``conv2_3x3``."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    width = sketch.in_channels
    with Weightless():
        for position, step in enumerate(sketch.convolutions, start=1):
            height, breadth = step.kernel
            layers[f"conv{position}_{height}x{breadth}"] = ConvReLU(
                width,
                step.filters,
                step.kernel,
                stride=step.stride,
                padding=step.pads,
                groups=step.groups,
                bias=sketch.bias,
            )
            width = step.filters
    return nn.Sequential(layers)


def draw_head(head: Head) -> nn.Sequential:
    """Build a classifier: ``pool`` where it averages, ``flatten``, and ``fc1``, ``fc2``, …."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    with Weightless():
        if head.pool:
            layers["pool"] = nn.AdaptiveAvgPool2d(1)
        layers["flatten"] = nn.Flatten()
        widths = (head.features, *head.hidden, head.classes)
        for position, (given, made) in enumerate(pairwise(widths), start=1):
            last = position > len(head.hidden)
            kind = nn.Linear if last else LinearReLU
            layers[f"fc{position}"] = kind(given, made, bias=head.bias)
    return nn.Sequential(layers)


class SideBySide(nn.Module):
    """Networks side by side, each on a map of its own, so that they can be counted in one pass.

    They are named by their position from 1: ``part1``, ``part2``, ….
    """

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.parts = [f"part{position}" for position in range(1, len(networks) + 1)]
        for name, network in zip(self.parts, networks, strict=True):
            self.add_module(name, network)

    def forward(self, *maps: Tensor) -> list[Tensor]:
        """Map each input by its network."""
        return [self.get_submodule(name)(x) for name, x in zip(self.parts, maps, strict=True)]
