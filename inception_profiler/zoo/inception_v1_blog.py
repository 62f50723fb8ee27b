"""GoogLeNet as the Keras code of a blog post has it, as printed and with its bugs mended."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from inception_profiler.errors import InputError
from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import LinearReLU
from inception_profiler.zoo.card import ModelCard, model
from inception_profiler.zoo.conv_bn import SameConv2d, SameMaxPool2d
from inception_profiler.zoo.initialise import initialise_xavier

PAPER = (
    "The Keras code of documents 000 and 002, after Szegedy et al., Going Deeper with Convolutions, "
    "CVPR 2015, arXiv:1409.4842"
)
SIDE = 224
STEM_WIDTH = 192

# The one width that the post gives to every convolution of a module; the module's output is four times it.
WIDTHS = {
    "inception_3a":  64, "inception_3b": 120,
    "inception_4a": 128, "inception_4b": 128, "inception_4c": 128, "inception_4d": 132, "inception_4e": 208,
    "inception_5a": 208, "inception_5b": 256,
}  # fmt: skip

NAMING = Naming(
    ".",
    (
        ("branch_1x1", "branch1x1"),
        ("branch_3x3", "branch3x3"),
        ("branch_5x5", "branch5x5"),
        ("branch_pool", "branchpool"),
    ),
)


class Conv2dBN(nn.Module):
    """The post's ``Conv2d_BN``: a convolution with bias, its ReLU, and only then the normalization."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = SameConv2d(in_channels, out_channels, kernel_size, stride=stride)
        self.relu = nn.ReLU(inplace=True)
        self.bn = nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01)  # Keras: momentum 0.99

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×⌈H/stride⌉×⌈W/stride⌉."""
        return self.bn(self.relu(self.conv(x)))


class Inception(nn.Module):
    """The post's ``Inception``: four branches of one width, the reducing 1×1 as wide as what follows."""

    def __init__(self, in_channels: int, width: int, kernel_5x5: int) -> None:
        super().__init__()
        self.branch_1x1 = Conv2dBN(in_channels, width, 1)
        self.branch_3x3_reduce = Conv2dBN(in_channels, width, 1)
        self.branch_3x3 = Conv2dBN(width, width, 3)
        self.branch_5x5_reduce = Conv2dBN(in_channels, width, 1)
        self.branch_5x5 = Conv2dBN(width, width, kernel_5x5)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.branch_pool = Conv2dBN(in_channels, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×4·width×H×W."""
        return torch.cat(
            (
                self.branch_1x1(x),
                self.branch_3x3(self.branch_3x3_reduce(x)),
                self.branch_5x5(self.branch_5x5_reduce(x)),
                self.branch_pool(self.pool(x)),
            ),
            1,
        )


class BlogTrunk(nn.Module):
    """What the post's network and its mended form share: everything before the last pooling.

    Args:
        in_channels: channels of the image.
        kernel_5x5: of the second convolution in the branch that the post names branch5x5.
    """

    inception_3a: nn.Module
    inception_3b: nn.Module
    inception_4a: nn.Module
    inception_4b: nn.Module
    inception_4c: nn.Module
    inception_4d: nn.Module
    inception_4e: nn.Module
    inception_5a: nn.Module
    inception_5b: nn.Module

    def __init__(self, in_channels: int, kernel_5x5: int) -> None:
        super().__init__()
        self.conv1 = Conv2dBN(in_channels, 64, 7, stride=2)
        self.pool1 = SameMaxPool2d(3, stride=2)
        self.conv2 = Conv2dBN(64, STEM_WIDTH, 3)
        self.pool2 = SameMaxPool2d(3, stride=2)
        width = STEM_WIDTH
        for name, each in WIDTHS.items():
            self.add_module(name, Inception(width, each, kernel_5x5))
            width = 4 * each
        self.pool3 = SameMaxPool2d(3, stride=2)
        self.pool4 = SameMaxPool2d(3, stride=2)
        self.width = width

    def features(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×1024×7×7."""
        x = self.pool1(self.conv1(x))  # N×64×56×56
        x = self.pool2(self.conv2(x))  # N×192×28×28
        x = self.inception_3a(x)  # N×256×28×28
        x = self.inception_3b(x)  # N×480×28×28
        x = self.pool3(x)  # N×480×14×14
        x = self.inception_4a(x)  # N×512×14×14
        x = self.inception_4b(x)  # N×512×14×14
        x = self.inception_4c(x)  # N×512×14×14
        x = self.inception_4d(x)  # N×528×14×14
        x = self.inception_4e(x)  # N×832×14×14
        x = self.pool4(x)  # N×832×7×7
        x = self.inception_5a(x)  # N×832×7×7
        return self.inception_5b(x)  # N×1024×7×7


@model(
    ModelCard(
        name="inception_v1_blog",
        title="GoogLeNet as printed in documents 000 and 002",
        paper=PAPER,
        year=2018,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=7_738_728,
        macs=1_381_017_280,
        deviations=(
            "From the paper, as the code is printed: the second convolution of the branch named branch5x5 "
            "is a 1×1, so the network has no 5×5 at all.",
            "The head is two dense layers of 1000 each, the first with a ReLU, for the paper's one; with "
            "nothing that flattens before them they work on each cell of the map, and the answer is "
            "N×1×1×1000: probabilities, since the softmax is part of the network.",
            "All branches of a module are equally wide, and so are the reducing 1×1, which reduce little "
            "or nothing; the widths keep only the sums of the paper's Table 1. The stem lacks the 1×1 "
            "before its 3×3.",
            "Normalization (ε 0.001, momentum 0.99) stands behind the ReLU, besides the biases; no local "
            "response normalization and no auxiliary heads.",
            "The comment that same padding is (stride − 1)/2 is wrong: it follows from the kernel, 2 zeros "
            "before and 3 after the image for the 7×7, where the ZeroPadding2D((3, 3)) that the comment "
            "offers gives the same size on a shifted grid.",
            "From the code: num_classes stands for both of its 1000. It takes 224×224 images only, as there.",
        ),
        naming=NAMING,
    )
)
class InceptionV1Blog(BlogTrunk):
    """The post's network with its bugs: a 1×1 for the 5×5, and a doubled head that nothing flattens for."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__(in_channels, kernel_5x5=1)
        self.pool5 = nn.AvgPool2d(7)
        self.dropout = nn.Dropout(0.4)
        self.dense1 = LinearReLU(self.width, num_classes)
        self.dense2 = nn.Linear(num_classes, num_classes)
        self.softmax = nn.Softmax(-1)
        initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to probabilities N×1×1×classes."""
        if x.shape[2:] != (SIDE, SIDE):
            raise InputError(
                f"the network of the post takes {SIDE}×{SIDE} images, not {x.shape[2]}×{x.shape[3]}"
            )
        x = self.dropout(self.pool5(self.features(x)))  # N×1024×1×1
        x = self.dense1(x.permute(0, 2, 3, 1))  # N×1×1×classes, channels last as Keras has them
        return self.softmax(self.dense2(x))  # N×1×1×classes


@model(
    ModelCard(
        name="inception_v1_blog_fixed",
        title="GoogLeNet of documents 000 and 002, bugs mended",
        paper=PAPER,
        year=2018,
        family="inception",
        predecessor="inception_v1_blog",
        input=(3, 224, 224),
        params=12_428_992,
        macs=2_372_674_176,
        deviations=(
            "From inception_v1_blog, mended: the branch named branch5x5 ends in a 5×5; the map is "
            "flattened before the head; the head is one dense layer, as in the paper; the answer is "
            "logits, N×classes, with the softmax left to the loss; the last average pooling is global, so "
            "that any image is taken.",
            "From the paper, kept from the post: all branches of a module are equally wide, and so are the "
            "reducing 1×1; no 1×1 before the 3×3 of the stem; normalization (ε 0.001, momentum 0.99) "
            "behind the ReLU besides the biases; no local response normalization and no auxiliary heads; "
            "SAME padding.",
        ),
        naming=NAMING,
    )
)
class InceptionV1BlogFixed(BlogTrunk):
    """The post's network with a 5×5 where its name says so, and one dense layer on a flat map."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        super().__init__(in_channels, kernel_5x5=5)
        self.pool5 = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.4)
        self.dense = nn.Linear(self.width, num_classes)
        initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = torch.flatten(self.pool5(self.features(x)), 1)  # N×1024
        return self.dense(self.dropout(x))  # N×classes
