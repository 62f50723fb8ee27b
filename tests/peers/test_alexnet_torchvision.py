"""The one-tower AlexNet computes what torchvision's computes."""

from __future__ import annotations

import pytest

from inception_profiler.zoo.card import build
from tests.peers.transplant import assert_same_function, randomised, transplant


def test_as_torchvision() -> None:
    torchvision = pytest.importorskip("torchvision")
    theirs = randomised(torchvision.models.alexnet(weights=None))
    ours = build("alexnet_torchvision", device="meta").to_empty(device="cpu")
    transplant(theirs, ours)
    assert_same_function(ours, theirs, (2, 3, 127, 95), rtol=1e-9)
