from __future__ import annotations

from copy import deepcopy

import pytest
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant


def test_it_is_timm_s_function() -> None:
    timm = pytest.importorskip("timm")
    theirs = randomised(timm.create_model("resnetv2_50", pretrained=False, num_classes=10))
    source = deepcopy(
        theirs
    )  # timm's last layer is a 1×1 convolution, ours is the linear layer it amounts to
    source.head.fc.weight = nn.Parameter(source.head.fc.weight.flatten(1))
    ours = build("resnet50_v2", num_classes=10)
    transplant(source, ours)
    assert_same_function(ours, theirs, (2, 3, 64, 64))
