"""The VGG networks: 3×3 convolutions throughout, five stages, three fully connected layers."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBNReLU
from inception_profiler.zoo.initialise import initialise_he, initialise_xavier


class Configuration(NamedTuple):
    """One network: its column of the paper's Table 1, its stages, its counts and its accuracy.

    ``last_kernel`` is that of the third convolution of the stages 3 to 5; all others are 3×3.
    """

    column: str
    depths: tuple[int, int, int, int, int]
    last_kernel: int
    normed: bool
    params: int
    macs: int
    top1: float
    top5: float


# Table 1 of the paper:   col. stage 1 2 3 4 5  last normed       params      macs at 224   top-1   top-5
TABLE_1 = {
    "vgg11":    Configuration("A", (1, 1, 2, 2, 2),   3, False, 132_863_336,   7_609_090_048,   70.4,   89.6),
    "vgg13":    Configuration("B", (2, 2, 2, 2, 2),   3, False, 133_047_848,  11_308_466_176,   71.3,   90.1),
    "vgg16_c":  Configuration("C", (2, 2, 3, 3, 3),   1, False, 133_638_952,  11_770_888_192,   72.7,   91.2),
    "vgg16":    Configuration("D", (2, 2, 3, 3, 3),   3, False, 138_357_544,  15_470_264_320,   74.4,   91.9),
    "vgg19":    Configuration("E", (2, 2, 4, 4, 4),   3, False, 143_667_240,  19_632_062_464,   74.5,   92.0),
    "vgg11_bn": Configuration("A", (1, 1, 2, 2, 2),   3, True,  132_868_840,   7_609_090_048, 70.370, 89.810),
    "vgg13_bn": Configuration("B", (2, 2, 2, 2, 2),   3, True,  133_053_736,  11_308_466_176, 71.586, 90.374),
    "vgg16_bn": Configuration("D", (2, 2, 3, 3, 3),   3, True,  138_365_992,  15_470_264_320, 73.360, 91.516),
    "vgg19_bn": Configuration("E", (2, 2, 4, 4, 4),   3, True,  143_678_248,  19_632_062_464, 74.218, 91.842),
}  # fmt: skip
STAGE_WIDTHS = (64, 128, 256, 512, 512)
HIDDEN = 4096
MAP = 7


class VGG(nn.Module):
    """A VGG network: stages of 3×3 convolutions with a 2×2 max pooling after each, three linear layers."""

    def __init__(self, configuration: Configuration, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        depths, last_kernel, normed = configuration.depths, configuration.last_kernel, configuration.normed
        stages: list[str] = []
        width = in_channels
        for stage, (depth, out) in enumerate(zip(depths, STAGE_WIDTHS, strict=True), start=1):
            for position in range(1, depth + 1):
                kernel = last_kernel if stage >= 3 and position == 3 else 3
                block = (
                    ConvBNReLU(width, out, kernel, padding=kernel // 2, bias=True)
                    if normed
                    else ConvReLU(width, out, kernel, padding=kernel // 2)
                )
                self.add_module(f"conv{stage}_{position}", block)
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
        if normed:
            initialise_he(self, linear=0.01)
        else:
            initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        # N×64×112×112, N×128×56×56, N×256×28×28, N×512×14×14, N×512×7×7 after the poolings
        for name in self.stages:
            x = self.get_submodule(name)(x)
        x = torch.flatten(x, 1)  # N×25088
        x = self.drop6(self.fc6(x))  # N×4096
        x = self.drop7(self.fc7(x))  # N×4096
        return self.fc8(x)


PLAIN = (
    "Initialised by Glorot and Bengio's rule throughout, which the paper names as sufficient, instead of "
    "from a trained configuration A.",
)
NORMED = (
    "Batch normalization stands after every convolution, which keeps its bias, as in torchvision; the paper"
    " has none.",
    "Initialised as in torchvision: He's rule for convolutions, a deviation of 0.01 for linear layers.",
)

for _name, _row in TABLE_1.items():
    _title = f"{_name.partition('_')[0].upper().replace('VGG', 'VGG-')} (configuration {_row.column}"
    model(
        ModelCard(
            name=_name,
            title=f"{_title}, batch-normalized)" if _row.normed else f"{_title})",
            paper="Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
            "Recognition, ICLR 2015, arXiv:1409.1556"
            + ("; the network is torchvision's" if _row.normed else ""),
            year=2014,
            family="vgg",
            input=(3, 224, 224),
            params=_row.params,
            macs=_row.macs,
            deviations=NORMED if _row.normed else PLAIN,
            naming=Naming("/", (("conv", ""), ("linear", ""))),
            accuracy=Accuracy(
                _row.top1, _row.top5, "one model, one central crop of 224", "torchvision, IMAGENET1K_V1"
            )
            if _row.normed
            else Accuracy(_row.top1, _row.top5, "one network, whole image, one scale", "the paper, Table 3"),
            aliases=(_name.replace("vgg", "vgg-"), *(("vgg",) if _name == "vgg16" else ())),
        )
    )(partial(VGG, _row))
