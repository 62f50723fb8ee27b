"""The released Inception-ResNets compute what timm's, Cadene's and facenet-pytorch's compute."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

SHAPE = (2, 3, 99, 83)  # not square: a 1×7 in place of a 7×1 shows


def ours(name: str) -> nn.Module:
    """Our network with its weights not yet filled."""
    return build(name, device="meta").to_empty(device="cpu")


def test_v2_as_timm() -> None:
    timm = pytest.importorskip("timm")
    theirs = randomised(timm.create_model("inception_resnet_v2"))
    network = ours("inception_resnet_v2")
    transplant(theirs, network)
    assert_same_function(network, theirs, SHAPE, rtol=1e-9)


def test_v2_as_cadene() -> None:
    models = pytest.importorskip("pretrainedmodels")
    theirs = randomised(models.inceptionresnetv2(num_classes=1000, pretrained=None))
    network = ours("inception_resnet_v2")
    transplant(theirs, network)
    theirs.avgpool_1a = nn.AdaptiveAvgPool2d(1)  # theirs takes a map of 8×8 only, of which this is the same
    assert_same_function(network, theirs, SHAPE, rtol=1e-9)


def test_v1_as_facenet_pytorch() -> None:
    facenet = pytest.importorskip("facenet_pytorch")
    theirs = randomised(facenet.InceptionResnetV1(classify=True, num_classes=1000))
    network = ours("inception_resnet_v1_facenet")
    transplant(theirs, network)
    assert_same_function(network, theirs, SHAPE, rtol=1e-9)


def test_another_scale_is_another_function() -> None:
    facenet = pytest.importorskip("facenet_pytorch")
    theirs = randomised(facenet.InceptionResnetV1(classify=True, num_classes=1000))
    network = ours("inception_resnet_v1_facenet")
    transplant(theirs, network)
    network.inception_resnet_b[4].add.scale = 0.11
    with torch.no_grad(), pytest.raises(AssertionError, match="outputs differ by"):
        assert_same_function(network, theirs, SHAPE, rtol=1e-9)
