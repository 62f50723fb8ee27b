"""LeNet-5 as published in 1998, and as it is commonly rebuilt."""

from __future__ import annotations

import random

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import ConvReLU, LinearReLU
from inception_profiler.zoo.card import ModelCard, model

PAPER = "LeCun et al., Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE, 1998"

# Table 1 of the paper: the maps of S2 (rows) that each map of C3 (columns) sees
#    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
TABLE_1 = (
    "X . . . X X X . . X X X X . X X",
    "X X . . . X X X . . X X X X . X",
    "X X X . . . X X X . . X . X X X",
    ". X X X . . X X X X . . X . X X",
    ". . X X X . . X X X X . X X . X",
    ". . . X X X . . X X X X . X X X",
)
LINKS = tuple(
    tuple(row for row, links in enumerate(TABLE_1) if links.split()[column] == "X") for column in range(16)
)

# Stylized digits of 7×12, one beside the other: the centres of the output units
DIGITS = (
    "....... ....... ....... ....... ....... ....... ....... ....... ....... .......",
    "..XXX.. ...X... .XXXXX. .XXXXX. .....X. XXXXXXX ..XXXX. XXXXXXX .XXXXX. .XXXXX.",
    ".XX.XX. ..XX... XX...XX XX...XX ....XX. XX..... .XX.... .....XX XX...XX XX...XX",
    "XX...XX .XXX... .....XX .....XX ...XXX. XX..... XX..... .....XX XX...XX XX...XX",
    "XX...XX ...X... .....XX .....XX ..XX.X. XXXXXX. XX..... ....XX. XX...XX XX...XX",
    "XX...XX ...X... ....XX. ..XXXX. .XX..X. .....XX XXXXXX. ....XX. .XXXXX. .XXXXXX",
    "XX...XX ...X... ...XX.. .....XX XX...X. .....XX XX...XX ...XX.. XX...XX .....XX",
    "XX...XX ...X... ..XX... .....XX XXXXXXX .....XX XX...XX ...XX.. XX...XX .....XX",
    ".XX.XX. ...X... .XX.... XX...XX .....X. XX...XX XX...XX ..XX... XX...XX ....XX.",
    "..XXX.. ..XXX.. XXXXXXX .XXXXX. .....X. .XXXXX. .XXXXX. ..XX... .XXXXX. .XXXX..",
    "....... ....... ....... ....... ....... ....... ....... ....... ....... .......",
    "....... ....... ....... ....... ....... ....... ....... ....... ....... .......",
)


class Squash(nn.Module):
    """The paper's sigmoid, 1.7159 · tanh(2/3 · a), which maps ±1 to ±1."""

    def forward(self, x: Tensor) -> Tensor:
        """Map any shape to the same."""
        return 1.7159 * torch.tanh(2 / 3 * x)


class Squashed(nn.Module):
    """A layer of units and the sigmoid after it."""

    def __init__(self, units: nn.Module) -> None:
        super().__init__()
        self.units = units
        self.squash = Squash()

    def forward(self, x: Tensor) -> Tensor:
        """Map what the units map."""
        return self.squash(self.units(x))


class Subsampling(nn.Module):
    """The sum of every 2×2 patch, times a trained coefficient, plus a trained bias, one of each for a map."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.sum = nn.AvgPool2d(2, divisor_override=1)
        self.coefficient = nn.Parameter(torch.empty(channels, 1, 1))
        self.bias = nn.Parameter(torch.empty(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×C×H/2×W/2."""
        return self.sum(x) * self.coefficient + self.bias


class SparseConvolution(nn.Module):
    """C3: each of its maps is a 5×5 convolution of a few maps of S2 only (the paper's Table 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(len(links), 1, 5) for links in LINKS)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×6×14×14 to N×16×10×10."""
        return torch.cat([conv(x[:, links]) for conv, links in zip(self.maps, LINKS, strict=True)], 1)


