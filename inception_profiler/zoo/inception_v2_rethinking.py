"""Inception-v2 of Rethinking the Inception Architecture: its Table 1, with missing filters reconstructed."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import ModelCard, model
from inception_profiler.zoo.conv_bn import Conv, ConvBNReLU
from inception_profiler.zoo.inception_v3 import PAPER
from inception_profiler.zoo.inception_v3_modules import (
    InceptionB,
    InceptionC,
    ReductionA,
    ReductionB,
)
from inception_profiler.zoo.initialise import initialise_truncated_normal


class Row(NamedTuple):
    """A convolution of the stem, by the columns of the paper's Table 1; ``maps`` is the next row's input."""

    kernel: int
    stride: int
    padding: int
    maps: int


# Table 1 of the paper:  kernel  stride  padding  maps
TABLE_1 = {
    "conv1":          Row(   3,      2,       0,   32),
    "conv2":          Row(   3,      1,       0,   32),
    "conv3":          Row(   3,      1,       1,   64),
    "conv4":          Row(   3,      1,       0,   80),
    "conv5":          Row(   3,      2,       0,  192),
    "conv6":          Row(   3,      1,       1,  288),
}  # fmt: skip

# The rest of Table 1 gives how many modules there are, of which figure and on which map; their filters are
# reconstructed. 224 + 64 = 288, and the 17×17 modules are Inception-v3's with its 160 once more.
FIGURE_5 = {"inception_5_1":  64, "inception_5_2":  64, "inception_5_3":  64}  # fmt: skip
FIGURE_6 = {
    "inception_6_1": 128,
    "inception_6_2": 160,
    "inception_6_3": 160,
    "inception_6_4": 160,
    "inception_6_5": 192,
}
FIGURE_7 = {"inception_7_1": 1280, "inception_7_2": 2048}


class FigureFive(nn.Module):
    """A module of the 35×35 map (the paper's Figure 5): one 3×3, and two 3×3 that stand for a 5×5.

    It is InceptionA of Inception-v3, whose surviving 5×5 is the single 3×3 here.
    """

    def __init__(self, in_channels: int, pool_proj: int, conv: Conv) -> None:
        super().__init__()
        self.branch1x1 = conv(in_channels, 64, 1)
        self.branch3x3_1 = conv(in_channels, 48, 1)
        self.branch3x3_2 = conv(48, 64, 3, padding=1)
        self.branch3x3dbl_1 = conv(in_channels, 64, 1)
        self.branch3x3dbl_2 = conv(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, 3, padding=1)
        self.pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = conv(in_channels, pool_proj, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(224 + projection)×H×W."""
        one = self.branch1x1(x)
        three = self.branch3x3_2(self.branch3x3_1(x))
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((one, three, double, self.branch_pool(self.pool(x))), 1)


@model(
    ModelCard(
        name="inception_v2_rethinking",
        title="Inception-v2 of the Rethinking paper (reconstruction)",
        paper=f"{PAPER}, Table 1",
        year=2015,
        family="inception",
        predecessor="bn_inception",
        input=(3, 299, 299),
        params=25_954_248,
        macs=6_352_562_784,
        deviations=(
            "A reconstruction, not a known network: Table 1 prints the stem and the input of each group of "
            "modules, and never the filters inside the modules or the two reductions between the groups. "
            "Parameters and MACs of the modules are therefore this file's and not the paper's.",
            "Reconstructed: the filters of the released Inception-v3, with one 3×3 (48 then 64) for its "
            "surviving 5×5 since Figure 5 draws no 5×5, with the reductions of the release (Figure 10 "
            "draws their form), and with the 160-wide 17×17 module three times and not twice, since Table "
            "1 has five modules where the release has four. All maps come out as Table 1 prints them.",
            "The paper says 42 layers and about 2.5 times the cost of GoogLeNet, and its Table 3 3.8 "
            "billion operations: this reconstruction is deeper and dearer.",
            "The paper's auxiliary classifier (Figure 8) is left out. Batch normalization (ε 0.001) "
            "follows every convolution and the initialisation is that of inception_v3; the last pooling is "
            "global, the paper's 8×8 at 299.",
        ),
        naming=Naming(".", (("classifier", "linear"),)),
    )
)
class InceptionV2Rethinking(nn.Module):
    """Table 1 of the paper: a stem of six 3×3, then modules of its Figures 5, 6 and 7."""

    conv1: nn.Module
    conv2: nn.Module
    conv3: nn.Module
    conv4: nn.Module
    conv5: nn.Module
    conv6: nn.Module
    inception_5_1: nn.Module
    inception_5_2: nn.Module
    inception_5_3: nn.Module
    inception_6_1: nn.Module
    inception_6_2: nn.Module
    inception_6_3: nn.Module
    inception_6_4: nn.Module
    inception_6_5: nn.Module
    inception_7_1: nn.Module
    inception_7_2: nn.Module

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        conv = partial(ConvBNReLU, eps=1e-3)
        width = in_channels
        for name, row in TABLE_1.items():
            self.add_module(name, conv(width, row.maps, row.kernel, stride=row.stride, padding=row.padding))
            width = row.maps
        self.pool = nn.MaxPool2d(3, stride=2)
        for name, projection in FIGURE_5.items():
            self.add_module(name, FigureFive(width, projection, conv))
        self.reduction_5 = ReductionA(width, conv)
        for name, seven in FIGURE_6.items():
            self.add_module(name, InceptionB(768, seven, conv))
        self.reduction_6 = ReductionB(768, conv)
        for name, maps in FIGURE_7.items():
            self.add_module(name, InceptionC(maps, conv))
        self.average = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(2048, num_classes)
        initialise_truncated_normal(self, 0.1, cut=2.0)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×299×299 to N×classes."""
        x = self.conv1(x)  # N×32×149×149
        x = self.conv2(x)  # N×32×147×147
        x = self.conv3(x)  # N×64×147×147
        x = self.pool(x)  # N×64×73×73
        x = self.conv4(x)  # N×80×71×71
        x = self.conv5(x)  # N×192×35×35
        x = self.conv6(x)  # N×288×35×35
        x = self.inception_5_1(x)  # N×288×35×35
        x = self.inception_5_2(x)  # N×288×35×35
        x = self.inception_5_3(x)  # N×288×35×35
        x = self.reduction_5(x)  # N×768×17×17
        x = self.inception_6_1(x)  # N×768×17×17
        x = self.inception_6_2(x)  # N×768×17×17
        x = self.inception_6_3(x)  # N×768×17×17
        x = self.inception_6_4(x)  # N×768×17×17
        x = self.inception_6_5(x)  # N×768×17×17
        x = self.reduction_6(x)  # N×1280×8×8
        x = self.inception_7_1(x)  # N×2048×8×8
        x = self.inception_7_2(x)  # N×2048×8×8
        x = torch.flatten(self.average(x), 1)  # N×2048
        return self.classifier(x)  # N×classes
