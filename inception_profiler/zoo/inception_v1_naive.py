"""GoogLeNet built from the naive inception module, which the paper draws and rejects for its cost."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from inception_profiler.zoo.blocks import ConvReLU
from inception_profiler.zoo.card import ModelCard, model
from inception_profiler.zoo.inception_v1 import NAMING, InceptionV1, Widths


class NaiveInception(nn.Module):
    """A naive inception module: no 1×1 reductions, and the pooled input passes through (Figure 2a).

    Every module is wider than its input by the three convolutions::

        C_out = C_in + conv_1x1 + conv_3x3 + conv_5x5
    """

    def __init__(self, in_channels: int, widths: Widths) -> None:
        super().__init__()
        self.conv_1x1 = ConvReLU(in_channels, widths.conv_1x1, 1)
        self.conv_3x3 = ConvReLU(in_channels, widths.conv_3x3, 3, padding=1)
        self.conv_5x5 = ConvReLU(in_channels, widths.conv_5x5, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(C + the three convolutions)×H×W."""
        return torch.cat((self.conv_1x1(x), self.conv_3x3(x), self.conv_5x5(x), self.pool(x)), 1)


@model(
    ModelCard(
        name="inception_v1_naive",
        title="GoogLeNet of naive modules",
        paper="Szegedy et al., Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842, Figure 2a",
        year=2014,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=97_526_008,
        params_with_auxiliary=104_274_376,
        macs=12_568_061_056,
        auxiliary=("loss1", "loss2"),
        deviations=(
            "The paper draws the naive module and builds no network of it: here it stands in the place of "
            "all nine modules of Table 1, with that table's 1×1, 3×3 and 5×5 filters, without its "
            "reductions and pool projections.",
            "The concatenations are therefore 416, 832, 1280, 1728, 2176, 2640, 3344, 4048 and 4944 wide; "
            "the classifier and the auxiliary heads take these widths.",
            "The stem, the poolings and the heads are those of inception_v1, the 1×1 of the stem included: "
            "it is no part of a module. What that card says of them holds here too.",
        ),
        naming=NAMING,
        aliases=("googlenet_naive",),
    )
)
class InceptionV1Naive(InceptionV1):
    """GoogLeNet whose modules reduce nothing, so that each adds its input's width to its own."""

    def build_inception(self, in_channels: int, widths: Widths) -> nn.Module:
        """Return one naive module."""
        return NaiveInception(in_channels, widths)

    def inception_out(self, in_channels: int, widths: Widths) -> int:
        """Return the input's width plus the three convolutions."""
        return in_channels + widths.conv_1x1 + widths.conv_3x3 + widths.conv_5x5
