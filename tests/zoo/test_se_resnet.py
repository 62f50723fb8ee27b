from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from inception_profiler.zoo.se_resnet import SqueezeExcitation
from tests.zoo.exercise import sizes, trains

STAGES = ("conv1", "pool1", "conv2_x", "conv3_x", "conv4_x", "conv5_x")


def test_the_stages_have_resnet50_s_sizes() -> None:
    assert sizes("se_resnet50", STAGES) == sizes("resnet50", STAGES)


def test_every_block_has_a_weighting_of_a_sixteenth() -> None:
    network = build("se_resnet50", device="meta")
    found = [module for module in network.modules() if isinstance(module, SqueezeExcitation)]
    assert len(found) == 16
    assert {(se.reduce.in_channels, se.reduce.out_channels) for se in found} == {
        (256, 16), (512, 32), (1024, 64), (2048, 128),
    }  # fmt: skip


def test_the_weighting_is_one_factor_a_channel() -> None:
    torch.manual_seed(0)
    weighting = SqueezeExcitation(32)
    x = torch.rand(2, 32, 5, 4) + 0.5
    with torch.no_grad():
        factors = weighting(x) / x
        z = x.mean((2, 3))
        hidden = (z @ weighting.reduce.weight.flatten(1).T + weighting.reduce.bias).relu()
        expected = torch.sigmoid(hidden @ weighting.restore.weight.flatten(1).T + weighting.restore.bias)
    torch.testing.assert_close(factors, expected[:, :, None, None].expand_as(x))


def test_it_trains() -> None:
    trains(build("se_resnet50", num_classes=3), (2, 3, 32, 32))


@pytest.mark.parametrize("side", [32, 97])
def test_any_size_of_image_is_taken(side: int) -> None:
    network = build("se_resnet50", num_classes=7, in_channels=1, device="meta").eval()
    assert network(torch.zeros(2, 1, side, side, device="meta")).shape == (2, 7)
