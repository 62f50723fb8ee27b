"""AlexNet as published: two towers of convolutions that meet in the third, local response normalization."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_normal


class Convolution(NamedTuple):
    """One convolution of the paper's Figure 2, both towers together; at 2 ``groups`` they do not meet."""

    filters: int
    kernel: int
    stride: int
    padding: int
    groups: int


# Figure 2 of the paper: filters  kernel  stride  padding  groups
FIGURE_2 = {
    "conv1": Convolution(     96,     11,      4,       0,      1),
    "conv2": Convolution(    256,      5,      1,       2,      2),
    "conv3": Convolution(    384,      3,      1,       1,      1),
    "conv4": Convolution(    384,      3,      1,       1,      2),
    "conv5": Convolution(    256,      3,      1,       1,      2),
}  # fmt: skip
MAP = 6
HIDDEN = 4096


@model(
    ModelCard(
        name="alexnet",
        title="AlexNet (two towers)",
        paper="Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, NIPS 2012",
        year=2012,
        family="alexnet",
        input=(3, 227, 227),
        params=60_965_224,
        macs=724_406_816,
        deviations=(
            "The input is 227×227: the paper prints 224, from which an 11×11 at stride 4 cannot give its "
            "55×55 map.",
            "The two towers are the two groups of one convolution, on one device; the normalization runs "
            "across both.",
            "Padding, which the paper does not print, is what gives its map sizes: 2 around the 5×5, 1 "
            "around the 3×3.",
        ),
        naming=Naming("/", (("conv", ""), ("linear", ""))),
        accuracy=Accuracy(59.3, 81.8, "one network, mean of ten crops", "the paper, Table 2"),
    )
)
class AlexNet(nn.Module):
    """AlexNet: five convolutions, three of them in two towers, and three fully connected layers."""

    conv1: ConvReLU
    conv2: ConvReLU
    conv3: ConvReLU
    conv4: ConvReLU
    conv5: ConvReLU

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        width = in_channels
        for name, (filters, kernel, stride, padding, groups) in FIGURE_2.items():
            self.add_module(
                name, ConvReLU(width, filters, kernel, stride=stride, padding=padding, groups=groups)
            )
            width = filters
        # the paper sums the squares that PyTorch averages: its alpha of 1e-4 times the size of 5
        self.norm1 = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.pool1 = nn.MaxPool2d(3, stride=2)
        self.norm2 = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.pool2 = nn.MaxPool2d(3, stride=2)
        self.pool5 = nn.MaxPool2d(3, stride=2)
        self.fc6 = LinearReLU(width * MAP * MAP, HIDDEN)
        self.drop6 = nn.Dropout(0.5)
        self.fc7 = LinearReLU(HIDDEN, HIDDEN)
        self.drop7 = nn.Dropout(0.5)
        self.fc8 = nn.Linear(HIDDEN, num_classes)
        initialise_normal(self, 0.01, ones=("conv2", "conv4", "conv5", "fc6", "fc7"))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×227×227 to N×classes."""
        x = self.conv1(x)  # N×96×55×55
        x = self.pool1(self.norm1(x))  # N×96×27×27
        x = self.conv2(x)  # N×256×27×27
        x = self.pool2(self.norm2(x))  # N×256×13×13
        x = self.conv3(x)  # N×384×13×13
        x = self.conv4(x)  # N×384×13×13
        x = self.conv5(x)  # N×256×13×13
        x = torch.flatten(self.pool5(x), 1)  # N×9216
        x = self.drop6(self.fc6(x))  # N×4096
        x = self.drop7(self.fc7(x))  # N×4096
        return self.fc8(x)
