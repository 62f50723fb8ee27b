"""ZFNet: AlexNet with a smaller first kernel and stride, and its enlarged form."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_normal


class Convolution(NamedTuple):
    """One convolution of the paper's Figure 3; ``filters`` and ``enlarged`` are those of its two networks."""

    filters: int
    enlarged: int
    kernel: int
    stride: int
    padding: int


# Figure 3 of the paper: filters  enlarged (Table 3)  kernel  stride  padding
FIGURE_3 = {
    "conv1": Convolution(     96,       96,                7,      2,       1),
    "conv2": Convolution(    256,      256,                5,      2,       0),
    "conv3": Convolution(    384,      512,                3,      1,       1),
    "conv4": Convolution(    384,     1024,                3,      1,       1),
    "conv5": Convolution(    256,      512,                3,      1,       1),
}  # fmt: skip
MAP = 6
HIDDEN = 4096


class ZFNet(nn.Module):
    """ZFNet: five convolutions without groups, contrast normalization across maps, three linear layers."""

    conv1: ConvReLU
    conv2: ConvReLU
    conv3: ConvReLU
    conv4: ConvReLU
    conv5: ConvReLU

    def __init__(self, *, enlarged: bool, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        width = in_channels
        for name, row in FIGURE_3.items():
            filters = row.enlarged if enlarged else row.filters
            self.add_module(
                name, ConvReLU(width, filters, row.kernel, stride=row.stride, padding=row.padding)
            )
            width = filters
        self.pool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.norm1 = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.pool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.norm2 = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.pool5 = nn.MaxPool2d(3, stride=2)
        self.fc6 = LinearReLU(width * MAP * MAP, HIDDEN)
        self.drop6 = nn.Dropout(0.5)
        self.fc7 = LinearReLU(HIDDEN, HIDDEN)
        self.drop7 = nn.Dropout(0.5)
        self.fc8 = nn.Linear(HIDDEN, num_classes)
        initialise_normal(self, 0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes; shapes are those of the smaller network."""
        x = self.conv1(x)  # N×96×110×110
        x = self.norm1(self.pool1(x))  # N×96×55×55
        x = self.conv2(x)  # N×256×26×26
        x = self.norm2(self.pool2(x))  # N×256×13×13
        x = self.conv3(x)  # N×384×13×13
        x = self.conv4(x)  # N×384×13×13
        x = self.conv5(x)  # N×256×13×13
        x = torch.flatten(self.pool5(x), 1)  # N×9216
        x = self.drop6(self.fc6(x))  # N×4096
        x = self.drop7(self.fc7(x))  # N×4096
        return self.fc8(x)


class Count(NamedTuple):
    """What one of the two networks is called, what it counts, and the accuracy of the paper's Table 2."""

    title: str
    enlarged: bool
    params: int
    macs: int
    top1: float
    top5: float


# name                       title               enlarged      params           macs  top-1  top-5
COUNTS = {
    "zfnet":          Count("ZFNet",             False,    62_357_608, 1_168_032_896,  61.6,  83.5),
    "zfnet_enlarged": Count("ZFNet (enlarged)",  True,    107_627_624, 2_476_704_896,  62.5,  84.0),
}  # fmt: skip

for _name, _row in COUNTS.items():
    model(
        ModelCard(
            name=_name,
            title=_row.title,
            paper="Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014, "
            "arXiv:1311.2901",
            year=2013,
            family="alexnet",
            input=(3, 224, 224),
            params=_row.params,
            macs=_row.macs,
            deviations=(
                "Padding and rounding, which the paper does not print, are those that give the map sizes of"
                " Figure 3 (110, 55, 26, 13, 6): 1 around the 7×7, 0 around the 5×5, poolings 1 and 2 round"
                " up.",
                "The constants of the contrast normalization are AlexNet's; the paper names none.",
                "Weights start at random with a deviation of 0.01; the paper says they start at 0.01.",
            ),
            naming=Naming("/", (("conv", ""), ("linear", ""))),
            accuracy=Accuracy(_row.top1, _row.top5, "one network, mean of ten crops", "the paper, Table 2"),
        )
    )(partial(ZFNet, enlarged=_row.enlarged))
