"""BN-Inception, which brought batch normalization: the networks that implement the paper's Figure 5."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.errors import InputError
from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import Conv, ConvBNReLU
from inception_profiler.zoo.initialise import initialise_xavier

Pool = Callable[[], nn.Module]


class Widths(NamedTuple):
    """Filters of one module, by the columns of the paper's Figure 5; without a 1×1 it halves the map."""

    conv_1x1: int
    reduce_3x3: int
    conv_3x3: int
    reduce_double: int
    conv_double: int
    pool: str
    pool_proj: int

    def out(self, in_channels: int) -> int:
        """Channels after the concatenation; a max pooling at stride 2 passes its input on."""
        return self.conv_1x1 + self.conv_3x3 + self.conv_double + (self.pool_proj or in_channels)


# Figure 5 of the paper:    #1×1  #3×3 reduce  #3×3  double 3×3 reduce  double #3×3  pool  + proj
FIGURE_5 = {
    "inception_3a": Widths(   64,          64,   64,                64,          96, "avg",    32),
    "inception_3b": Widths(   64,          64,   96,                64,          96, "avg",    64),
    "inception_3c": Widths(    0,         128,  160,                64,          96, "max",     0),
    "inception_4a": Widths(  224,          64,   96,                96,         128, "avg",   128),
    "inception_4b": Widths(  192,          96,  128,                96,         128, "avg",   128),
    "inception_4c": Widths(  160,         128,  160,               128,         160, "avg",    96),
    "inception_4d": Widths(   96,         128,  192,               160,         192, "avg",    96),
    "inception_4e": Widths(    0,         128,  192,               192,         256, "max",     0),
    "inception_5a": Widths(  352,         192,  320,               160,         224, "avg",   128),
    "inception_5b": Widths(  352,         192,  320,               192,         224, "max",   128),
}  # fmt: skip
STEM_WIDTH = 192
PAPER = (
    "Ioffe and Szegedy, Batch Normalization: Accelerating Deep Network Training by Reducing Internal "
    "Covariate Shift, ICML 2015, arXiv:1502.03167"
)

NAMING = Naming(
    "/",
    (
        ("conv1",        "conv1/7x7_s2"),     ("pool1",         "pool1/3x3_s2"),
        ("conv2_reduce", "conv2/3x3_reduce"), ("conv2",         "conv2/3x3"),
        ("pool2",        "pool2/3x3_s2"),     ("conv_1x1",      "1x1"),
        ("reduce_3x3",   "3x3_reduce"),       ("conv_3x3",      "3x3"),
        ("conv_double_1", "double3x3a"),      ("conv_double_2", "double3x3b"),
        ("reduce_double", "double3x3_reduce"), ("pool5",        "pool5/7x7_s1"),
        ("classifier",   "loss3/classifier"), ("conv",          ""),
    ),
)  # fmt: skip


