from __future__ import annotations

import pytest

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant


def test_it_is_timm_s_function() -> None:
    timm = pytest.importorskip("timm")
    theirs = randomised(timm.create_model("seresnet50", pretrained=False, num_classes=10))
    ours = build("se_resnet50", num_classes=10)
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 64, 64))
