"""Blocks that the residual and the densely connected networks share."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class BNReLU(nn.Module):
    """Batch normalization and ReLU in front of a convolution, as pre-activated networks have them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to the same shape."""
        return self.relu(self.bn(x))


class BNReLUConv(BNReLU):
    """Batch normalization, ReLU, and a convolution without bias."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, **options: Any) -> None:
        super().__init__(in_channels)
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, bias=False, **options)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H_out×W_out."""
        return self.conv(super().forward(x))


class Sum(nn.Module):
    """The addition of a residual to its shortcut, a module so that reports can name what it costs."""

    def forward(self, residual: Tensor, shortcut: Tensor) -> Tensor:
        """Map two N×C×H×W to their sum."""
        return residual + shortcut
