"""Xception computes what timm's and Cadene's ports of the author's network compute."""

from __future__ import annotations

import pytest
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant

SHAPE = (2, 3, 75, 60)


def agree(theirs: nn.Module) -> None:
    ours = build("xception", device="meta").to_empty(device="cpu")
    transplant(randomised(theirs), ours)
    assert_same_function(ours, theirs, SHAPE, rtol=1e-9)


def test_as_timm() -> None:
    agree(pytest.importorskip("timm").create_model("legacy_xception"))


def test_as_cadene() -> None:
    agree(pytest.importorskip("pretrainedmodels").xception(pretrained=None))
