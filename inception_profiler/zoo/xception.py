"""Xception: depthwise separable convolutions in residual modules, in place of inception modules."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBN, ConvBNReLU
from inception_profiler.zoo.initialise import initialise_xavier
from inception_profiler.zoo.residual import Sum


class Widths(NamedTuple):
    """One residual module of the paper's Figure 5: flow, filters of the separable convolutions, stride."""

    flow: str
    filters: tuple[int, ...]
    stride: int = 1
    first_relu: bool = True


# Figure 5 of the paper:  flow      separable convolutions   stride
FIGURE_5 = {
    "block1":  Widths("entry",  (128, 128),               stride=2, first_relu=False),
    "block2":  Widths("entry",  (256, 256),               stride=2),
    "block3":  Widths("entry",  (728, 728),               stride=2),
    "block4":  Widths("middle", (728, 728, 728)),
    "block5":  Widths("middle", (728, 728, 728)),
    "block6":  Widths("middle", (728, 728, 728)),
    "block7":  Widths("middle", (728, 728, 728)),
    "block8":  Widths("middle", (728, 728, 728)),
    "block9":  Widths("middle", (728, 728, 728)),
    "block10": Widths("middle", (728, 728, 728)),
    "block11": Widths("middle", (728, 728, 728)),
    "block12": Widths("exit",   (728, 1024),              stride=2),
}  # fmt: skip


class SeparableConv(nn.Module):
    """A depthwise separable convolution: a 3×3 on each channel, a 1×1 across them, normalization."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H×W."""
        return self.bn(self.pointwise(self.depthwise(x)))


class Block(nn.Module):
    """A residual module: ReLU and separable convolution by turns, a max pooling to stride, the shortcut."""

    def __init__(self, in_channels: int, widths: Widths) -> None:
        super().__init__()
        out = widths.filters[-1]
        self.shortcut = ConvBN(in_channels, out, 1, stride=widths.stride) if widths.stride > 1 else None
        self.steps = nn.Sequential()
        for position, (before, after) in enumerate(
            zip((in_channels, *widths.filters), widths.filters, strict=False), start=1
        ):
            if position > 1 or widths.first_relu:
                # the first one must leave the input as it is: the shortcut reads it too
                self.steps.add_module(f"relu{position}", nn.ReLU(inplace=position > 1))
            self.steps.add_module(f"sepconv{position}", SeparableConv(before, after))
        if widths.stride > 1:
            self.steps.add_module("pool", nn.MaxPool2d(3, stride=widths.stride, padding=1))
        self.add = Sum()

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H/stride×W/stride."""
        return self.add(self.steps(x), x if self.shortcut is None else self.shortcut(x))


@model(
    ModelCard(
        name="xception",
        title="Xception",
        paper="Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, CVPR 2017, "
        "arXiv:1610.02357",
        year=2016,
        family="inception",
        predecessor="inception_v3",
        input=(3, 299, 299),
        params=22_855_952,
        macs=8_357_403_496,
        deviations=(
            "Maps are padded by one on each side before a max pooling, as in the PyTorch ports; the "
            "author's Keras network pads the 74×74 map below and to the right only, for the same size.",
            "Batch normalization adds 1e-5 to the variance, as in the PyTorch ports; the author's Keras "
            "network 1e-3.",
            "The optional fully connected layers before the classifier are left out, as in the author's "
            "Keras network; the dropout of 0.5 that the paper trains with stands before the classifier.",
            "Weights start by Glorot and Bengio's rule, as in Keras; the paper names none.",
        ),
        naming=Naming(".", (("conv", ""), ("steps", ""))),
        accuracy=Accuracy(79.0, 94.5, "one model, one crop", "the paper, Table 1"),
    )
)
class Xception(nn.Module):
    """Xception (the paper's Figure 5): entry flow, eight middle modules, exit flow."""

    block1: Block
    block2: Block
    block3: Block
    block4: Block
    block5: Block
    block6: Block
    block7: Block
    block8: Block
    block9: Block
    block10: Block
    block11: Block
    block12: Block

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        self.conv1 = ConvBNReLU(in_channels, 32, 3, stride=2)
        self.conv2 = ConvBNReLU(32, 64, 3)
        width = 64
        for name, widths in FIGURE_5.items():
            self.add_module(name, Block(width, widths))
            width = widths.filters[-1]
        self.sepconv3 = SeparableConv(width, 1536)
        self.relu3 = nn.ReLU(inplace=True)
        self.sepconv4 = SeparableConv(1536, 2048)
        self.relu4 = nn.ReLU(inplace=True)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.5)
        self.classifier = nn.Linear(2048, num_classes)
        initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×299×299 to N×classes."""
        x = self.conv1(x)  # N×32×149×149
        x = self.conv2(x)  # N×64×147×147
        x = self.block1(x)  # N×128×74×74
        x = self.block2(x)  # N×256×37×37
        x = self.block3(x)  # N×728×19×19
        x = self.block4(x)  # N×728×19×19
        x = self.block5(x)  # N×728×19×19
        x = self.block6(x)  # N×728×19×19
        x = self.block7(x)  # N×728×19×19
        x = self.block8(x)  # N×728×19×19
        x = self.block9(x)  # N×728×19×19
        x = self.block10(x)  # N×728×19×19
        x = self.block11(x)  # N×728×19×19
        x = self.block12(x)  # N×1024×10×10
        x = self.relu3(self.sepconv3(x))  # N×1536×10×10
        x = self.relu4(self.sepconv4(x))  # N×2048×10×10
        x = torch.flatten(self.pool(x), 1)  # N×2048
        return self.classifier(self.dropout(x))
