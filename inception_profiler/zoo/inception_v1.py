"""GoogLeNet, the first Inception network, as the paper describes it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_xavier


class Widths(NamedTuple):
    """Filters of one inception module, by the columns of the paper's Table 1."""

    conv_1x1: int
    reduce_3x3: int
    conv_3x3: int
    reduce_5x5: int
    conv_5x5: int
    pool_proj: int

    @property
    def out(self) -> int:
        """Channels after the concatenation."""
        return self.conv_1x1 + self.conv_3x3 + self.conv_5x5 + self.pool_proj


# Table 1 of the paper:     #1×1  #3×3 reduce  #3×3  #5×5 reduce  #5×5  pool proj
TABLE_1 = {
    "inception_3a": Widths(   64,           96,  128,          16,   32,        32),
    "inception_3b": Widths(  128,          128,  192,          32,   96,        64),
    "inception_4a": Widths(  192,           96,  208,          16,   48,        64),
    "inception_4b": Widths(  160,          112,  224,          24,   64,        64),
    "inception_4c": Widths(  128,          128,  256,          24,   64,        64),
    "inception_4d": Widths(  112,          144,  288,          32,   64,        64),
    "inception_4e": Widths(  256,          160,  320,          32,  128,       128),
    "inception_5a": Widths(  256,          160,  320,          32,  128,       128),
    "inception_5b": Widths(  384,          192,  384,          48,  128,       128),
}  # fmt: skip
STEM_WIDTH = 192
AUXILIARY_WIDTH = 128
AUXILIARY_HIDDEN = 1024

NAMING = Naming(
    "/",
    (
        ("conv_7x7", "7x7_s2"), ("reduce_3x3", "3x3_reduce"), ("conv_3x3", "3x3"), ("conv_1x1", "1x1"),
        ("reduce_5x5", "5x5_reduce"), ("conv_5x5", "5x5"), ("conv", ""), ("linear", ""),
    ),
)  # fmt: skip


