"""Networks that the tests build themselves, in plain PyTorch, to hold the calculators against."""

from __future__ import annotations

import torch
from torch import nn


def chain(channels: int, *steps: tuple[int, tuple[int, int]], bias: bool = False) -> nn.Sequential:
    """Return convolutions of (filters, kernel) one after the other, each with a ReLU."""
    layers: list[nn.Module] = []
    with torch.device("meta"):
        for filters, kernel in steps:
            layers += [nn.Conv2d(channels, filters, kernel, padding="same", bias=bias), nn.ReLU()]
            channels = filters
    return nn.Sequential(*layers)
