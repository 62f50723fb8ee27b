"""Inception-ResNet with its merges normalized too, which the paper leaves out to save memory."""

from __future__ import annotations

from torch import Tensor, nn

from inception_profiler.zoo.card import build
from inception_profiler.zoo.mixed import EPS, Residual, ScaledAdd


class NormedAdd(nn.Module):
    """The scaled sum of a block, and the batch normalization of it."""

    def __init__(self, width: int, add: ScaledAdd) -> None:
        super().__init__()
        self.add = add
        self.bn = nn.BatchNorm2d(width, eps=EPS)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        """Map two N×C×H×W to one."""
        return self.bn(self.add(x, residual))


def with_normed_merges(name: str) -> nn.Module:
    """Build a registered Inception-ResNet, without weights, that normalizes every sum of its blocks.

    It is no network of the paper, which says that the normalization was left out above the sums so that more
    blocks fit on one device (section 3.3), and so it has no card: it is built to count what that saves.

    Raises:
        UnknownNameError: no model of that name.
    """
    network = build(name, device="meta")
    for block in network.modules():
        if isinstance(block, Residual):
            block.add = NormedAdd(block.expansion.out_channels, block.add)  # type: ignore[assignment]
    return network
