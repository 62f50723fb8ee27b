"""GoogLeNet with the separable first convolution that the paper's Table 1 was counted with."""

from __future__ import annotations

from torch import Tensor, nn

from inception_profiler.zoo.card import ModelCard, model
from inception_profiler.zoo.inception_v1 import NAMING, InceptionV1

DEPTH_MULTIPLIER = 8
CONV1_WIDTH = 64


class SeparableStem1(nn.Module):
    """The first convolution as a separable one: eight 7×7 filters on each colour, then a 1×1 to 64 maps.

    Both cells of the first row of Table 1 are its own::

        params = C · 8 · 7 · 7 + C · 8 · 64 = 1176 + 1536 = 2712  (2.7K in Table 1)
        macs   = params · 112 · 112 = 34,019,328                  (34M in Table 1)
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        width = DEPTH_MULTIPLIER * in_channels
        self.depthwise_7x7 = nn.Conv2d(
            in_channels, width, 7, stride=2, padding=3, groups=in_channels, bias=False
        )
        self.pointwise_1x1 = nn.Conv2d(width, CONV1_WIDTH, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×64×112×112."""
        x = self.depthwise_7x7(x)  # N×24×112×112
        x = self.pointwise_1x1(x)  # N×64×112×112
        return self.relu(x)


@model(
    ModelCard(
        name="inception_v1_separable_stem",
        title="GoogLeNet with the stem of its Table 1",
        paper="Szegedy et al., Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842, Table 1",
        year=2014,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=6_991_792,
        params_with_auxiliary=13_371_520,
        macs=1_498_677_248,
        auxiliary=("loss1", "loss2"),
        deviations=(
            "The paper calls the first layer a 7×7 convolution, but Table 1 gives it 2.7K parameters and "
            "34M operations where a dense one has 9.4K and 118M: both cells are those of a separable 7×7 "
            "with depth multiplier 8 and a 1×1 to 64 maps, which this network has. The batch normalization "
            "paper and TF-slim's inception_v2 state it.",
            "The separable convolution has no biases, so that it is the 2,712 weights that the table "
            "counts; the rectification stands after the 1×1 alone.",
            "Everything else is inception_v1, and what that card says of it holds here too.",
        ),
        naming=NAMING,
    )
)
class InceptionV1SeparableStem(InceptionV1):
    """GoogLeNet whose first 7×7 is separable."""

    def build_conv1(self, in_channels: int) -> nn.Module:
        """Return the separable first convolution."""
        return SeparableStem1(in_channels)
