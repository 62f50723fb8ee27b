"""pretrainedmodels' BN-Inception computes the same function as ours."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, tensors, transplant

CLASSES = 10


def original() -> nn.Module:
    pretrainedmodels = pytest.importorskip("pretrainedmodels")
    theirs = pretrainedmodels.bninception(num_classes=1000, pretrained=None)
    theirs.last_linear = nn.Linear(1024, CLASSES)
    return randomised(theirs)


@pytest.mark.parametrize("training", [False, True])
def test_same_function(training: bool) -> None:
    theirs = original()
    ours = build("bn_inception_128", num_classes=CLASSES)
    transplant(theirs, ours)
    # The original's last pooling is a fixed 7×7, so 224 is the one size it takes.
    assert_same_function(ours, theirs, (2, 3, 224, 224), training=training)


@torch.no_grad()
def test_bn_inception_is_the_original_without_the_wider_projections() -> None:
    """Silence the original's biases and its projections beyond 96: what is left is ours with 96."""
    theirs = original()
    projections = ("inception_4c_pool_proj_bn", "inception_4d_pool_proj_bn")
    for name, tensor in tensors(theirs).items():
        if name.endswith("bias") and "_bn" not in name and name != "last_linear.bias":
            tensor.zero_()
        elif name.startswith(projections) and name.endswith(("weight", "bias")):
            tensor[96:].zero_()
    wide, ours = (build(name, num_classes=CLASSES) for name in ("bn_inception_128", "bn_inception"))
    transplant(theirs, wide)
    kept = tensors(wide)
    cut = 0
    for name, tensor in tensors(ours).items():
        cut += kept[name].shape != tensor.shape
        # The projection stands last in each concatenation, and so do the maps that pass through 4e.
        tensor.copy_(kept[name][tuple(slice(size) for size in tensor.shape)])
    assert cut == 2 * 5 + 3 + 2 + 4  # both projections, and what else reads 4c, 4d and 4e
    assert_same_function(ours, theirs, (2, 3, 224, 224))
