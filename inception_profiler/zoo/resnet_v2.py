"""The pre-activated residual network of 50 layers."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_he
from inception_profiler.zoo.residual import BNReLU, BNReLUConv, Sum
from inception_profiler.zoo.resnet import INITIALISATION, STAGE_WIDTHS, Widths

EXPANSION = 4


class Unit(nn.Module):
    """A residual unit ``x + F(x)`` with its activations before its convolutions (the paper's Figure 4e).

    Where the shape changes, a projection of the activated input takes the place of x.
    """

    def __init__(self, widths: Widths, stride: int) -> None:
        super().__init__()
        changed = stride != 1 or widths.input != widths.output
        self.projection = (
            nn.Conv2d(widths.input, widths.output, 1, stride=stride, bias=False) if changed else None
        )
        self.preactivation = BNReLU(widths.input)
        self.reduce = nn.Conv2d(widths.input, widths.inner, 1, bias=False)
        self.conv_3x3 = BNReLUConv(widths.inner, widths.inner, 3, stride=stride, padding=1)
        self.restore = BNReLUConv(widths.inner, widths.output, 1)
        self.sum = Sum()

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×(H/stride)×(W/stride)."""
        activated = self.preactivation(x)
        shortcut = x if self.projection is None else self.projection(activated)
        residual = self.restore(self.conv_3x3(self.reduce(activated)))
        return self.sum(residual, shortcut)


class Plan(NamedTuple):
    """How many units each of conv2_x to conv5_x has."""

    depths: tuple[int, int, int, int]


RESNET_50 = Plan((3, 4, 6, 3))


class ResNetV2(nn.Module):
    """A pre-activated residual network: a bare 7×7, four stages of units, an activation, a linear layer."""

    conv2_x: nn.Sequential
    conv3_x: nn.Sequential
    conv4_x: nn.Sequential
    conv5_x: nn.Sequential

    def __init__(self, plan: Plan, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 64, 7, stride=2, padding=3, bias=False)
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        width = 64
        for (stage, inner), depth in zip(STAGE_WIDTHS.items(), plan.depths, strict=True):
            units: OrderedDict[str, nn.Module] = OrderedDict()
            for position in range(1, depth + 1):
                widths = Widths(width, inner, inner * EXPANSION)
                stride = 2 if position == 1 and stage != "conv2_x" else 1
                units[f"{stage[:-1]}{position}"] = Unit(widths, stride)
                width = widths.output
            self.add_module(stage, nn.Sequential(units))
        self.activation = BNReLU(width)
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width, num_classes)
        initialise_he(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = self.conv1(x)  # N×64×112×112
        x = self.pool1(x)  # N×64×56×56
        x = self.conv2_x(x)  # N×256×56×56
        x = self.conv3_x(x)  # N×512×28×28
        x = self.conv4_x(x)  # N×1024×14×14
        x = self.conv5_x(x)  # N×2048×7×7
        x = self.activation(x)  # N×2048×7×7
        x = torch.flatten(self.avg_pool(x), 1)  # N×2048
        return self.fc(x)


model(
    ModelCard(
        name="resnet50_v2",
        title="ResNet-50-v2 (pre-activation)",
        paper="He et al., Identity Mappings in Deep Residual Networks, ECCV 2016, arXiv:1603.05027",
        year=2016,
        family="resnet",
        input=(3, 224, 224),
        params=25_549_352,
        macs=4_089_184_256,
        deviations=(
            "The paper reports deeper networks on ImageNet; this one has its units in the depths of "
            "ResNet-50, as timm's resnetv2_50 and Keras' ResNet50V2.",
            "The max pooling follows the bare first convolution, and the first activation is that of the "
            "first unit, as in timm and Keras; the paper puts the first activation right after the first "
            "convolution.",
            "No convolution has a bias, as in the authors' Torch code; Keras' and TF-slim's have one on the "
            "first convolution, on projections and on the 1×1 that restores (25,568,360 trainable params).",
            "Where a stage begins, the 3×3 convolution has the stride; TF-slim and Keras put it on the last "
            "unit of the stage before.",
            INITIALISATION,
        ),
        accuracy=Accuracy(81.398, 95.726, "one crop of 288, timm's training", "timm, resnetv2_50.a1h_in1k"),
        aliases=("resnetv2_50", "preact_resnet50"),
    )
)(partial(ResNetV2, RESNET_50))
