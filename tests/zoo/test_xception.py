from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from inception_profiler.zoo.xception import Block, Widths
from tests.zoo.exercise import sizes, trains


def test_the_maps_are_those_of_figure_5() -> None:
    middle = tuple(f"block{number}" for number in range(4, 12))
    wanted = {
        "conv1": (32, 149, 149),
        "conv2": (64, 147, 147),
        "block1": (128, 74, 74),
        "block2": (256, 37, 37),
        "block3": (728, 19, 19),
        **dict.fromkeys(middle, (728, 19, 19)),
        "block12": (1024, 10, 10),
        "relu3": (1536, 10, 10),
        "relu4": (2048, 10, 10),
    }
    assert sizes("xception", wanted) == wanted


def test_it_has_74_convolutions_of_which_34_are_depthwise() -> None:
    convolutions = [m for m in build("xception", device="meta").modules() if isinstance(m, torch.nn.Conv2d)]
    assert len(convolutions) == 74
    assert sum(convolution.groups > 1 for convolution in convolutions) == 34


def test_the_shortcut_sees_the_input_before_the_first_relu() -> None:
    block = Block(4, Widths("middle", (4,)))
    for weight in block.steps.parameters():
        torch.nn.init.zeros_(weight)
    x = torch.randn(2, 4, 3, 3)
    with torch.no_grad():
        assert torch.equal(block(x.clone()), x)


def test_it_trains_at_a_small_input_and_takes_any_that_is_large_enough() -> None:
    network = build("xception", num_classes=3, in_channels=1)
    trains(network, (2, 1, 33, 33))
    assert network.eval()(torch.zeros(2, 1, 40, 64)).shape == (2, 3)
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        network(torch.zeros(2, 1, 4, 4))
