"""Inception-ResNet as released: v2 by the paper's authors, v1 for faces by FaceNet's reimplementation."""

from __future__ import annotations

from functools import partial

from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.inception_resnet import (
    FIGURE_10,
    FIGURE_11,
    FIGURE_12,
    FIGURE_13,
    FIGURE_14,
    FIGURE_16,
    FIGURE_17,
    FIGURE_18,
    FIGURE_19,
    NAMING,
    V1,
    V2,
    Design,
    InceptionResNet,
    Scales,
)
from inception_profiler.zoo.inception_v4 import PAPER
from inception_profiler.zoo.mixed import Conv, Pool, Step

# The stem of the released v2: that of Inception-v3, and one module that widens it to 35×35×320
RELEASED_STEM: tuple[Step, ...] = (
    *FIGURE_14[:6], Pool.MAX,
    {
        "branch_1x1":        (Conv( 96, (1, 1)),),
        "branch_5x5":        (Conv( 48, (1, 1)), Conv( 64, (5, 5))),
        "branch_double_3x3": (Conv( 64, (1, 1)), Conv( 96, (3, 3)), Conv( 96, (3, 3))),
        "branch_pool":       (Pool.AVERAGE, Conv(64, (1, 1))),
    },
)  # fmt: skip


# fmt: off
SCALES = Scales(0.17, 0.10, 0.20)
#                    stem           A          reduction B          reduction  C          repeats      scales
RELEASED_V2 = Design(RELEASED_STEM, FIGURE_16, V2,       FIGURE_17, FIGURE_18, FIGURE_19, (10, 20, 9), SCALES,
                     last=True, top=1536)
FACENET_V1  = Design(FIGURE_14,     FIGURE_10, V1,       FIGURE_11, FIGURE_12, FIGURE_13, (5, 10, 5),  SCALES,
                     last=True, bottleneck=512, dropout=0.6)
# fmt: on

LAST = "One more block C follows the others, without scaling and without ReLU."
RESIDUALS = (
    "Residuals are scaled by 0.17, 0.10 and 0.20 in the blocks A, B and C, where the paper says between 0.1"
    " and 0.3; the argument scales changes that."
)
MOMENTUM = (
    "Running statistics move by PyTorch's momentum of 0.1; the released network keeps {} of the old ones."
)
GLOBAL_POOL = "The last average pooling is global: 8×8 at 299, and any size at other inputs."

model(
    ModelCard(
        name="inception_resnet_v2",
        title="Inception-ResNet-v2 (released)",
        paper=f"{PAPER}; the network is the one its authors released with TF-slim",
        year=2016,
        family="inception",
        predecessor="inception_resnet_v2_paper",
        input=(3, 299, 299),
        params=55_843_464,
        params_with_auxiliary=59_211_120,
        macs=13_155_794_016,
        auxiliary=("aux",),
        deviations=(
            "The stem is that of Inception-v3 and a module that widens it to 320 channels, not Figure 3's "
            "with 384.",
            "The blocks are repeated 10, 20 and 10 times, where Figure 15 has 5, 10 and 5.",
            "So the maps have 320, 1088 and 2080 channels, and Figures 17 and 19 print 1154 and 2048.",
            LAST,
            "A 1×1 convolution to 1536 channels precedes the last pooling.",
            RESIDUALS,
            "The auxiliary head on the last 17×17 map is the released network's; the paper's figures have "
            "none.",
            "Batch normalization trains a scale too, as the PyTorch ports have it; the released network "
            "trains the shift only.",
            MOMENTUM.format("0.9997"),
            GLOBAL_POOL,
        ),
        naming=NAMING,
        accuracy=Accuracy(
            80.4, 95.3, "one model, one central crop of 299", "TF-slim, table of pre-trained models"
        ),
        aliases=("inceptionresnetv2", "inception-resnet-v2", "inception_resnet"),
    )
)(partial(InceptionResNet, RELEASED_V2))

model(
    ModelCard(
        name="inception_resnet_v1_facenet",
        title="Inception-ResNet-v1 (FaceNet)",
        paper=f"{PAPER}; the network is that of the packages facenet and facenet-pytorch",
        year=2016,
        family="inception",
        predecessor="inception_resnet_v1",
        input=(3, 299, 299),
        params=23_995_624,
        macs=6_308_235_360,
        deviations=(
            LAST,
            RESIDUALS,
            "A linear layer to 512 features without bias, batch-normalized, stands between the pooling and "
            "the classifier; for faces those features are the output, scaled to length one.",
            "Dropout takes away 0.6, where the paper says 0.2.",
            "Counted at the paper's 299×299; the package is used on faces of 160×160.",
            "Batch normalization trains a scale too, as facenet-pytorch has it; facenet trains the shift "
            "only.",
            MOMENTUM.format("0.995"),
            GLOBAL_POOL,
        ),
        naming=NAMING,
        aliases=("facenet",),
    )
)(partial(InceptionResNet, FACENET_V1))
