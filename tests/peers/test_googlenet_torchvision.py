"""torchvision's GoogLeNet computes the same function as ours."""

from __future__ import annotations

import pytest
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

torchvision = pytest.importorskip("torchvision")

CLASSES = 10


def original(*, aux: bool) -> nn.Module:
    return randomised(
        torchvision.models.googlenet(num_classes=CLASSES, aux_logits=aux, init_weights=False, weights=None)
    )


def test_evaluation() -> None:
    theirs = original(aux=False)
    ours = build("googlenet_torchvision", num_classes=CLASSES)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 64, 64))
    assert_same_function(ours, theirs, (2, 3, 75, 53))  # odd maps, where rounding of sizes shows


def test_training_with_auxiliary_heads() -> None:
    theirs = original(aux=True)
    ours = build("googlenet_torchvision", num_classes=CLASSES, aux=True)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 64, 64), training=True)


def test_a_different_function_is_noticed() -> None:
    theirs = original(aux=False)
    ours = build("googlenet_torchvision", num_classes=CLASSES)
    transplant(theirs, ours)
    for module in ours.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1e-5  # the one constant that no shape shows
    with pytest.raises(AssertionError, match="outputs differ"):
        assert_same_function(ours, theirs, (2, 3, 64, 64))
