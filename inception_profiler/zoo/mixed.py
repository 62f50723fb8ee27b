"""Inception modules written as the papers draw them: branches of steps, concatenated by channels."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

from inception_profiler.zoo.conv_bn import ConvBNReLU

EPS = 1e-3  # of every batch normalization, as released


class Conv(NamedTuple):
    """One convolution of a figure: its filters and its kernel as height and width.

    At stride 1 it keeps the size of its input unless ``valid``; at stride 2 it is never padded.
    """

    filters: int
    kernel: tuple[int, int]
    stride: int = 1
    valid: bool = False

    @property
    def padding(self) -> tuple[int, int]:
        """Padding at each side, vertically and horizontally."""
        return (0, 0) if self.valid or self.stride > 1 else (self.kernel[0] // 2, self.kernel[1] // 2)


class Pool(Enum):
    """The two 3×3 poolings of the figures."""

    AVERAGE = "average_pool"
    """Stride 1, keeps the size; what lies outside the map is not averaged in."""
    MAX = "max_pool"
    """Stride 2, not padded."""


Branches: TypeAlias = Mapping[str, "tuple[Step, ...]"]
"""The branches of a module by name, in the order of the concatenation; a branch may fork again."""
Step: TypeAlias = Conv | Pool | Branches


class Mixed(nn.ModuleDict):
    """An inception module: every branch over the same input, concatenated by channels."""

    def __init__(self, in_channels: int, branches: Branches) -> None:
        chains = {name: Chain(in_channels, steps) for name, steps in branches.items()}
        super().__init__(chains)
        self.out_channels: int = sum(chain.out_channels for chain in chains.values())

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(sum of the branches)×H_out×W_out."""
        return torch.cat([branch(x) for branch in self.values()], 1)


class Chain(nn.Sequential):
    """One branch, or a stem: its steps one after the other, each named by its position and kernel."""

    def __init__(self, in_channels: int, steps: tuple[Step, ...]) -> None:
        super().__init__()
        width = in_channels
        for position, step in enumerate(steps, start=1):
            if isinstance(step, Conv):
                name = f"conv{position}_{step.kernel[0]}x{step.kernel[1]}"
                block = ConvBNReLU(
                    width, step.filters, step.kernel, stride=step.stride, padding=step.padding, eps=EPS
                )
                self.add_module(name, block)
                width = step.filters
            elif isinstance(step, Pool):
                self.add_module(f"{step.value}{position}", pooling(step))
            else:
                fork = Mixed(width, step)
                self.add_module(f"mixed{position}", fork)
                width = fork.out_channels
        self.out_channels: int = width


def pooling(pool: Pool) -> nn.Module:
    """Build one of the two poolings."""
    if pool is Pool.AVERAGE:
        return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    return nn.MaxPool2d(3, stride=2)


class ScaledAdd(nn.Module):
    """The shortcut plus the scaled residual."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        """Map two N×C×H×W to one."""
        return x + (residual if self.scale == 1.0 else self.scale * residual)


class Residual(nn.Module):
    """An Inception-ResNet block: branches, a linear 1×1 back to the width, a scaled sum, ReLU."""

    def __init__(self, width: int, branches: Branches, scale: float, *, activation: bool = True) -> None:
        super().__init__()
        self.mixed = Mixed(width, branches)
        self.expansion = nn.Conv2d(self.mixed.out_channels, width, 1)
        self.add = ScaledAdd(scale)
        self.relu = nn.ReLU(inplace=True) if activation else None

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to the same shape."""
        x = self.add(x, self.expansion(self.mixed(x)))
        return x if self.relu is None else self.relu(x)


class AuxiliaryHead(nn.Module):
    """The auxiliary classifier that the released networks have at 17×17; it runs in training only."""

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(5, stride=3)
        self.conv_1x1 = ConvBNReLU(in_channels, 128, 1, eps=EPS)
        self.conv_5x5 = ConvBNReLU(128, 768, 5, eps=EPS)
        self.classifier = nn.Linear(768, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×17×17 to N×classes."""
        x = self.pool(x)  # N×C×5×5
        x = self.conv_1x1(x)  # N×128×5×5
        x = self.conv_5x5(x)  # N×768×1×1
        return self.classifier(torch.flatten(x, 1))


class AuxiliaryOutput(NamedTuple):
    """What a network with one auxiliary head returns in training."""

    logits: Tensor
    aux_logits: Tensor
