"""GoogLeNet as torchvision released it: TF-slim's network, with auxiliary heads."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.blocks import LinearReLU
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import Conv, ConvBNReLU
from inception_profiler.zoo.inception_v1 import AUXILIARY_HIDDEN, AUXILIARY_WIDTH, TABLE_1
from inception_profiler.zoo.inception_v1_slim import NormalizedInceptionV1
from inception_profiler.zoo.initialise import initialise_truncated_normal

# torchvision's own attributes.
NAMING = Naming(
    ".",
    (
        ("pool1",         "maxpool1"),
        ("conv2_reduce",  "conv2"),
        ("conv2",         "conv3"),
        ("pool2",         "maxpool2"),
        ("inception_3a",  "inception3a"),
        ("inception_3b",  "inception3b"),
        ("pool3",         "maxpool3"),
        ("inception_4a",  "inception4a"),
        ("inception_4b",  "inception4b"),
        ("inception_4c",  "inception4c"),
        ("inception_4d",  "inception4d"),
        ("inception_4e",  "inception4e"),
        ("pool4",         "maxpool4"),
        ("inception_5a",  "inception5a"),
        ("inception_5b",  "inception5b"),
        ("conv_1x1",      "branch1"),
        ("reduce_3x3",    "branch2.0"),
        ("conv_3x3",      "branch2.1"),
        ("reduce_second", "branch3.0"),
        ("conv_second",   "branch3.1"),
        ("pool",          "branch4.0"),
        ("pool_proj",     "branch4.1"),
        ("pool5",         "avgpool"),
        ("classifier",    "fc"),
    ),
)  # fmt: skip


class Auxiliary(nn.Module):
    """An auxiliary classifier of torchvision's, for any map; it runs in training only."""

    def __init__(self, in_channels: int, num_classes: int, conv: Conv) -> None:
        super().__init__()
        self.ave_pool = nn.AdaptiveAvgPool2d(4)
        self.conv = conv(in_channels, AUXILIARY_WIDTH, 1)
        self.fc1 = LinearReLU(AUXILIARY_WIDTH * 4 * 4, AUXILIARY_HIDDEN)
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(AUXILIARY_HIDDEN, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×classes."""
        x = self.ave_pool(x)  # N×C×4×4
        x = self.conv(x)  # N×128×4×4
        x = self.fc1(torch.flatten(x, 1))  # N×1024
        return self.fc2(self.dropout(x))


@model(
    ModelCard(
        name="googlenet_torchvision",
        title="GoogLeNet of torchvision",
        paper="Szegedy et al., Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842, "
        "as torchvision/models/googlenet.py",
        year=2019,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=6_624_904,
        params_with_auxiliary=13_004_888,
        macs=1_498_376_192,
        auxiliary=("aux1", "aux2"),
        deviations=(
            "From the paper, as torchvision: every 5×5 is a 3×3, which torchvision knows for an error and "
            "keeps for its weights; batch normalization (ε 0.001) stands for the biases and the local "
            "response normalization; the last max pooling is 2×2; 20 % dropout before the classifier; "
            "auxiliary heads pool to 4×4 from any map and are normalized; a truncated normal "
            "initialisation.",
            "From torchvision: auxiliary heads are off unless asked for, and there is no transform_input.",
        ),
        naming=NAMING,
        accuracy=Accuracy(
            69.778, 89.53, "single 224×224 crop, 1 model", "torchvision GoogLeNet_Weights.IMAGENET1K_V1"
        ),
        aliases=("torchvision_googlenet",),
    )
)
class GoogLeNetTorchvision(NormalizedInceptionV1):
    """GoogLeNet of torchvision: affine normalization, symmetric padding, two auxiliary heads."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3, aux: bool = False) -> None:
        conv = partial(ConvBNReLU, eps=1e-3)
        pool = partial(nn.MaxPool2d, stride=2, ceil_mode=True)
        super().__init__(conv, conv(in_channels, 64, 7, stride=2, padding=3), pool)
        self.aux1 = Auxiliary(TABLE_1["inception_4a"].out, num_classes, conv) if aux else None
        self.aux2 = Auxiliary(TABLE_1["inception_4d"].out, num_classes, conv) if aux else None
        self.classifier = nn.Linear(TABLE_1["inception_5b"].out, num_classes)
        initialise_truncated_normal(self, 0.01, cut=2.0)

    def classify(self, x: Tensor) -> Tensor:
        """Map N×1024×1×1 to N×classes."""
        x = torch.flatten(x, 1)  # N×1024
        return self.classifier(self.dropout(x))
