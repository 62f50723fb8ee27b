"""The network of a sketch."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from inception_profiler.records.sketch import Sketch
from inception_profiler.zoo.blocks import ConvReLU
from inception_profiler.zoo.weightless import Weightless


def draw(sketch: Sketch) -> nn.Sequential:
    """Build the network of a sketch out of meta tensors: it can be counted, and holds no weights to run with.

    The layers are named by their position and kernel, ``conv2_3x3``, and each is padded by ``(K − 1)/2``, so
    that the map keeps its size.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    width = sketch.in_channels
    with Weightless():
        for position, step in enumerate(sketch.convolutions, start=1):
            height, breadth = step.kernel
            layers[f"conv{position}_{height}x{breadth}"] = ConvReLU(
                width,
                step.filters,
                step.kernel,
                padding=(height // 2, breadth // 2),
                groups=step.groups,
                bias=sketch.bias,
            )
            width = step.filters
    return nn.Sequential(layers)
