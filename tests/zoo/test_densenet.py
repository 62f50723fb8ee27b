from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains


def test_the_stages_have_the_sizes_of_table_1() -> None:
    wanted = {
        "conv1": (64, 112, 112),
        "pool1": (64, 56, 56),
        "dense_block_1": (256, 56, 56),
        "transition_1.reduce": (128, 56, 56),
        "transition_1": (128, 28, 28),
        "dense_block_2": (512, 28, 28),
        "transition_2": (256, 14, 14),
        "dense_block_3": (1024, 14, 14),
        "transition_3": (512, 7, 7),
        "dense_block_4": (1024, 7, 7),
        "avg_pool": (1024, 1, 1),
    }
    assert sizes("densenet121", wanted) == wanted


def test_it_is_121_deep() -> None:
    weighted = (torch.nn.Conv2d, torch.nn.Linear)
    assert (
        sum(isinstance(module, weighted) for module in build("densenet121", device="meta").modules()) == 121
    )


def test_a_layer_keeps_what_it_was_given_and_adds_the_growth_rate() -> None:
    layer = build("densenet121", num_classes=2).get_submodule("dense_block_1.layer_2").eval()
    x = torch.randn(1, 96, 8, 8)
    with torch.no_grad():
        y = layer(x)
    assert y.shape == (1, 128, 8, 8)
    assert torch.equal(y[:, :96], x)


def test_it_trains() -> None:
    trains(build("densenet121", num_classes=3), (2, 3, 32, 32))


@pytest.mark.parametrize("side", [32, 97])
def test_any_size_of_image_is_taken(side: int) -> None:
    network = build("densenet121", num_classes=7, in_channels=1, device="meta").eval()
    assert network(torch.zeros(2, 1, side, side, device="meta")).shape == (2, 7)


def test_an_image_too_small_to_be_halved_five_times_fails_clearly() -> None:
    with pytest.raises(RuntimeError, match="too small"):
        build("densenet121", num_classes=2).eval()(torch.zeros(1, 3, 16, 16))


def test_wrong_channels_fail_clearly() -> None:
    with pytest.raises(RuntimeError, match="3 channels"):
        build("densenet121", num_classes=2)(torch.zeros(1, 4, 32, 32))
