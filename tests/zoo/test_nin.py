from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains


def test_the_maps_are_those_of_the_released_network() -> None:
    wanted = {
        "conv1": (96, 54, 54),
        "cccp2": (96, 54, 54),
        "pool1": (96, 27, 27),
        "conv2": (256, 27, 27),
        "cccp4": (256, 27, 27),
        "pool2": (256, 13, 13),
        "conv3": (384, 13, 13),
        "cccp6": (384, 13, 13),
        "pool3": (384, 6, 6),
        "conv4": (1024, 6, 6),
        "cccp8": (1000, 6, 6),
        "pool4": (1000, 1, 1),
    }
    assert sizes("nin", wanted) == wanted


def test_weights_start_as_released() -> None:
    network = build("nin")
    for name in ("conv1", "cccp1", "conv2", "cccp4", "conv3", "cccp6", "conv4", "cccp7", "cccp8"):
        conv = network.get_submodule(f"{name}.conv")
        expected = 0.01 if name in {"conv1", "conv3", "cccp8"} else 0.05
        assert float(conv.weight.detach().std()) == pytest.approx(expected, rel=0.05)
        assert not bool(conv.bias.any())


def test_it_trains_and_takes_any_input_that_is_large_enough() -> None:
    network = build("nin", num_classes=3, in_channels=1)
    trains(network, (2, 1, 59, 59))
    assert network.eval()(torch.zeros(2, 1, 96, 64)).shape == (2, 3)
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        network(torch.zeros(2, 1, 10, 10))
