"""AlexNet as one tower: the paper's widths, with every filter seeing every channel."""

from __future__ import annotations

from torch import nn

from inception_profiler.zoo.card import build


def without_groups() -> nn.Module:
    """Build AlexNet of the paper's widths without the groups of its two GPUs, on the meta device."""
    network = build("alexnet", device="meta")
    for name, layer in list(network.named_modules()):
        if isinstance(layer, nn.Conv2d) and layer.groups > 1:
            kernel = layer.kernel_size[0]
            dense = nn.Conv2d(
                layer.in_channels, layer.out_channels, kernel, padding=kernel // 2, device="meta"
            )
            network.set_submodule(name, dense, strict=True)
    return network