class RadialBasis(nn.Module):
    """The output units: the squared distance of the features to the fixed code of each class.

    ::

        y_i = sum over j of (x_j - w_ij)²
    """

    codes: Tensor

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.register_buffer("codes", torch.tensor(codes(num_classes)))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×84 to N×classes."""
        return (x.unsqueeze(1) - self.codes).square().sum(2)


def codes(num_classes: int) -> list[list[float]]:
    """Return the ±1 code of each class: a drawn digit, and random ones after the ten, as the paper allows."""
    columns = zip(*(row.split() for row in DIGITS), strict=True)
    drawn = [[1.0 if pixel == "X" else -1.0 for pixel in "".join(column)] for column in columns]
    chance = random.Random(1998)
    further = [[chance.choice((-1.0, 1.0)) for _ in range(84)] for _ in range(num_classes - len(drawn))]
    return (drawn + further)[:num_classes]


@model(
    ModelCard(
        name="lenet5",
        title="LeNet-5 (1998)",
        paper=PAPER,
        year=1998,
        family="lenet",
        input=(1, 32, 32),
        params=60_000,
        macs=325_680,
        classes=10,
        deviations=(
            "The codes of the output units are drawn anew in the style of the paper's Figure 3, which shows"
            " them but does not print them; they are fixed, and no parameters.",
            "Classes beyond the ten digits get random codes, which the paper names as another choice.",
            "The output is the paper's: a penalty for each class, the smallest of which is the answer.",
        ),
        naming=Naming("/", (("units", ""), ("maps", ""))),
        aliases=("lenet", "lenet-5"),
    )
)
class LeNet5(nn.Module):
    """LeNet-5: sparse third layer, trained subsampling, scaled tanh, distances to fixed codes."""

    def __init__(self, num_classes: int = 10, in_channels: int = 1) -> None:
        super().__init__()
        self.c1 = Squashed(nn.Conv2d(in_channels, 6, 5))
        self.s2 = Squashed(Subsampling(6))
        self.c3 = Squashed(SparseConvolution())
        self.s4 = Squashed(Subsampling(16))
        self.c5 = Squashed(nn.Conv2d(16, 120, 5))
        self.f6 = Squashed(nn.Linear(120, 84))
        self.output = RadialBasis(num_classes)
        initialise_by_inputs(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×1×32×32 to N×classes: the distance to the code of each class, smallest for the right one."""
        x = self.c1(x)  # N×6×28×28
        x = self.s2(x)  # N×6×14×14
        x = self.c3(x)  # N×16×10×10
        x = self.s4(x)  # N×16×5×5
        x = self.c5(x)  # N×120×1×1
        x = self.f6(torch.flatten(x, 1))  # N×84
        return self.output(x)


@model(
    ModelCard(
        name="lenet5_modern",
        title="LeNet-5 (as commonly rebuilt)",
        paper=PAPER,
        year=1998,
        family="lenet",
        input=(1, 32, 32),
        params=61_706,
        macs=416_520,
        classes=10,
        deviations=(
            "Every map of C3 sees all six maps of S2.",
            "Subsampling is 2×2 max pooling without parameters, and ReLU stands in place of the scaled tanh.",
            "The output is a linear layer of logits instead of distances to fixed codes.",
            "Weights start by PyTorch's defaults.",
        ),
        naming=Naming("/", (("conv", ""), ("linear", ""))),
    )
)
class LeNet5Modern(nn.Module):
    """LeNet-5 with dense convolutions, max pooling, ReLU and a linear classifier."""

    def __init__(self, num_classes: int = 10, in_channels: int = 1) -> None:
        super().__init__()
        self.c1 = ConvReLU(in_channels, 6, 5)
        self.s2 = nn.MaxPool2d(2)
        self.c3 = ConvReLU(6, 16, 5)
        self.s4 = nn.MaxPool2d(2)
        self.c5 = ConvReLU(16, 120, 5)
        self.f6 = LinearReLU(120, 84)
        self.output = nn.Linear(84, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×1×32×32 to N×classes."""
        x = self.s2(self.c1(x))  # N×6×14×14
        x = self.s4(self.c3(x))  # N×16×5×5
        x = self.c5(x)  # N×120×1×1
        x = self.f6(torch.flatten(x, 1))  # N×84
        return self.output(x)


def initialise_by_inputs(network: nn.Module) -> None:
    """Fill every weight uniformly between ±2.4 / (number of inputs of its unit), as in Appendix A."""
    for module in network.modules():
        weights: list[Tensor] = []
        if isinstance(module, nn.Conv2d | nn.Linear):
            weights, inputs = list(module.parameters()), module.weight[0].numel()
        elif isinstance(module, Subsampling):
            weights, inputs = list(module.parameters()), 4
        for weight in weights:
            if not weight.is_meta:
                nn.init.uniform_(weight, -2.4 / inputs, 2.4 / inputs)
