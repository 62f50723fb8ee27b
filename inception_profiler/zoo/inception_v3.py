"""Inception-v3, the network that Rethinking the Inception Architecture ended in, as it was released."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from inception_profiler.records.naming import Naming
from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.conv_bn import Conv, ConvBNReLU
from inception_profiler.zoo.inception_v3_modules import (
    InceptionA,
    InceptionB,
    InceptionC,
    ReductionA,
    ReductionB,
)
from inception_profiler.zoo.initialise import initialise_truncated_normal
from inception_profiler.zoo.mixed import AuxiliaryOutput

PAPER = (
    "Szegedy et al., Rethinking the Inception Architecture for Computer Vision, CVPR 2016, arXiv:1512.00567"
)

# Width of the projected pooling of each 35×35 module, and of the 7×7 branches of each 17×17 module.
PROJECTIONS_35 = {"mixed_5b":  32, "mixed_5c":  64, "mixed_5d":  64}  # fmt: skip
WIDTHS_17      = {"mixed_6b": 128, "mixed_6c": 160, "mixed_6d": 160, "mixed_6e": 192}  # fmt: skip

_LAYERS = ("conv2d_1a_3x3", "conv2d_2a_3x3", "conv2d_2b_3x3", "conv2d_3b_1x1", "conv2d_4a_3x3", "mixed_6a")
_MODULES = (*_LAYERS, *PROJECTIONS_35, *WIDTHS_17, "mixed_7a", "mixed_7b", "mixed_7c")
NAMING = Naming(
    ".",
    (*((name, name.capitalize()) for name in _MODULES), ("aux_logits", "AuxLogits"), ("classifier", "fc")),
)

# Deviations of torchvision's truncated normals where they are not 0.1.
DEVIATIONS = {"aux_logits.conv1.conv": 0.01, "aux_logits.fc": 0.001}


class Auxiliary(nn.Module):
    """The auxiliary classifier on the last 17×17 map, normalized; it runs in training only."""

    def __init__(self, in_channels: int, num_classes: int, conv: Conv) -> None:
        super().__init__()
        self.ave_pool = nn.AvgPool2d(5, stride=3)
        self.conv0 = conv(in_channels, 128, 1)
        self.conv1 = conv(128, 768, 5)
        self.global_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(768, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×768×17×17 to N×classes."""
        x = self.conv0(self.ave_pool(x))  # N×128×5×5
        x = self.global_pool(self.conv1(x))  # N×768×1×1
        return self.fc(torch.flatten(x, 1))  # N×classes


