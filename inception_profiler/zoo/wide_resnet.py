"""The wide residual network of 50 layers."""

from __future__ import annotations

from functools import partial

from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.resnet import INITIALISATION, NAMING, STRIDE_ON_3X3, Bottleneck, Plan, ResNet

WRN_50_2 = Plan(Bottleneck, (3, 4, 6, 3), widening=2)

model(
    ModelCard(
        name="wide_resnet50_2",
        title="Wide ResNet-50-2",
        paper="Zagoruyko and Komodakis, Wide Residual Networks, BMVC 2016, arXiv:1605.07146",
        year=2016,
        family="resnet",
        input=(3, 224, 224),
        params=68_883_240,
        macs=11_398_021_120,
        deviations=(
            "WRN-50-2-bottleneck of the paper's ImageNet experiments: a ResNet-50 with the inner 3×3 "
            "convolutions twice as wide, and activations after the convolutions as there; the paper's CIFAR "
            "networks are pre-activated.",
            STRIDE_ON_3X3,
            INITIALISATION,
        ),
        naming=NAMING,
        accuracy=Accuracy(78.468, 94.086, "one crop of 224", "torchvision, wide_resnet50_2 IMAGENET1K_V1"),
        aliases=("wrn_50_2", "wide_resnet50"),
    )
)(partial(ResNet, WRN_50_2))
