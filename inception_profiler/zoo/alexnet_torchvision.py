"""AlexNet in one tower, as torchvision has it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model


class Convolution(NamedTuple):
    """One convolution of the single tower."""

    filters: int
    kernel: int
    stride: int
    padding: int


# The single tower:      filters  kernel  stride  padding
TOWER = {
    "conv1": Convolution(     64,     11,      4,       2),
    "conv2": Convolution(    192,      5,      1,       2),
    "conv3": Convolution(    384,      3,      1,       1),
    "conv4": Convolution(    256,      3,      1,       1),
    "conv5": Convolution(    256,      3,      1,       1),
}  # fmt: skip
MAP = 6
HIDDEN = 4096


@model(
    ModelCard(
        name="alexnet_torchvision",
        title="AlexNet (torchvision)",
        paper="Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014, "
        "arXiv:1404.5997; the network is torchvision's",
        year=2014,
        family="alexnet",
        input=(3, 224, 224),
        params=61_100_840,
        macs=714_188_480,
        deviations=(
            "The fourth convolution has 256 filters, as in torchvision; the paper's single tower has 384.",
            "The last map is averaged to 6×6, which changes nothing at 224 and lets other inputs pass.",
            "Weights start by PyTorch's defaults, as in torchvision.",
        ),
        naming=Naming("/", (("conv", ""), ("linear", ""))),
        accuracy=Accuracy(56.522, 79.066, "one model, one central crop of 224", "torchvision, IMAGENET1K_V1"),
    )
)
class AlexNetTorchvision(nn.Module):
    """AlexNet in one tower: five convolutions without groups or normalization, three linear layers."""

    conv1: ConvReLU
    conv2: ConvReLU
    conv3: ConvReLU
    conv4: ConvReLU
    conv5: ConvReLU

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        width = in_channels
        for name, (filters, kernel, stride, padding) in TOWER.items():
            self.add_module(name, ConvReLU(width, filters, kernel, stride=stride, padding=padding))
            width = filters
        self.pool1 = nn.MaxPool2d(3, stride=2)
        self.pool2 = nn.MaxPool2d(3, stride=2)
        self.pool5 = nn.MaxPool2d(3, stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(MAP)
        self.drop6 = nn.Dropout(0.5)
        self.fc6 = LinearReLU(width * MAP * MAP, HIDDEN)
        self.drop7 = nn.Dropout(0.5)
        self.fc7 = LinearReLU(HIDDEN, HIDDEN)
        self.fc8 = nn.Linear(HIDDEN, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = self.pool1(self.conv1(x))  # N×64×27×27
        x = self.pool2(self.conv2(x))  # N×192×13×13
        x = self.conv3(x)  # N×384×13×13
        x = self.conv4(x)  # N×256×13×13
        x = self.pool5(self.conv5(x))  # N×256×6×6
        x = torch.flatten(self.avgpool(x), 1)  # N×9216
        x = self.fc6(self.drop6(x))  # N×4096
        x = self.fc7(self.drop7(x))  # N×4096
        return self.fc8(x)
