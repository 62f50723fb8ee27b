"""Inception-ResNet v1 and v2 as the paper draws them: inception modules as residual branches."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBNReLU
from inception_profiler.zoo.inception_v4 import FIGURE_3, PAPER, figure_7
from inception_profiler.zoo.initialise import initialise_xavier
from inception_profiler.zoo.mixed import (
    EPS,
    AuxiliaryHead,
    AuxiliaryOutput,
    Branches,
    Chain,
    Conv,
    Mixed,
    Pool,
    Residual,
    Step,
)

# Figure 14, the stem of v1: 299×299×3 to 35×35×256
FIGURE_14: tuple[Step, ...] = (
    Conv(32, (3, 3), stride=2), Conv(32, (3, 3), valid=True), Conv(64, (3, 3)), Pool.MAX,
    Conv(80, (1, 1)), Conv(192, (3, 3), valid=True), Conv(256, (3, 3), stride=2),
)  # fmt: skip

# The residual branches: Inception-ResNet-A at 35×35, -B at 17×17, -C at 8×8
FIGURE_10: Branches = {  # v1, A
    "branch_1x1":        (Conv( 32, (1, 1)),),
    "branch_3x3":        (Conv( 32, (1, 1)), Conv( 32, (3, 3))),
    "branch_double_3x3": (Conv( 32, (1, 1)), Conv( 32, (3, 3)), Conv( 32, (3, 3))),
}  # fmt: skip
FIGURE_11: Branches = {  # v1, B
    "branch_1x1":        (Conv(128, (1, 1)),),
    "branch_7x7":        (Conv(128, (1, 1)), Conv(128, (1, 7)), Conv(128, (7, 1))),
}  # fmt: skip
FIGURE_13: Branches = {  # v1, C
    "branch_1x1":        (Conv(192, (1, 1)),),
    "branch_3x3":        (Conv(192, (1, 1)), Conv(192, (1, 3)), Conv(192, (3, 1))),
}  # fmt: skip
FIGURE_16: Branches = {  # v2, A
    "branch_1x1":        (Conv( 32, (1, 1)),),
    "branch_3x3":        (Conv( 32, (1, 1)), Conv( 32, (3, 3))),
    "branch_double_3x3": (Conv( 32, (1, 1)), Conv( 48, (3, 3)), Conv( 64, (3, 3))),
}  # fmt: skip
FIGURE_17: Branches = {  # v2, B
    "branch_1x1":        (Conv(192, (1, 1)),),
    "branch_7x7":        (Conv(128, (1, 1)), Conv(160, (1, 7)), Conv(192, (7, 1))),
}  # fmt: skip
FIGURE_19: Branches = {  # v2, C
    "branch_1x1":        (Conv(192, (1, 1)),),
    "branch_3x3":        (Conv(192, (1, 1)), Conv(224, (1, 3)), Conv(256, (3, 1))),
}  # fmt: skip


def reduction_b(narrow: int, deep: int) -> Branches:
    """Return Reduction-B from 17×17 to 8×8: the paper's Figure 12 (256, 256) or Figure 18 (288, 320)."""
    return {
        "branch_3x3":        (Conv(256, (1, 1)), Conv(384, (3, 3), stride=2)),
        "branch_narrow_3x3": (Conv(256, (1, 1)), Conv(narrow, (3, 3), stride=2)),
        "branch_double_3x3": (Conv(256, (1, 1)), Conv(narrow, (3, 3)), Conv(deep, (3, 3), stride=2)),
        "branch_pool":       (Pool.MAX,),
    }  # fmt: skip


class Scales(NamedTuple):
    """What the residuals of the blocks A, B and C are multiplied by before the sum (Figure 20)."""

    a: float
    b: float
    c: float


UNSCALED = Scales(1.0, 1.0, 1.0)


class Design(NamedTuple):
    """What tells the networks of this file apart.

    ``repeats`` counts the blocks A, B and C; ``last`` is one more block C without scaling and ReLU. ``top``
    is the width of a 1×1 convolution before the last pooling, ``bottleneck`` that of a linear layer after it:
    0 for none.
    """

    stem: tuple[Step, ...]
    a: Branches
    reduction_a: Branches
    b: Branches
    reduction_b: Branches
    c: Branches
    repeats: tuple[int, int, int]
    scales: Scales
    last: bool = False
    top: int = 0
    bottleneck: int = 0
    dropout: float = 0.2


