"""GoogLeNet as TF-slim released it, with batch normalization and a 3×3 where the paper has its 5×5."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import Conv, ConvBNReLU, SameMaxPool2d
from inception_profiler.zoo.inception_v1 import STEM_WIDTH, TABLE_1, InceptionOutput, Widths
from inception_profiler.zoo.initialise import truncated_normal, variance_scaling

Pool = Callable[[int], nn.Module]

# TF-slim's own scopes. Inside Mixed_5b it calls the second branch's 3×3 Conv2d_0a_3x3.
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
        ("pool3",         "MaxPool_4a_3x3"),
        ("inception_4a",  "Mixed_4b"),
        ("inception_4b",  "Mixed_4c"),
        ("inception_4c",  "Mixed_4d"),
        ("inception_4d",  "Mixed_4e"),
        ("inception_4e",  "Mixed_4f"),
        ("pool4",         "MaxPool_5a_2x2"),
        ("inception_5a",  "Mixed_5b"),
        ("inception_5b",  "Mixed_5c"),
        ("conv_1x1",      "Branch_0/Conv2d_0a_1x1"),
        ("reduce_3x3",    "Branch_1/Conv2d_0a_1x1"),
        ("conv_3x3",      "Branch_1/Conv2d_0b_3x3"),
        ("reduce_second", "Branch_2/Conv2d_0a_1x1"),
        ("conv_second",   "Branch_2/Conv2d_0b_3x3"),
        ("pool",          "Branch_3/MaxPool_0a_3x3"),
        ("pool_proj",     "Branch_3/Conv2d_0b_1x1"),
        ("pool5",         "Logits/AvgPool_0a_7x7"),
        ("dropout",       "Logits/Dropout_0b"),
        ("classifier",    "Logits/Conv2d_0c_1x1"),
        ("bn",            "BatchNorm"),
        ("conv",          ""),
        ("relu",          "Relu"),
    ),
)  # fmt: skip


class Inception(nn.Module):
    """An inception module whose second spatial branch is a 3×3 too, as wide as the paper's 5×5."""

    def __init__(self, in_channels: int, widths: Widths, conv: Conv) -> None:
        super().__init__()
        self.conv_1x1 = conv(in_channels, widths.conv_1x1, 1)
        self.reduce_3x3 = conv(in_channels, widths.reduce_3x3, 1)
        self.conv_3x3 = conv(widths.reduce_3x3, widths.conv_3x3, 3, padding=1)
        self.reduce_second = conv(in_channels, widths.reduce_5x5, 1)
        self.conv_second = conv(widths.reduce_5x5, widths.conv_5x5, 3, padding=1)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pool_proj = conv(in_channels, widths.pool_proj, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×(sum of the four branches)×H×W."""
        return torch.cat(
            (
                self.conv_1x1(x),
                self.conv_3x3(self.reduce_3x3(x)),
                self.conv_second(self.reduce_second(x)),
                self.pool_proj(self.pool(x)),
            ),
            1,
        )


class NormalizedInceptionV1(nn.Module):
    """What both releases share: Table 1 of the paper with 3×3 for its 5×5, normalized, without LRN.

    Args:
        conv: what makes a normalized convolution.
        conv1: the first convolution, to 64 maps at stride 2.
        pool: what makes a max pooling at stride 2 from its kernel size.
    """

    inception_3a: nn.Module
    inception_3b: nn.Module
    inception_4a: nn.Module
    inception_4b: nn.Module
    inception_4c: nn.Module
    inception_4d: nn.Module
    inception_4e: nn.Module
    inception_5a: nn.Module
    inception_5b: nn.Module

    def __init__(self, conv: Conv, conv1: nn.Module, pool: Pool) -> None:
        super().__init__()
        self.conv1 = conv1
        self.pool1 = pool(3)
        self.conv2_reduce = conv(64, 64, 1)
        self.conv2 = conv(64, STEM_WIDTH, 3, padding=1)
        self.pool2 = pool(3)
        width = STEM_WIDTH
        for name, widths in TABLE_1.items():
            self.add_module(name, Inception(width, widths, conv))
            width = widths.out
        self.pool3 = pool(3)
        self.pool4 = pool(2)
        self.pool5 = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.aux1: nn.Module | None = None
        self.aux2: nn.Module | None = None

    def classify(self, x: Tensor) -> Tensor:
        """Map N×1024×1×1 to N×classes."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor | InceptionOutput:
        """Map N×3×224×224 to N×classes; in training with auxiliary heads to their logits too."""
        x = self.pool1(self.conv1(x))  # N×64×56×56
        x = self.conv2(self.conv2_reduce(x))  # N×192×56×56
        x = self.pool2(x)  # N×192×28×28
        x = self.inception_3a(x)  # N×256×28×28
        x = self.inception_3b(x)  # N×480×28×28
        x = self.pool3(x)  # N×480×14×14
        x = self.inception_4a(x)  # N×512×14×14
        aux1 = self.aux1(x) if self.training and self.aux1 is not None else None
        x = self.inception_4b(x)  # N×512×14×14
        x = self.inception_4c(x)  # N×512×14×14
        x = self.inception_4d(x)  # N×528×14×14
        aux2 = self.aux2(x) if self.training and self.aux2 is not None else None
        x = self.inception_4e(x)  # N×832×14×14
        x = self.pool4(x)  # N×832×7×7
        x = self.inception_5a(x)  # N×832×7×7
        x = self.inception_5b(x)  # N×1024×7×7
        logits = self.classify(self.pool5(x))  # N×classes
        if aux1 is None or aux2 is None:
            return logits
        return InceptionOutput(logits, aux2, aux1)


@model(
    ModelCard(
        name="inception_v1_slim",
        title="Inception-v1 of TF-slim",
        paper="Szegedy et al., Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842, "
        "as tensorflow/models research/slim/nets/inception_v1.py",
        year=2016,
        family="inception",
        predecessor="inception_v1",
        input=(3, 224, 224),
        params=6_617_624,
        macs=1_498_376_192,
        deviations=(
            "From the paper, as TF-slim: every 5×5 is a 3×3; batch normalization with a shift β and "
            "without a scale γ (ε 0.001, decay 0.9997) stands for the biases and the local response "
            "normalization; the last max pooling is 2×2; 20 % dropout; no auxiliary heads; a truncated "
            "normal initialisation.",
            "From TF-slim: 1000 classes, where its checkpoint has 1001 with a background; the last average "
            "pooling is global at any input, as with its global_pool; its L2 loss of 4e-5 belongs to "
            "training and is not here. Inside Mixed_5b TF-slim names the branch-2 convolution "
            "Conv2d_0a_3x3; it is shown as its siblings are.",
        ),
        naming=NAMING,
        accuracy=Accuracy(69.8, 89.6, "single crop, 1 model", "TF-slim's README, Pre-trained Models"),
    )
)
class InceptionV1Slim(NormalizedInceptionV1):
    """GoogLeNet of TF-slim: normalization with a shift only, SAME padding, a 1×1 as the classifier."""

    def __init__(self, num_classes: int = 1000, in_channels: int = 3) -> None:
        conv = partial(ConvBNReLU, eps=1e-3, momentum=3e-4, scale=False)
        super().__init__(
            conv, conv(in_channels, 64, 7, stride=2, same=True), partial(SameMaxPool2d, stride=2)
        )
        self.classifier = nn.Conv2d(TABLE_1["inception_5b"].out, num_classes, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                truncated_normal(module, 0.01)
        variance_scaling(self.classifier)

    def classify(self, x: Tensor) -> Tensor:
        """Map N×1024×1×1 to N×classes."""
        return torch.flatten(self.classifier(self.dropout(x)), 1)