class Inception(nn.Module):
    """An inception module: four branches over one input, concatenated by channels (the paper's Figure 2b)."""

    def __init__(self, in_channels: int, widths: Widths) -> None:
        super().__init__()
        self.conv_1x1 = ConvReLU(in_channels, widths.conv_1x1, 1)
        self.reduce_3x3 = ConvReLU(in_channels, widths.reduce_3x3, 1)
        self.conv_3x3 = ConvReLU(widths.reduce_3x3, widths.conv_3x3, 3, padding=1)
        self.reduce_5x5 = ConvReLU(in_channels, widths.reduce_5x5, 1)
        self.conv_5x5 = ConvReLU(widths.reduce_5x5, widths.conv_5x5, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pool_proj = ConvReLU(in_channels, widths.pool_proj, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(sum of the four branches)×H×W."""
        return torch.cat(
            (
                self.conv_1x1(x),
                self.conv_3x3(self.reduce_3x3(x)),
                self.conv_5x5(self.reduce_5x5(x)),
                self.pool_proj(self.pool(x)),
            ),
            1,
        )


class Stem1(nn.Module):
    """The first convolution: a dense 7×7 at stride 2."""

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.conv_7x7 = ConvReLU(in_channels, 64, 7, stride=2, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×64×112×112."""
        return self.conv_7x7(x)


class Stem2(nn.Module):
    """The second convolution: a 3×3 behind its 1×1 reduction."""

    def __init__(self) -> None:
        super().__init__()
        self.reduce_3x3 = ConvReLU(64, 64, 1)
        self.conv_3x3 = ConvReLU(64, STEM_WIDTH, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×64×56×56 to N×192×56×56."""
        return self.conv_3x3(self.reduce_3x3(x))


class Auxiliary(nn.Module):
    """An auxiliary classifier on a 14×14 map (section 5 of the paper); it runs in training only."""

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.ave_pool = nn.AvgPool2d(5, stride=3)
        self.conv = ConvReLU(in_channels, AUXILIARY_WIDTH, 1)
        self.fc = LinearReLU(AUXILIARY_WIDTH * 4 * 4, AUXILIARY_HIDDEN)
        self.drop_fc = nn.Dropout(0.7)
        self.classifier = nn.Linear(AUXILIARY_HIDDEN, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×14×14 to N×classes."""
        x = self.ave_pool(x)  # N×C×4×4
        x = self.conv(x)  # N×128×4×4
        x = self.fc(torch.flatten(x, 1))  # N×1024
        return self.classifier(self.drop_fc(x))


class InceptionOutput(NamedTuple):
    """What the network returns in training with auxiliary heads, in the order of the losses."""

    logits: Tensor
    aux_logits2: Tensor
    aux_logits1: Tensor


@model(
    ModelCard(
        name="inception_v1",
        title="GoogLeNet (Inception-v1)",
        paper="Szegedy et al., Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842",
        year=2014,
        family="inception",
        predecessor="alexnet",
        input=(3, 224, 224),
        params=6_998_552,
        params_with_auxiliary=13_378_280,
        macs=1_582_671_872,
        auxiliary=("loss1", "loss2"),
        deviations=(
            "The last average pooling is global: the paper's 7×7 at 224, and any size at other inputs.",
            "Order and constants of the local response normalization, padding of the poolings and the "
            "initialisation are those of the network as released for Caffe; the paper does not print them.",
        ),
        naming=NAMING,
        accuracy=Accuracy(
            68.7, 88.9, "single central crop, 1 model", "BVLC GoogLeNet's readme in the Caffe model zoo"
        ),
        aliases=("googlenet",),
    )
)
class InceptionV1(nn.Module):
    """GoogLeNet: 5×5 convolutions, biases, local response normalization, dropout, two auxiliary heads."""

    inception_3a: nn.Module
    inception_3b: nn.Module
    inception_4a: nn.Module
    inception_4b: nn.Module
    inception_4c: nn.Module
    inception_4d: nn.Module
    inception_4e: nn.Module
    inception_5a: nn.Module
    inception_5b: nn.Module

    def __init__(self, num_classes: int = 1000, in_channels: int = 3, aux: bool = False) -> None:
        super().__init__()
        self.conv1 = self.build_conv1(in_channels)
        self.pool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.norm1 = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75)
        self.conv2 = Stem2()
        self.norm2 = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75)
        self.pool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        width = STEM_WIDTH
        out = {}
        for name, widths in TABLE_1.items():
            self.add_module(name, self.build_inception(width, widths))
            width = out[name] = self.inception_out(width, widths)
        self.pool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool4 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool5 = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.4)
        self.classifier = nn.Linear(width, num_classes)
        self.loss1 = Auxiliary(out["inception_4a"], num_classes) if aux else None
        self.loss2 = Auxiliary(out["inception_4d"], num_classes) if aux else None
        initialise_xavier(self, bias=0.2)
        for classifier in (self.classifier, *(head.classifier for head in (self.loss1, self.loss2) if head)):
            nn.init.zeros_(classifier.bias)

    def build_conv1(self, in_channels: int) -> nn.Module:
        """Return the first convolution; a variant of the network overrides it."""
        return Stem1(in_channels)

    def build_inception(self, in_channels: int, widths: Widths) -> nn.Module:
        """Return one inception module; a variant of the network overrides it."""
        return Inception(in_channels, widths)

    def inception_out(self, in_channels: int, widths: Widths) -> int:  # noqa: ARG002  # a variant's depends on its input
        """Return the channels after one inception module; a variant of the network overrides it."""
        return widths.out

    def forward(self, x: Tensor) -> Tensor | InceptionOutput:
        """Map N×3×224×224 to N×classes; in training with auxiliary heads to their logits too."""
        x = self.conv1(x)  # N×64×112×112
        x = self.norm1(self.pool1(x))  # N×64×56×56
        x = self.conv2(x)  # N×192×56×56
        x = self.pool2(self.norm2(x))  # N×192×28×28
        x = self.inception_3a(x)  # N×256×28×28
        x = self.inception_3b(x)  # N×480×28×28
        x = self.pool3(x)  # N×480×14×14
        x = self.inception_4a(x)  # N×512×14×14
        aux1 = self.loss1(x) if self.training and self.loss1 is not None else None
        x = self.inception_4b(x)  # N×512×14×14
        x = self.inception_4c(x)  # N×512×14×14
        x = self.inception_4d(x)  # N×528×14×14
        aux2 = self.loss2(x) if self.training and self.loss2 is not None else None
        x = self.inception_4e(x)  # N×832×14×14
        x = self.pool4(x)  # N×832×7×7
        x = self.inception_5a(x)  # N×832×7×7
        x = self.inception_5b(x)  # N×1024×7×7
        x = torch.flatten(self.pool5(x), 1)  # N×1024
        logits: Tensor = self.classifier(self.dropout(x))  # N×classes
        if aux1 is None or aux2 is None:
            return logits
        return InceptionOutput(logits, aux2, aux1)
