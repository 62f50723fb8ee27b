from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains


def test_the_maps_are_those_of_figure_2() -> None:
    wanted = {
        "conv1": (96, 55, 55),
        "pool1": (96, 27, 27),
        "conv2": (256, 27, 27),
        "pool2": (256, 13, 13),
        "conv3": (384, 13, 13),
        "conv4": (384, 13, 13),
        "conv5": (256, 13, 13),
        "pool5": (256, 6, 6),
    }
    assert sizes("alexnet", wanted) == wanted


def test_the_towers_meet_in_the_third_convolution_only() -> None:
    network = build("alexnet", device="meta")
    groups = [module.groups for module in network.modules() if isinstance(module, nn.Conv2d)]
    assert groups == [1, 2, 1, 2, 2]


def test_the_normalization_is_the_formula_of_section_3_3() -> None:
    norm = build("alexnet", device="meta").get_submodule("norm1")
    x = torch.rand(1, 96, 2, 2) * 50
    sums = torch.stack([x[:, max(0, i - 2) : i + 3].square().sum(1) for i in range(96)], 1)
    assert torch.allclose(norm(x), x / (2 + 1e-4 * sums) ** 0.75)


def test_weights_start_as_section_5_says() -> None:
    network = build("alexnet", num_classes=3)
    for name, bias in {"conv1": 0, "conv2": 1, "conv3": 0, "conv4": 1, "conv5": 1}.items():
        conv = network.get_submodule(f"{name}.conv")
        assert float(conv.weight.detach().std()) == pytest.approx(0.01, rel=0.05)
        assert bool((conv.bias == bias).all())
    assert bool((network.fc6.linear.bias == 1).all())
    assert not bool(network.fc8.bias.any())


def test_it_trains_and_takes_no_other_input() -> None:
    network = build("alexnet", num_classes=3, in_channels=1)
    trains(network, (2, 1, 227, 227))
    assert network(torch.zeros(2, 1, 227, 227)).shape == (2, 3)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        network(torch.zeros(2, 1, 224, 224))