class Inception(nn.Module):
    """A module of four branches at stride 1: 1×1, 3×3, two 3×3 for the 5×5, and a projected pooling."""

    def __init__(self, in_channels: int, widths: Widths, conv: Conv, pools: dict[str, Pool]) -> None:
        super().__init__()
        self.conv_1x1 = conv(in_channels, widths.conv_1x1, 1)
        self.reduce_3x3 = conv(in_channels, widths.reduce_3x3, 1)
        self.conv_3x3 = conv(widths.reduce_3x3, widths.conv_3x3, 3, padding=1)
        self.reduce_double = conv(in_channels, widths.reduce_double, 1)
        self.conv_double_1 = conv(widths.reduce_double, widths.conv_double, 3, padding=1)
        self.conv_double_2 = conv(widths.conv_double, widths.conv_double, 3, padding=1)
        self.pool = pools[widths.pool]()
        self.pool_proj = conv(in_channels, widths.pool_proj, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(sum of the four branches)×H×W."""
        return torch.cat(
            (
                self.conv_1x1(x),
                self.conv_3x3(self.reduce_3x3(x)),
                self.conv_double_2(self.conv_double_1(self.reduce_double(x))),
                self.pool_proj(self.pool(x)),
            ),
            1,
        )


class Reduction(nn.Module):
    """A module of three branches at stride 2: 3×3, two 3×3, and a max pooling that passes its input on."""

    def __init__(self, in_channels: int, widths: Widths, conv: Conv, pool: nn.Module) -> None:
        super().__init__()
        self.reduce_3x3 = conv(in_channels, widths.reduce_3x3, 1)
        self.conv_3x3 = conv(widths.reduce_3x3, widths.conv_3x3, 3, stride=2, padding=1)
        self.reduce_double = conv(in_channels, widths.reduce_double, 1)
        self.conv_double_1 = conv(widths.reduce_double, widths.conv_double, 3, padding=1)
        self.conv_double_2 = conv(widths.conv_double, widths.conv_double, 3, stride=2, padding=1)
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(C + both convolutions)×H/2×W/2."""
        branches = (
            self.conv_3x3(self.reduce_3x3(x)),
            self.conv_double_2(self.conv_double_1(self.reduce_double(x))),
            self.pool(x),
        )
        if branches[0].shape[2:] != branches[2].shape[2:]:
            raise InputError(
                f"a map of {x.shape[2]}×{x.shape[3]} cannot be halved alike by convolution and pooling: "
                "give BN-Inception an image whose sides are multiples of 32"
            )
        return torch.cat(branches, 1)


class FigureFive(nn.Module):
    """The network of Figure 5 behind its first convolution.

    Args:
        conv1: the first convolution, to 64 maps at stride 2.
        conv: what makes a normalized convolution.
        pools: what makes the poolings at stride 1, by ``avg`` and ``max``.
        halve: what makes a max pooling at stride 2.
        table: the filters of each module.
    """

    inception_3a: nn.Module
    inception_3b: nn.Module
    inception_3c: nn.Module
    inception_4a: nn.Module
    inception_4b: nn.Module
    inception_4c: nn.Module
    inception_4d: nn.Module
    inception_4e: nn.Module
    inception_5a: nn.Module
    inception_5b: nn.Module

    def __init__(
        self, conv1: nn.Module, conv: Conv, pools: dict[str, Pool], halve: Pool, table: dict[str, Widths]
    ) -> None:
        super().__init__()
        self.conv1 = conv1
        self.pool1 = halve()
        self.conv2_reduce = conv(64, 64, 1)
        self.conv2 = conv(64, STEM_WIDTH, 3, padding=1)
        self.pool2 = halve()
        width = STEM_WIDTH
        for name, row in table.items():
            stage = (
                Inception(width, row, conv, pools) if row.conv_1x1 else Reduction(width, row, conv, halve())
            )
            self.add_module(name, stage)
            width = row.out(width)
        self.pool5 = nn.AdaptiveAvgPool2d(1)
        self.width = width

    def features(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×1024×1×1."""
        x = self.pool1(self.conv1(x))  # N×64×56×56
        x = self.conv2(self.conv2_reduce(x))  # N×192×56×56
        x = self.pool2(x)  # N×192×28×28
        x = self.inception_3a(x)  # N×256×28×28
        x = self.inception_3b(x)  # N×320×28×28
        x = self.inception_3c(x)  # N×576×14×14
        x = self.inception_4a(x)  # N×576×14×14
        x = self.inception_4b(x)  # N×576×14×14
        x = self.inception_4c(x)  # N×576×14×14
        x = self.inception_4d(x)  # N×576×14×14
        x = self.inception_4e(x)  # N×1024×7×7
        x = self.inception_5a(x)  # N×1024×7×7
        x = self.inception_5b(x)  # N×1024×7×7
        return self.pool5(x)


class CaffeBNInception(FigureFive):
    """BN-Inception as Caffe models have it: a dense 7×7, zeros inside the averages, poolings rounded up.

    Args:
        num_classes: outputs of the classifier.
        in_channels: channels of the image.
        table: the filters of each module.
        bias: whether the convolutions have a bias before their normalization.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        in_channels: int = 3,
        table: dict[str, Widths] = FIGURE_5,
        bias: bool = False,
    ) -> None:
        conv = partial(ConvBNReLU, bias=bias)
        pools: dict[str, Pool] = {
            "avg": partial(nn.AvgPool2d, 3, stride=1, padding=1),
            "max": partial(nn.MaxPool2d, 3, stride=1, padding=1),
        }
        halve = partial(nn.MaxPool2d, 3, stride=2, ceil_mode=True)
        super().__init__(conv(in_channels, 64, 7, stride=2, padding=3), conv, pools, halve, table)
        self.classifier = nn.Linear(self.width, num_classes)
        initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = torch.flatten(self.features(x), 1)  # N×1024
        return self.classifier(x)  # N×classes


model(
    ModelCard(
        name="bn_inception",
        title="BN-Inception",
        paper=f"{PAPER}, as lim0606/caffe-googlenet-bn",
        year=2015,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=11_194_984,
        macs=2_018_851_840,
        deviations=(
            "From the paper, as lim0606's Caffe model: the first 7×7 is dense, where the paper's is "
            "separable with depth multiplier 8 (inception_v2 has that one).",
            "The constants of the normalization (ε 0.00001), the zeros counted inside the padded averages, "
            "the poolings rounded up and the Glorot initialisation are that model's; the paper does not "
            "print them. The weight of a new batch in the running statistics is PyTorch's 0.1.",
            "The last average pooling is global: the paper's 7×7 at 224, and any map at other multiples of "
            "32.",
        ),
        naming=NAMING,
        accuracy=Accuracy(
            72.024,
            90.844,
            "single crop, 1 model",
            "OpenVINO Open Model Zoo, googlenet-v2 (lim0606's weights)",
        ),
        aliases=("bninception", "bn_googlenet", "googlenet_bn"),
    )
)(CaffeBNInception)
