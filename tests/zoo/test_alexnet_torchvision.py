from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains


def test_the_maps_are_those_of_the_lecture_with_its_first_rounded_down() -> None:
    wanted = {
        "conv1": (64, 55, 55),
        "pool1": (64, 27, 27),
        "conv2": (192, 27, 27),
        "pool2": (192, 13, 13),
        "conv3": (384, 13, 13),
        "conv4": (256, 13, 13),
        "conv5": (256, 13, 13),
        "pool5": (256, 6, 6),
    }
    assert sizes("alexnet_torchvision", wanted) == wanted


def test_it_trains_and_takes_any_input_that_is_large_enough() -> None:
    network = build("alexnet_torchvision", num_classes=3, in_channels=1)
    trains(network, (2, 1, 63, 63))
    assert network.eval()(torch.zeros(2, 1, 96, 64)).shape == (2, 3)
    with pytest.raises(RuntimeError, match="Output size is too small"):
        network(torch.zeros(2, 1, 62, 62))