class InceptionResNet(nn.Module):
    """An Inception-ResNet (the paper's Figure 15); its forward has the shapes of the figures' v1 and v2."""

    def __init__(
        self,
        design: Design,
        num_classes: int = 1000,
        in_channels: int = 3,
        aux: bool = False,
        scales: Scales | None = None,
    ) -> None:
        super().__init__()
        scale = design.scales if scales is None else scales
        count_a, count_b, count_c = design.repeats
        self.stem = Chain(in_channels, design.stem)
        width = self.stem.out_channels
        self.inception_resnet_a = nn.Sequential(*(Residual(width, design.a, scale.a) for _ in range(count_a)))
        self.reduction_a = Mixed(width, design.reduction_a)
        width = self.reduction_a.out_channels
        self.inception_resnet_b = nn.Sequential(*(Residual(width, design.b, scale.b) for _ in range(count_b)))
        self.aux = AuxiliaryHead(width, num_classes) if aux else None
        self.reduction_b = Mixed(width, design.reduction_b)
        width = self.reduction_b.out_channels
        self.inception_resnet_c = nn.Sequential(*(Residual(width, design.c, scale.c) for _ in range(count_c)))
        self.last = Residual(width, design.c, 1.0, activation=False) if design.last else None
        self.top = ConvBNReLU(width, design.top, 1, eps=EPS) if design.top else None
        width = design.top or width
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(design.dropout)
        self.bottleneck = nn.Linear(width, design.bottleneck, bias=False) if design.bottleneck else None
        self.bottleneck_norm = nn.BatchNorm1d(design.bottleneck, eps=EPS) if design.bottleneck else None
        self.classifier = nn.Linear(design.bottleneck or width, num_classes)
        initialise_xavier(self)

    def forward(self, x: Tensor) -> Tensor | AuxiliaryOutput:
        """Map N×3×299×299 to N×classes; in training with the auxiliary head to its logits too."""
        x = self.stem(x)  # N×256×35×35 in v1, N×384×35×35 in v2
        x = self.inception_resnet_a(x)  # the same
        x = self.reduction_a(x)  # N×896×17×17, N×1152×17×17
        x = self.inception_resnet_b(x)  # the same
        aux_logits = self.aux(x) if self.training and self.aux is not None else None
        x = self.reduction_b(x)  # N×1792×8×8, N×2144×8×8
        x = self.inception_resnet_c(x)  # the same
        x = x if self.last is None else self.last(x)  # the same
        x = x if self.top is None else self.top(x)  # N×1536×8×8 in the released v2
        x = self.dropout(torch.flatten(self.pool(x), 1))  # N×1792, N×2144
        if self.bottleneck is not None and self.bottleneck_norm is not None:
            x = self.bottleneck_norm(self.bottleneck(x))  # N×512 in the released v1 for faces
        logits: Tensor = self.classifier(x)  # N×classes
        return logits if aux_logits is None else AuxiliaryOutput(logits, aux_logits)


# fmt: off
V1 = figure_7(k=192, l=192, m=256, n=384)  # the paper's Table 1
V2 = figure_7(k=256, l=256, m=384, n=384)
FIGURE_12, FIGURE_18 = reduction_b(256, 256), reduction_b(288, 320)
#                   stem       A          reduction  B          reduction  C          repeats     scales
FIGURES_V1 = Design(FIGURE_14, FIGURE_10, V1,        FIGURE_11, FIGURE_12, FIGURE_13, (5, 10, 5), UNSCALED)
FIGURES_V2 = Design(FIGURE_3,  FIGURE_16, V2,        FIGURE_17, FIGURE_18, FIGURE_19, (5, 10, 5), UNSCALED)
# fmt: on

NAMING = Naming(".", (("conv", ""),))
GLOBAL_POOL = "The last average pooling is global: the paper's 8×8 at 299, and any size at other inputs."
LINEAR = (
    "The linear 1×1 of a block has a bias and no batch normalization, as released; the figures print neither."
)
SCALES = (
    "Residuals are not scaled, as the figures draw them; the argument scales=Scales(a, b, c) scales them "
    "as in Figure 20."
)
INITIAL = "Weights start by Glorot and Bengio's rule, as in the released network; the paper names none."

model(
    ModelCard(
        name="inception_resnet_v1",
        title="Inception-ResNet-v1 (the paper's figures)",
        paper=PAPER,
        year=2016,
        family="inception",
        predecessor="inception_v3",
        input=(3, 299, 299),
        params=22_756_328,
        macs=6_206_361_696,
        deviations=(LINEAR, SCALES, INITIAL, GLOBAL_POOL),
        naming=NAMING,
        accuracy=Accuracy(
            78.7, 94.5, "one model, one crop, without the blacklisted images", "the paper, Table 2"
        ),
        aliases=("inceptionresnetv1", "inception-resnet-v1"),
    )
)(partial(InceptionResNet, FIGURES_V1))

model(
    ModelCard(
        name="inception_resnet_v2_paper",
        title="Inception-ResNet-v2 (the paper's figures, mended)",
        paper=PAPER,
        year=2016,
        family="inception",
        predecessor="inception_resnet_v1",
        input=(3, 299, 299),
        params=32_433_928,
        macs=9_257_953_632,
        deviations=(
            "Figure 17 prints a linear 1×1 of 1154 filters, which cannot be added to the 1152 channels that"
            " Reduction-A gives (384 + 384 + 384): it has 1152.",
            "Figure 19 prints a linear 1×1 of 2048 filters, which cannot be added to the 2144 channels that"
            " Reduction-B gives (1152 + 384 + 288 + 320): it has 2144.",
            "The stem is Figure 3's and ends in 384 channels, which Figure 16 adds to. An implementation "
            "that ends the stem of Figure 14 in 384 filters in place of 256 mends the same mismatch in "
            "another way.",
            "In the stem's 7×7 the 1×7 comes before the 7×1, as in the released Inception-v4; Figure 3 draws "
            "them the other way round, at the same cost.",
            LINEAR, SCALES, INITIAL, GLOBAL_POOL,
        ),
        naming=NAMING,
    )
)(partial(InceptionResNet, FIGURES_V2))  # fmt: skip