@model(
    ModelCard(
        name="inception_v3",
        title="Inception-v3",
        paper=f"{PAPER}, as released in TF-slim and torchvision/models/inception.py",
        year=2015,
        family="inception",
        predecessor="inception_v2_rethinking",
        input=(3, 299, 299),
        params=23_834_568,
        params_with_auxiliary=27_161_264,
        macs=5_713_216_096,
        auxiliary=("aux_logits",),
        deviations=(
            "From the paper, as released: Table 1 is not the network that was released. Here the stem is "
            "3×3/2, 3×3, 3×3, pool, 1×1 to 80, 3×3 to 192, pool; the first 35×35 module takes 192 maps; "
            "its modules keep a 5×5 where Figure 5 has two 3×3; there are four 17×17 modules and not five. "
            "The paper prints no filter counts of the modules: they are those of the release.",
            "From TF-slim, as torchvision: the normalization learns a scale γ beside its shift (ε 0.001 "
            "both), and its running statistics take a tenth of each batch where TF-slim's decay is 0.9997; "
            "padded averages count the zeros, which TensorFlow leaves out; dropout is 50 % where TF-slim "
            "drops 20 %; the weights are drawn at deviation 0.1, 0.01 in the 5×5 of the auxiliary head and "
            "0.001 in its classifier.",
            "From torchvision: the auxiliary head is off unless asked for, and there is no "
            "transform_input. It takes 299×299 images; without it any from 75×75.",
        ),
        naming=NAMING,
        accuracy=Accuracy(
            77.294,
            93.45,
            "single 299×299 crop, 1 model",
            "torchvision Inception_V3_Weights.IMAGENET1K_V1 (ported from TensorFlow)",
        ),
        aliases=("inceptionv3", "inception-v3", "inception3"),
    )
)
class InceptionV3(nn.Module):
    """Inception-v3: factored convolutions throughout, one auxiliary head."""

    mixed_5b: nn.Module
    mixed_5c: nn.Module
    mixed_5d: nn.Module
    mixed_6b: nn.Module
    mixed_6c: nn.Module
    mixed_6d: nn.Module
    mixed_6e: nn.Module

    def __init__(self, num_classes: int = 1000, in_channels: int = 3, aux: bool = False) -> None:
        super().__init__()
        conv = partial(ConvBNReLU, eps=1e-3)
        self.conv2d_1a_3x3 = conv(in_channels, 32, 3, stride=2)
        self.conv2d_2a_3x3 = conv(32, 32, 3)
        self.conv2d_2b_3x3 = conv(32, 64, 3, padding=1)
        self.maxpool1 = nn.MaxPool2d(3, stride=2)
        self.conv2d_3b_1x1 = conv(64, 80, 1)
        self.conv2d_4a_3x3 = conv(80, 192, 3)
        self.maxpool2 = nn.MaxPool2d(3, stride=2)
        width = 192
        for name, projection in PROJECTIONS_35.items():
            self.add_module(name, InceptionA(width, projection, conv))
            width = 224 + projection
        self.mixed_6a = ReductionA(width, conv)
        for name, seven in WIDTHS_17.items():
            self.add_module(name, InceptionB(768, seven, conv))
        self.aux_logits = Auxiliary(768, num_classes, conv) if aux else None
        self.mixed_7a = ReductionB(768, conv)
        self.mixed_7b = InceptionC(1280, conv)
        self.mixed_7c = InceptionC(2048, conv)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.5)
        self.classifier = nn.Linear(2048, num_classes)
        initialise_truncated_normal(self, 0.1, cut=2.0, others=DEVIATIONS)

    def forward(self, x: Tensor) -> Tensor | AuxiliaryOutput:
        """Map N×3×299×299 to N×classes; in training with the auxiliary head to its logits too."""
        x = self.conv2d_1a_3x3(x)  # N×32×149×149
        x = self.conv2d_2a_3x3(x)  # N×32×147×147
        x = self.conv2d_2b_3x3(x)  # N×64×147×147
        x = self.maxpool1(x)  # N×64×73×73
        x = self.conv2d_3b_1x1(x)  # N×80×73×73
        x = self.conv2d_4a_3x3(x)  # N×192×71×71
        x = self.maxpool2(x)  # N×192×35×35
        x = self.mixed_5b(x)  # N×256×35×35
        x = self.mixed_5c(x)  # N×288×35×35
        x = self.mixed_5d(x)  # N×288×35×35
        x = self.mixed_6a(x)  # N×768×17×17
        x = self.mixed_6b(x)  # N×768×17×17
        x = self.mixed_6c(x)  # N×768×17×17
        x = self.mixed_6d(x)  # N×768×17×17
        x = self.mixed_6e(x)  # N×768×17×17
        aux = self.aux_logits(x) if self.training and self.aux_logits is not None else None
        x = self.mixed_7a(x)  # N×1280×8×8
        x = self.mixed_7b(x)  # N×2048×8×8
        x = self.mixed_7c(x)  # N×2048×8×8
        x = self.dropout(self.avgpool(x))  # N×2048×1×1
        logits = self.classifier(torch.flatten(x, 1))  # N×classes
        return logits if aux is None else AuxiliaryOutput(logits, aux)
