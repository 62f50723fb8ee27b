"""The networks that tools are compared on."""

from __future__ import annotations

from collections.abc import Callable

import timm
import torchvision
from torch import nn

_IMAGENET = (1, 3, 224, 224)
_INCEPTION = (1, 3, 299, 299)

NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "torchvision googlenet": (
        lambda: torchvision.models.googlenet(init_weights=False, aux_logits=False),
        _IMAGENET,
    ),
    "torchvision vgg16": (torchvision.models.vgg16, _IMAGENET),
    "torchvision inception_v3": (
        lambda: torchvision.models.inception_v3(init_weights=False, aux_logits=False),
        _INCEPTION,
    ),
    "timm inception_v4": (lambda: timm.create_model("inception_v4"), _INCEPTION),
    "timm inception_resnet_v2": (lambda: timm.create_model("inception_resnet_v2"), _INCEPTION),
    "timm resnet50": (lambda: timm.create_model("resnet50"), _IMAGENET),
    "timm vit_base_patch16_224": (lambda: timm.create_model("vit_base_patch16_224"), _IMAGENET),
}
