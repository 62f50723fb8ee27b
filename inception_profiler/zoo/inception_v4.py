"""Inception-v4: one uniform choice of modules for every grid, without residual connections."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.initialise import initialise_variance_scaling
from inception_profiler.zoo.mixed import (
    AuxiliaryHead,
    AuxiliaryOutput,
    Branches,
    Chain,
    Conv,
    Mixed,
    Pool,
    Step,
)

PAPER = (
    "Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning, "
    "AAAI 2017, arXiv:1602.07261"
)

# Figure 3, the stem: 299×299×3 to 35×35×384
FIGURE_3: tuple[Step, ...] = (
    Conv(32, (3, 3), stride=2),
    Conv(32, (3, 3), valid=True),
    Conv(64, (3, 3)),
    {
        "branch_pool":   (Pool.MAX,),
        "branch_3x3":    (Conv(96, (3, 3), stride=2),),
    },
    {
        "branch_3x3":    (Conv(64, (1, 1)), Conv(96, (3, 3), valid=True)),
        "branch_7x7":    (Conv(64, (1, 1)), Conv(64, (1, 7)), Conv(64, (7, 1)), Conv(96, (3, 3), valid=True)),
    },
    {
        "branch_3x3":    (Conv(192, (3, 3), stride=2),),
        "branch_pool":   (Pool.MAX,),
    },
)  # fmt: skip

# Figure 4, Inception-A on the 35×35 grid
FIGURE_4: Branches = {
    "branch_1x1":        (Conv(96, (1, 1)),),
    "branch_3x3":        (Conv(64, (1, 1)), Conv(96, (3, 3))),
    "branch_double_3x3": (Conv(64, (1, 1)), Conv(96, (3, 3)), Conv(96, (3, 3))),
    "branch_pool":       (Pool.AVERAGE, Conv(96, (1, 1))),
}  # fmt: skip

# Figure 5, Inception-B on the 17×17 grid
FIGURE_5: Branches = {
    "branch_1x1":        (Conv(384, (1, 1)),),
    "branch_7x7":        (Conv(192, (1, 1)), Conv(224, (1, 7)), Conv(256, (7, 1))),
    "branch_double_7x7": (Conv(192, (1, 1)), Conv(192, (7, 1)), Conv(224, (1, 7)), Conv(224, (7, 1)),
                          Conv(256, (1, 7))),
    "branch_pool":       (Pool.AVERAGE, Conv(128, (1, 1))),
}  # fmt: skip

# Figure 6, Inception-C on the 8×8 grid: the branches fork at their ends
SPLIT: Branches = {
    "split_1x3":         (Conv(256, (1, 3)),),
    "split_3x1":         (Conv(256, (3, 1)),),
}  # fmt: skip
FIGURE_6: Branches = {
    "branch_1x1":        (Conv(256, (1, 1)),),
    "branch_3x3":        (Conv(384, (1, 1)), SPLIT),
    "branch_double_3x3": (Conv(384, (1, 1)), Conv(448, (3, 1)), Conv(512, (1, 3)), SPLIT),
    "branch_pool":       (Pool.AVERAGE, Conv(256, (1, 1))),
}  # fmt: skip

# Figure 8, Reduction-B from 17×17 to 8×8
FIGURE_8: Branches = {
    "branch_3x3":        (Conv(192, (1, 1)), Conv(192, (3, 3), stride=2)),
    "branch_7x7":        (Conv(256, (1, 1)), Conv(256, (1, 7)), Conv(320, (7, 1)),
                          Conv(320, (3, 3), stride=2)),
    "branch_pool":       (Pool.MAX,),
}  # fmt: skip


def figure_7(k: int, l: int, m: int, n: int) -> Branches:  # noqa: E741 - the letters of the paper's Table 1
    """Return Reduction-A from 35×35 to 17×17, with the filters that the paper's Table 1 gives."""
    return {
        "branch_3x3":        (Conv(n, (3, 3), stride=2),),
        "branch_double_3x3": (Conv(k, (1, 1)), Conv(l, (3, 3)), Conv(m, (3, 3), stride=2)),
        "branch_pool":       (Pool.MAX,),
    }  # fmt: skip


@model(
    ModelCard(
        name="inception_v4",
        title="Inception-v4",
        paper=PAPER,
        year=2016,
        family="inception",
        predecessor="inception_v3",
        input=(3, 299, 299),
        params=42_679_816,
        params_with_auxiliary=46_039_280,
        macs=12_253_974_624,
        auxiliary=("aux",),
        deviations=(
            "Where a 7×7 or 3×3 is factorized, which of its two halves comes first is as in the authors' "
            "released network (TF-slim); the figures draw some the other way round, at the same cost.",
            "The auxiliary head on the last 17×17 map is the released network's; the paper's figures have "
            "none.",
            "Batch normalization trains a scale too, as the PyTorch ports have it; the released network "
            "trains the shift only.",
            "Running statistics move by PyTorch's momentum of 0.1; the released network keeps 0.9997 of the"
            " old ones.",
            "The last average pooling is global: the paper's 8×8 at 299, and any size at other inputs.",
        ),
        naming=Naming(".", (("conv", ""),)),
        accuracy=Accuracy(
            80.2, 95.2, "one model, one central crop of 299", "TF-slim, table of pre-trained models"
        ),
        aliases=("inceptionv4", "inception-v4"),
    )
)
class InceptionV4(nn.Module):
    """Inception-v4 (the paper's Figure 9): stem, 4 × A, reduction, 7 × B, reduction, 3 × C."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3, aux: bool = False) -> None:
        super().__init__()
        self.stem = Chain(in_channels, FIGURE_3)
        self.inception_a = nn.Sequential(*(Mixed(384, FIGURE_4) for _ in range(4)))
        self.reduction_a = Mixed(384, figure_7(k=192, l=224, m=256, n=384))
        self.inception_b = nn.Sequential(*(Mixed(1024, FIGURE_5) for _ in range(7)))
        self.aux = AuxiliaryHead(1024, num_classes) if aux else None
        self.reduction_b = Mixed(1024, FIGURE_8)
        self.inception_c = nn.Sequential(*(Mixed(1536, FIGURE_6) for _ in range(3)))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(1536, num_classes)
        initialise_variance_scaling(self)

    def forward(self, x: Tensor) -> Tensor | AuxiliaryOutput:
        """Map N×3×299×299 to N×classes; in training with the auxiliary head to its logits too."""
        x = self.stem(x)  # N×384×35×35
        x = self.inception_a(x)  # N×384×35×35
        x = self.reduction_a(x)  # N×1024×17×17
        x = self.inception_b(x)  # N×1024×17×17
        aux_logits = self.aux(x) if self.training and self.aux is not None else None
        x = self.reduction_b(x)  # N×1536×8×8
        x = self.inception_c(x)  # N×1536×8×8
        x = torch.flatten(self.pool(x), 1)  # N×1536
        logits: Tensor = self.classifier(self.dropout(x))  # N×classes
        return logits if aux_logits is None else AuxiliaryOutput(logits, aux_logits)
