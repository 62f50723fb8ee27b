"""Inception-v2 of TF-slim: BN-Inception with the separable first convolution of its paper."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.bn_inception import FIGURE_5, PAPER, FigureFive, Pool
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import ConvBNReLU, SameConv2d, SameMaxPool2d
from inception_profiler.zoo.initialise import truncated_normal, variance_scaling

DEPTH_MULTIPLIER = 8

# TF-slim's own scopes. The branches keep their names here: TF-slim numbers them, in Mixed_4a and Mixed_5a,
# which halve the map, otherwise than elsewhere.
NAMING = Naming(
    "/",
    (
        ("conv1",         "Conv2d_1a_7x7"),
        ("pool1",         "MaxPool_2a_3x3"),
        ("conv2_reduce",  "Conv2d_2b_1x1"),
        ("conv2",         "Conv2d_2c_3x3"),
        ("pool2",         "MaxPool_3a_3x3"),
        ("inception_3a",  "Mixed_3b"),
        ("inception_3b",  "Mixed_3c"),
        ("inception_3c",  "Mixed_4a"),
        ("inception_4a",  "Mixed_4b"),
        ("inception_4b",  "Mixed_4c"),
        ("inception_4c",  "Mixed_4d"),
        ("inception_4d",  "Mixed_4e"),
        ("inception_4e",  "Mixed_5a"),
        ("inception_5a",  "Mixed_5b"),
        ("inception_5b",  "Mixed_5c"),
        ("pool5",         "Logits/AvgPool_1a_7x7"),
        ("dropout",       "Logits/Dropout_1b"),
        ("classifier",    "Logits/Conv2d_1c_1x1"),
        ("depthwise_7x7", "depthwise"),
        ("pointwise_1x1", "pointwise"),
        ("bn",            "BatchNorm"),
        ("conv",          ""),
        ("relu",          "Relu"),
    ),
)  # fmt: skip

# Deviations of TF-slim's truncated normals, by the module; all others are filled by variance scaling.
DEVIATIONS = {"conv1": 1.0, "conv2_reduce": 0.1, "reduce_3x3": 0.09, "reduce_double": 0.09, "pool_proj": 0.1}


class SeparableStem(nn.Module):
    """The first convolution: eight 7×7 filters on each colour, then a 1×1 to 64 maps; not normalized."""

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        width = DEPTH_MULTIPLIER * in_channels
        self.depthwise_7x7 = SameConv2d(in_channels, width, 7, stride=2, groups=in_channels, bias=False)
        self.pointwise_1x1 = nn.Conv2d(width, 64, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×64×112×112."""
        x = self.depthwise_7x7(x)  # N×24×112×112
        return self.relu(self.pointwise_1x1(x))  # N×64×112×112


@model(
    ModelCard(
        name="inception_v2",
        title="Inception-v2 of TF-slim",
        paper=f"{PAPER}, as tensorflow/models research/slim/nets/inception_v2.py",
        year=2016,
        family="inception",
        predecessor="bn_inception",
        input=(3, 224, 224),
        params=11_178_336,
        macs=1_934_857_216,
        deviations=(
            "From the paper, as TF-slim: normalization has a shift β and no scale γ (ε 0.001, decay "
            "0.9997), and the separable first convolution none, but a bias; 20 % dropout before the "
            "classifier, where the paper has none; the classifier is a 1×1 convolution; padded averages "
            "leave the zeros out.",
            "From TF-slim: 1000 classes, where its checkpoint has 1001 with a background; the last average "
            "pooling is global at any input, as with its global_pool; its L2 loss of 4e-5 belongs to "
            "training and is not here.",
            "The paper's own name for this network is BN-Inception; the Inception-v2 of Rethinking the "
            "Inception Architecture is another one, inception_v2_rethinking.",
        ),
        naming=NAMING,
        accuracy=Accuracy(73.9, 91.8, "single crop, 1 model", "TF-slim's README, Pre-trained Models"),
        aliases=("inceptionv2", "inception-v2", "inception_v2_slim"),
    )
)
class InceptionV2(FigureFive):
    """BN-Inception of TF-slim: separable stem, SAME padding, normalization with a shift only."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        conv = partial(ConvBNReLU, eps=1e-3, momentum=3e-4, scale=False, same=True)
        pools: dict[str, Pool] = {
            "avg": partial(nn.AvgPool2d, 3, stride=1, padding=1, count_include_pad=False),
            "max": partial(nn.MaxPool2d, 3, stride=1, padding=1),
        }
        super().__init__(
            SeparableStem(in_channels), conv, pools, partial(SameMaxPool2d, 3, stride=2), FIGURE_5
        )
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Conv2d(self.width, num_classes, 1)
        for path, module in self.named_modules():
            if isinstance(module, nn.Conv2d):
                std = next((DEVIATIONS[part] for part in path.split(".") if part in DEVIATIONS), None)
                if std is None:
                    variance_scaling(module)
                else:
                    truncated_normal(module, std)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×3×224×224 to N×classes."""
        x = self.dropout(self.features(x))  # N×1024×1×1
        return torch.flatten(self.classifier(x), 1)  # N×classes
