from __future__ import annotations

import pytest

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant


@pytest.mark.parametrize("source", ["torchvision", "timm"])
def test_it_is_their_function(source: str) -> None:
    if source == "torchvision":
        theirs = pytest.importorskip("torchvision.models").densenet121(weights=None, num_classes=10)
    else:
        theirs = pytest.importorskip("timm").create_model("densenet121", pretrained=False, num_classes=10)
    ours = build("densenet121", num_classes=10)
    transplant(randomised(theirs), ours)
    assert_same_function(ours, theirs, (2, 3, 64, 64))
