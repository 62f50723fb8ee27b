"""ResNets against torchvision's, and the original one against the port of the authors' Caffe network."""

from __future__ import annotations

import importlib

import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

SHAPE = (2, 3, 64, 64)


def calmed(network: nn.Module) -> nn.Module:
    """Shrink what each bottleneck adds, so that the sum over the blocks of a deep network stays moderate."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bn3.weight"):
                parameter.mul_(0.3)
    return network


@pytest.mark.parametrize(
    "name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2"]
)
def test_it_is_torchvision_s_function(name: str) -> None:
    models = pytest.importorskip("torchvision.models")
    theirs = calmed(randomised(models.get_model(name, weights=None, num_classes=10)))
    ours = build(name, num_classes=10)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, SHAPE)


def test_the_original_is_the_authors_function() -> None:
    # The class of pretrainedmodels' port of the authors' ResNet-101 (stride on the first 1×1, max pooling
    # unpadded) with the depths of their ResNet-50. It pools 7×7, so that the images must be of full size.
    pytest.importorskip("pretrainedmodels")
    port = importlib.import_module("pretrainedmodels.models.cafferesnet")
    theirs = randomised(port.ResNet(port.Bottleneck, [3, 4, 6, 3], num_classes=10))
    ours = build("resnet50_original", num_classes=10)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 224, 224))


def test_the_stride_matters() -> None:
    """The weights of one fit the other, and give another function: the comparison can fail."""
    theirs = randomised(build("resnet50", num_classes=10))
    ours = build("resnet50_original", num_classes=10)
    transplant(theirs, ours)
    with pytest.raises(AssertionError):
        assert_same_function(ours, theirs, SHAPE)
