"""The factored modules of Rethinking the Inception Architecture, as wide as in the released Inception-v3."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from inception_profiler.zoo.conv_bn import Conv


class InceptionA(nn.Module):
    """A module of the 35×35 map: the 5×5 survives, beside two 3×3 that stand for another."""

    def __init__(self, in_channels: int, pool_proj: int, conv: Conv) -> None:
        super().__init__()
        self.branch1x1 = conv(in_channels, 64, 1)
        self.branch5x5_1 = conv(in_channels, 48, 1)
        self.branch5x5_2 = conv(48, 64, 5, padding=2)
        self.branch3x3dbl_1 = conv(in_channels, 64, 1)
        self.branch3x3dbl_2 = conv(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, 3, padding=1)
        self.pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = conv(in_channels, pool_proj, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(224 + projection)×H×W."""
        one = self.branch1x1(x)
        five = self.branch5x5_2(self.branch5x5_1(x))
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((one, five, double, self.branch_pool(self.pool(x))), 1)


class ReductionA(nn.Module):
    """The module that takes 35×35 to 17×17 (the paper's Figure 10)."""

    def __init__(self, in_channels: int, conv: Conv) -> None:
        super().__init__()
        self.branch3x3 = conv(in_channels, 384, 3, stride=2)
        self.branch3x3dbl_1 = conv(in_channels, 64, 1)
        self.branch3x3dbl_2 = conv(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, 3, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(C + 480)×(H−1)/2×(W−1)/2."""
        three = self.branch3x3(x)
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((three, double, self.pool(x)), 1)


class InceptionB(nn.Module):
    """A module of the 17×17 map: every 7×7 is a 1×7 and a 7×1 (the paper's Figure 6)."""

    def __init__(self, in_channels: int, width: int, conv: Conv) -> None:
        super().__init__()
        row = partial(conv, kernel_size=(1, 7), padding=(0, 3))
        column = partial(conv, kernel_size=(7, 1), padding=(3, 0))
        self.branch1x1 = conv(in_channels, 192, 1)
        self.branch7x7_1 = conv(in_channels, width, 1)
        self.branch7x7_2 = row(width, width)
        self.branch7x7_3 = column(width, 192)
        self.branch7x7dbl_1 = conv(in_channels, width, 1)
        self.branch7x7dbl_2 = column(width, width)
        self.branch7x7dbl_3 = row(width, width)
        self.branch7x7dbl_4 = column(width, width)
        self.branch7x7dbl_5 = row(width, 192)
        self.pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = conv(in_channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×768×H×W."""
        one = self.branch1x1(x)
        seven = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        double = self.branch7x7dbl_5(self.branch7x7dbl_4(double))
        return torch.cat((one, seven, double, self.branch_pool(self.pool(x))), 1)


class ReductionB(nn.Module):
    """The module that takes 17×17 to 8×8."""

    def __init__(self, in_channels: int, conv: Conv) -> None:
        super().__init__()
        self.branch3x3_1 = conv(in_channels, 192, 1)
        self.branch3x3_2 = conv(192, 320, 3, stride=2)
        self.branch7x7x3_1 = conv(in_channels, 192, 1)
        self.branch7x7x3_2 = conv(192, 192, (1, 7), padding=(0, 3))
        self.branch7x7x3_3 = conv(192, 192, (7, 1), padding=(3, 0))
        self.branch7x7x3_4 = conv(192, 192, 3, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(C + 512)×(H−1)/2×(W−1)/2."""
        three = self.branch3x3_2(self.branch3x3_1(x))
        seven = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x)))
        return torch.cat((three, self.branch7x7x3_4(seven), self.pool(x)), 1)


class InceptionC(nn.Module):
    """A module of the 8×8 map, whose 3×3 fan out into a 1×3 and a 3×1 side by side (the paper's Figure 7)."""

    def __init__(self, in_channels: int, conv: Conv) -> None:
        super().__init__()
        row = partial(conv, kernel_size=(1, 3), padding=(0, 1))
        column = partial(conv, kernel_size=(3, 1), padding=(1, 0))
        self.branch1x1 = conv(in_channels, 320, 1)
        self.branch3x3_1 = conv(in_channels, 384, 1)
        self.branch3x3_2a = row(384, 384)
        self.branch3x3_2b = column(384, 384)
        self.branch3x3dbl_1 = conv(in_channels, 448, 1)
        self.branch3x3dbl_2 = conv(448, 384, 3, padding=1)
        self.branch3x3dbl_3a = row(384, 384)
        self.branch3x3dbl_3b = column(384, 384)
        self.pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.branch_pool = conv(in_channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×2048×H×W."""
        one = self.branch1x1(x)
        three = self.branch3x3_1(x)
        row, column = self.branch3x3_2a(three), self.branch3x3_2b(three)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        double_row, double_column = self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double)
        projected = self.branch_pool(self.pool(x))
        return torch.cat((one, row, column, double_row, double_column, projected), 1)
