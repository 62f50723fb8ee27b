"""DenseNet-121: within a block, every layer sees the feature maps of all layers before it."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBNReLU
from inception_profiler.zoo.initialise import initialise_he
from inception_profiler.zoo.residual import BNReLU, BNReLUConv


class Plan(NamedTuple):
    """A column of the paper's Table 1 and the settings of its section 4.2."""

    depths: tuple[int, int, int, int]
    """Layers of each dense block."""
    growth_rate: int = 32
    """Feature maps that each layer adds, k in the paper."""
    bottleneck: int = 4
    """Feature maps of a layer's 1×1 convolution, in growth rates."""
    compression: float = 0.5
    """Share of the feature maps that a transition keeps, θ in the paper."""


# Table 1 of the paper:     dense block 1   2   3   4
TABLE_1 = {
    "densenet121": Plan(depths=(6, 12, 24, 16)),
}  # fmt: skip


class DenseLayer(nn.Module):
    """BN-ReLU-Conv(1×1)-BN-ReLU-Conv(3×3), whose k new feature maps are appended to those it was given.

    What each layer receives is ``[x_0, x_1, …, x_l]`` of the paper's equation 2.
    """

    def __init__(self, in_channels: int, plan: Plan) -> None:
        super().__init__()
        width = plan.bottleneck * plan.growth_rate
        self.reduce = BNReLUConv(in_channels, width, 1)
        self.conv_3x3 = BNReLUConv(width, plan.growth_rate, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(C+k)×H×W."""
        return torch.cat((x, self.conv_3x3(self.reduce(x))), 1)


class Transition(nn.Module):
    """The layers between two dense blocks: fewer feature maps at half the size."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.reduce = BNReLUConv(in_channels, out_channels, 1)
        self.pool = nn.AvgPool2d(2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×θC×(H/2)×(W/2)."""
        return self.pool(self.reduce(x))


class DenseNet(nn.Module):
    """A densely connected network: a 7×7 stem, four dense blocks with transitions between, a linear layer."""

    dense_block_1: nn.Sequential
    dense_block_2: nn.Sequential
    dense_block_3: nn.Sequential
    dense_block_4: nn.Sequential
    transition_1: Transition
    transition_2: Transition
    transition_3: Transition

    def __init__(self, plan: Plan, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        width = 2 * plan.growth_rate
        self.conv1 = ConvBNReLU(in_channels, width, 7, stride=2, padding=3)
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        for number, depth in enumerate(plan.depths, start=1):
            layers: OrderedDict[str, nn.Module] = OrderedDict()
            for position in range(1, depth + 1):
                layers[f"layer_{position}"] = DenseLayer(width, plan)
                width += plan.growth_rate
            self.add_module(f"dense_block_{number}", nn.Sequential(layers))
            if number < len(plan.depths):
                kept = int(width * plan.compression)
                self.add_module(f"transition_{number}", Transition(width, kept))
                width = kept
        self.activation = BNReLU(width)
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(width, num_classes)
        initialise_he(self, "fan_in")

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = self.conv1(x)  # N×64×112×112
        x = self.pool1(x)  # N×64×56×56
        x = self.transition_1(self.dense_block_1(x))  # N×128×28×28
        x = self.transition_2(self.dense_block_2(x))  # N×256×14×14
        x = self.transition_3(self.dense_block_3(x))  # N×512×7×7
        x = self.activation(self.dense_block_4(x))  # N×1024×7×7
        x = torch.flatten(self.avg_pool(x), 1)  # N×1024
        return self.classifier(x)


model(
    ModelCard(
        name="densenet121",
        title="DenseNet-121",
        paper="Huang et al., Densely Connected Convolutional Networks, CVPR 2017, arXiv:1608.06993",
        year=2016,
        family="densenet",
        input=(3, 224, 224),
        params=7_978_856,
        macs=2_834_161_664,
        deviations=(
            "The paper leaves open the normalization after the first convolution and after the last block; "
            "they are those of the authors' Torch code: BN-ReLU after both.",
            "Convolutions are drawn by He et al.'s rule over the fan-in and the last layer by PyTorch's "
            "rule, as in torchvision.",
        ),
        naming=Naming("/", (("conv", ""),)),
        accuracy=Accuracy(74.434, 91.972, "one crop of 224", "torchvision, densenet121 IMAGENET1K_V1"),
        aliases=("densenet",),
    )
)(partial(DenseNet, TABLE_1["densenet121"]))
