"""Blocks that several networks share."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class ConvReLU(nn.Module):
    """A convolution with bias and the ReLU after it, as networks were built before batch normalization."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | tuple[int, int], **options: Any
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, **options)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H_out×W_out."""
        return self.relu(self.conv(x))


class LinearReLU(nn.Module):
    """A fully connected layer, with bias unless told otherwise, and the ReLU after it."""

    def __init__(self, in_features: int, out_features: int, *, bias: bool = True) -> None:
        super().__init__()
        self.linear = nn.Linear(in_features, out_features, bias=bias)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in to N×C_out."""
        return self.relu(self.linear(x))
