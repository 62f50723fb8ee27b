"""torchvision's and timm's Inception-v3 compute the same function as ours."""

from __future__ import annotations

import pytest
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

CLASSES = 10


def of_torchvision(*, aux: bool) -> nn.Module:
    torchvision = pytest.importorskip("torchvision")
    return torchvision.models.Inception3(num_classes=CLASSES, aux_logits=aux, init_weights=False)


def of_timm(*, aux: bool) -> nn.Module:
    timm = pytest.importorskip("timm")
    return timm.create_model("inception_v3", num_classes=CLASSES, aux_logits=aux)


@pytest.mark.parametrize("original", [of_torchvision, of_timm])
def test_evaluation(original) -> None:
    theirs = randomised(original(aux=False))
    ours = build("inception_v3", num_classes=CLASSES)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 97, 83))


def test_training_with_the_auxiliary_head() -> None:
    theirs = randomised(of_torchvision(aux=True))
    ours = build("inception_v3", num_classes=CLASSES, aux=True)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 299, 299), training=True)


def test_the_auxiliary_head_is_timm_s() -> None:
    theirs = randomised(of_timm(aux=True))
    ours = build("inception_v3", num_classes=CLASSES, aux=True)
    transplant(theirs, ours)
    # timm's network answers with its head in evaluation too, so the heads are compared alone there.
    assert_same_function(
        ours.get_submodule("aux_logits"), theirs.get_submodule("AuxLogits"), (2, 768, 17, 17)
    )
