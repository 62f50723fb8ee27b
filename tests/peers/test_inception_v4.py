"""Inception-v4 computes what timm's and Cadene's ports of the released network compute."""

from __future__ import annotations

import pytest
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

SHAPE = (2, 3, 99, 83)  # not square: a 1×7 in place of a 7×1 shows


def test_as_timm() -> None:
    timm = pytest.importorskip("timm")
    theirs = randomised(timm.create_model("inception_v4"))
    ours = build("inception_v4", device="meta").to_empty(device="cpu")
    transplant(theirs, ours)
    assert_same_function(ours, theirs, SHAPE, rtol=1e-9)


def test_as_cadene() -> None:
    models = pytest.importorskip("pretrainedmodels")
    theirs = randomised(models.inceptionv4(num_classes=1000, pretrained=None))
    ours = build("inception_v4", device="meta").to_empty(device="cpu")
    transplant(theirs, ours)
    theirs.avg_pool = nn.AdaptiveAvgPool2d(1)  # theirs takes a map of 8×8 only, of which this is the same
    assert_same_function(ours, theirs, SHAPE, rtol=1e-9)
