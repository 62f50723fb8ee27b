from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains


@pytest.mark.parametrize(
    ("name", "widths"), [("zfnet", (384, 384, 256)), ("zfnet_enlarged", (512, 1024, 512))]
)
def test_the_maps_are_those_of_figure_3(name: str, widths: tuple[int, int, int]) -> None:
    third, fourth, fifth = widths
    wanted = {
        "conv1": (96, 110, 110),
        "pool1": (96, 55, 55),
        "conv2": (256, 26, 26),
        "pool2": (256, 13, 13),
        "conv3": (third, 13, 13),
        "conv4": (fourth, 13, 13),
        "conv5": (fifth, 13, 13),
        "pool5": (fifth, 6, 6),
    }
    assert sizes(name, wanted) == wanted


def test_the_enlarged_network_sums_to_its_card() -> None:
    convolutions = [(3, 96, 49), (96, 256, 25), (256, 512, 9), (512, 1024, 9), (1024, 512, 9)]
    linear = [(512 * 36, 4096, 1), (4096, 4096, 1), (4096, 1000, 1)]
    network = build("zfnet_enlarged", device="meta")
    assert sum(weight.numel() for weight in network.parameters()) == sum(
        inputs * outputs * taps + outputs for inputs, outputs, taps in convolutions + linear
    )


def test_it_trains_and_takes_no_other_input() -> None:
    network = build("zfnet", num_classes=3, in_channels=1)
    trains(network, (2, 1, 224, 224))
    assert network(torch.zeros(2, 1, 224, 224)).shape == (2, 3)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        network(torch.zeros(2, 1, 256, 256))
