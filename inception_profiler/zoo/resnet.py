"""The residual networks ResNet-18 to ResNet-152, and ResNet-50 as it was first released."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBN, ConvBNReLU
from inception_profiler.zoo.initialise import initialise_he
from inception_profiler.zoo.residual import Sum


class Widths(NamedTuple):
    """Channels of one residual block: of its input, of its inner convolutions and of its output."""

    input: int
    inner: int
    output: int


class Block(nn.Module):
    """A residual block ``relu(F(x) + shortcut(x))`` (the paper's Figure 2); a subclass says what F is.

    The shortcut is the identity, or a 1×1 projection where the shape changes (option B of the paper's section
    4.1).
    """

    expansion: ClassVar[int]
    """Output channels for each channel of the stage's width."""

    def __init__(self, widths: Widths, stride: int) -> None:
        super().__init__()
        self.build(widths, stride)
        changed = stride != 1 or widths.input != widths.output
        self.projection = ConvBN(widths.input, widths.output, 1, stride=stride) if changed else None
        self.sum = Sum()
        self.relu = nn.ReLU(inplace=True)

    def build(self, widths: Widths, stride: int) -> None:
        """Make the modules of F."""
        raise NotImplementedError

    def residual(self, x: Tensor) -> Tensor:
        """Compute F(x)."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×(H/stride)×(W/stride)."""
        shortcut = x if self.projection is None else self.projection(x)
        return self.relu(self.sum(self.residual(x), shortcut))


class Basic(Block):
    """Two 3×3 convolutions (Figure 5, left)."""

    expansion = 1

    def build(self, widths: Widths, stride: int) -> None:
        """Make the two convolutions; the first has the stride."""
        self.first_3x3 = ConvBNReLU(widths.input, widths.inner, 3, stride=stride, padding=1)
        self.second_3x3 = ConvBN(widths.inner, widths.output, 3, padding=1)

    def residual(self, x: Tensor) -> Tensor:
        """Compute F(x)."""
        return self.second_3x3(self.first_3x3(x))


class Bottleneck(Block):
    """A 1×1 convolution that reduces, a 3×3 with the stride, a 1×1 that restores (Figure 5, right)."""

    expansion = 4

    def build(self, widths: Widths, stride: int) -> None:
        """Make the three convolutions."""
        self.reduce = ConvBNReLU(widths.input, widths.inner, 1)
        self.conv_3x3 = ConvBNReLU(widths.inner, widths.inner, 3, stride=stride, padding=1)
        self.restore = ConvBN(widths.inner, widths.output, 1)

    def residual(self, x: Tensor) -> Tensor:
        """Compute F(x)."""
        return self.restore(self.conv_3x3(self.reduce(x)))


class OriginalBottleneck(Bottleneck):
    """The bottleneck as released: the 1×1 that reduces has the stride."""

    def build(self, widths: Widths, stride: int) -> None:
        """Make the three convolutions."""
        self.reduce = ConvBNReLU(widths.input, widths.inner, 1, stride=stride)
        self.conv_3x3 = ConvBNReLU(widths.inner, widths.inner, 3, padding=1)
        self.restore = ConvBN(widths.inner, widths.output, 1)


class Plan(NamedTuple):
    """A column of the paper's Table 1: the block, and how many of it each of conv2_x to conv5_x has."""

    block: type[Block]
    depths: tuple[int, int, int, int]
    widening: int = 1
    """By how much the inner convolutions are wider than the paper's (Zagoruyko and Komodakis)."""


class Column(NamedTuple):
    """A plan, what the network counts, and its accuracy in percent."""

    plan: Plan
    params: int
    macs: int
    top1: float
    top5: float


# Table 1 of the paper:   block    conv2_x to conv5_x       params     macs at 224   top-1   top-5
TABLE_1 = {
    "resnet18":  Column(Plan(Basic,      (2, 2,  2, 2)), 11_689_512,  1_814_073_344, 69.758, 89.078),
    "resnet34":  Column(Plan(Basic,      (3, 4,  6, 3)), 21_797_672,  3_663_761_408, 73.314, 91.420),
    "resnet50":  Column(Plan(Bottleneck, (3, 4,  6, 3)), 25_557_032,  4_089_184_256, 76.130, 92.862),
    "resnet101": Column(Plan(Bottleneck, (3, 4, 23, 3)), 44_549_160,  7_801_405_440, 77.374, 93.546),
    "resnet152": Column(Plan(Bottleneck, (3, 8, 36, 3)), 60_192_808, 11_513_626_624, 78.312, 94.046),
}  # fmt: skip
ORIGINAL_50 = Plan(OriginalBottleneck, (3, 4, 6, 3))
STAGE_WIDTHS = {"conv2_x": 64, "conv3_x": 128, "conv4_x": 256, "conv5_x": 512}
PAPER = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, arXiv:1512.03385"
NAMING = Naming("/", (("conv", ""),))


class ResNet(nn.Module):
    """A residual network: a 7×7 stem, four stages of residual blocks, global pooling, one linear layer."""

    conv2_x: nn.Sequential
    conv3_x: nn.Sequential
    conv4_x: nn.Sequential
    conv5_x: nn.Sequential

    def __init__(self, plan: Plan, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__()
        self.conv1 = ConvBNReLU(in_channels, 64, 7, stride=2, padding=3)
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        width = 64
        for (stage, inner), depth in zip(STAGE_WIDTHS.items(), plan.depths, strict=True):
            blocks: OrderedDict[str, nn.Module] = OrderedDict()
            for position in range(1, depth + 1):
                widths = Widths(width, inner * plan.widening, inner * plan.block.expansion)
                stride = 2 if position == 1 and stage != "conv2_x" else 1
                blocks[f"{stage[:-1]}{position}"] = plan.block(widths, stride)
                width = widths.output
            self.add_module(stage, nn.Sequential(blocks))
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width, num_classes)
        initialise_he(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes; the widths below are a bottleneck's, basic blocks have a quarter."""
        x = self.conv1(x)  # N×64×112×112
        x = self.pool1(x)  # N×64×56×56
        x = self.conv2_x(x)  # N×256×56×56
        x = self.conv3_x(x)  # N×512×28×28
        x = self.conv4_x(x)  # N×1024×14×14
        x = self.conv5_x(x)  # N×2048×7×7
        x = torch.flatten(self.avg_pool(x), 1)  # N×2048
        return self.fc(x)


class OriginalResNet(ResNet):
    """A residual network with the unpadded max pooling of the authors' release."""

    def __init__(self, plan: Plan, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__(plan, num_classes, in_channels)
        self.pool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)


INITIALISATION = (
    "Convolutions are drawn by He et al.'s rule over the fan-out and the last layer by PyTorch's rule "
    "with biases of 0, as in Facebook's Torch release; the paper only cites the rule."
)
STRIDE_ON_3X3 = (
    "Where a stage begins, the 3×3 convolution has the stride, as in Facebook's Torch release and in "
    "torchvision ('v1.5'); the authors' own release has it on the 1×1 before: that network is "
    "resnet50_original."
)
OPTION_B = (
    "Shortcuts that change the shape are projections (option B); the 18-layer network of the paper's Table "
    "2 pads with zeros (option A)."
)

for _name, _column in TABLE_1.items():
    _depth = _name.removeprefix("resnet")
    model(
        ModelCard(
            name=_name,
            title=f"ResNet-{_depth}",
            paper=PAPER,
            year=2015,
            family="resnet",
            input=(3, 224, 224),
            params=_column.params,
            macs=_column.macs,
            deviations=(OPTION_B if _column.plan.block is Basic else STRIDE_ON_3X3, INITIALISATION),
            naming=NAMING,
            accuracy=Accuracy(
                _column.top1, _column.top5, "one crop of 224", f"torchvision, {_name} IMAGENET1K_V1"
            ),
            aliases=() if _column.plan.block is Basic else (f"{_name}_v1.5",),
        )
    )(partial(ResNet, _column.plan))

model(
    ModelCard(
        name="resnet50_original",
        title="ResNet-50 as released by its authors",
        paper=PAPER,
        year=2015,
        family="resnet",
        input=(3, 224, 224),
        params=25_557_032,
        macs=3_857_973_248,
        deviations=(
            "The first convolution has no bias: the ResNet-50 that the authors released for Caffe has 64 of "
            "them, which its batch normalization takes out again (25,557,096 params), their ResNet-101 and "
            "ResNet-152 have none.",
            "Batch normalization has an epsilon of 1e-5 and moving averages; the released statistics are "
            "averages over a large batch after the training.",
            INITIALISATION,
        ),
        naming=NAMING,
        accuracy=Accuracy(
            75.3, 92.2, "one crop of 224", "He et al., github.com/KaimingHe/deep-residual-networks"
        ),
        aliases=("resnet50_v1",),
    )
)(partial(OriginalResNet, ORIGINAL_50))
