"""The VGG networks compute what torchvision's compute.

Torchvision averages the last map to 7×7, which changes nothing at 224. The same pooling is put behind our
last one here, so that a small image does: the convolutions of a large one take minutes in float64.
"""

from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant


@pytest.mark.parametrize(
    "name", ["vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"]
)
def test_as_torchvision(name: str) -> None:
    torchvision = pytest.importorskip("torchvision")
    with torch.device("meta"):
        theirs = getattr(torchvision.models, name)(weights=None, init_weights=False)
    theirs = randomised(theirs.to_empty(device="cpu"))
    ours = build(name, device="meta").to_empty(device="cpu")
    transplant(theirs, ours)
    ours.pool5 = nn.Sequential(ours.get_submodule("pool5"), nn.AdaptiveAvgPool2d(7))
    assert_same_function(ours, theirs, (2, 3, 64, 32), rtol=1e-9)
