"""Network in Network: 1×1 convolutions after each convolution, a map for each class at the end."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_normal


class MLPConv(NamedTuple):
    """One mlpconv layer: a convolution and two 1×1 convolutions, by the names that the authors give them."""

    conv: str
    filters: int
    kernel: int
    stride: int
    padding: int
    cccp: tuple[str, str]


# The authors' network:  filters  kernel  stride  padding  two 1×1
LAYERS = (
    MLPConv("conv1",          96,     11,      4,       0, ("cccp1", "cccp2")),
    MLPConv("conv2",         256,      5,      1,       2, ("cccp3", "cccp4")),
    MLPConv("conv3",         384,      3,      1,       1, ("cccp5", "cccp6")),
    MLPConv("conv4",        1024,      3,      1,       1, ("cccp7", "cccp8")),
)  # fmt: skip


@model(
    ModelCard(
        name="nin",
        title="Network in Network (ImageNet)",
        paper="Lin et al., Network In Network, ICLR 2014, arXiv:1312.4400; the network is the one its "
        "authors released for ImageNet (Caffe model zoo)",
        year=2013,
        family="nin",
        input=(3, 224, 224),
        params=7_595_176,
        macs=1_100_188_800,
        deviations=(
            "The paper's own networks are for smaller images; this is the authors' later network for "
            "ImageNet.",
            "The last average pooling is global: the released 6×6 at 224, and any size at other inputs.",
        ),
        naming=Naming(
            "/", (("conv", ""), ("conv4", "conv4-1024"), ("cccp7", "cccp7-1024"), ("cccp8", "cccp8-1024"))
        ),
        accuracy=Accuracy(59.36, None, "one model", "the authors' page in the Caffe model zoo"),
        aliases=("network_in_network", "network-in-network"),
    )
)
class NIN(nn.Module):
    """Network in Network: four mlpconv layers and global average pooling."""

    conv1: ConvReLU
    cccp1: ConvReLU
    cccp2: ConvReLU
    conv2: ConvReLU
    cccp3: ConvReLU
    cccp4: ConvReLU
    conv3: ConvReLU
    cccp5: ConvReLU
    cccp6: ConvReLU
    conv4: ConvReLU
    cccp7: ConvReLU
    cccp8: ConvReLU

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        width = in_channels
        for layer in LAYERS:
            block = ConvReLU(width, layer.filters, layer.kernel, stride=layer.stride, padding=layer.padding)
            self.add_module(layer.conv, block)
            first, second = layer.cccp
            width = num_classes if layer is LAYERS[-1] else layer.filters
            self.add_module(first, ConvReLU(layer.filters, layer.filters, 1))
            self.add_module(second, ConvReLU(layer.filters, width, 1))
        self.pool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.drop = nn.Dropout(0.5)
        self.pool4 = nn.AdaptiveAvgPool2d(1)
        initialise_normal(self, 0.05, others={"conv1": 0.01, "conv3": 0.01, "cccp8": 0.01})

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = self.cccp2(self.cccp1(self.conv1(x)))  # N×96×54×54
        x = self.pool1(x)  # N×96×27×27
        x = self.cccp4(self.cccp3(self.conv2(x)))  # N×256×27×27
        x = self.pool2(x)  # N×256×13×13
        x = self.cccp6(self.cccp5(self.conv3(x)))  # N×384×13×13
        x = self.drop(self.pool3(x))  # N×384×6×6
        x = self.cccp8(self.cccp7(self.conv4(x)))  # N×classes×6×6
        return torch.flatten(self.pool4(x), 1)  # N×classes
