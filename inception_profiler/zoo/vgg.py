"""The VGG networks: 3×3 convolutions throughout, five stages, three fully connected layers."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU, initialise_xavier
from inception_profiler.zoo.card import ModelCard, model


class Configuration(NamedTuple):
    """One column of the paper's Table 1: the 3×3 convolutions of each stage, and what the whole counts."""

    column: str
    depths: tuple[int, int, int, int, int]
    params: int
    macs: int


# Table 1 of the paper:    column       stage 1 2 3 4 5       params            macs at 224
TABLE_1 = {
    "vgg11": Configuration("A",              (1, 1, 2, 2, 2), 132_863_336,  7_609_090_048),
    "vgg13": Configuration("B",              (2, 2, 2, 2, 2), 133_047_848, 11_308_466_176),
    "vgg16": Configuration("D",              (2, 2, 3, 3, 3), 138_357_544, 15_470_264_320),
    "vgg19": Configuration("E",              (2, 2, 4, 4, 4), 143_667_240, 19_632_062_464),
}  # fmt: skip
STAGE_WIDTHS = (64, 128, 256, 512, 512)
HIDDEN = 4096
MAP = 7


class VGG(nn.Module):
    """A VGG network: stages of 3×3 convolutions, a 2×2 max pooling after each, three linear layers."""

    def __init__(self, depths: tuple[int, ...], num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        stages: list[str] = []
        width = in_channels
        for stage, (depth, out) in enumerate(zip(depths, STAGE_WIDTHS, strict=True), start=1):
            for position in range(1, depth + 1):
                self.add_module(f"conv{stage}_{position}", ConvReLU(width, out, 3, padding=1))
                stages.append(f"conv{stage}_{position}")
                width = out
            self.add_module(f"pool{stage}", nn.MaxPool2d(2, stride=2))
            stages.append(f"pool{stage}")
        self.stages = tuple(stages)
        self.fc6 = LinearReLU(width * MAP * MAP, HIDDEN)
        self.drop6 = nn.Dropout(0.5)
        self.fc7 = LinearReLU(HIDDEN, HIDDEN)
        self.drop7 = nn.Dropout(0.5)
        self.fc8 = nn.Linear(HIDDEN, num_classes)
        initialise_xavier(self, bias=0.0)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        for (
            name
        ) in self.stages:  # N×64×112×112, N×128×56×56, N×256×28×28, N×512×14×14, N×512×7×7 after the poolings
            x = self.get_submodule(name)(x)
        x = torch.flatten(x, 1)  # N×25088
        x = self.drop6(self.fc6(x))  # N×4096
        x = self.drop7(self.fc7(x))  # N×4096
        return self.fc8(x)


for _name, _row in TABLE_1.items():
    model(
        ModelCard(
            name=_name,
            title=f"{_name.upper().replace('VGG', 'VGG-')} (configuration {_row.column})",
            paper="Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
            "Recognition, ICLR 2015, arXiv:1409.1556",
            year=2014,
            family="vgg",
            input=(3, 224, 224),
            params=_row.params,
            macs=_row.macs,
            deviations=(
                "Initialised by Glorot and Bengio's rule throughout, which the paper names as sufficient, "
                "instead of from a trained configuration A.",
            ),
            naming=Naming("/", (("conv", ""), ("linear", ""))),
        )
    )(partial(VGG, _row.depths))
