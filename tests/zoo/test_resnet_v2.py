from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains

STAGES = ("conv1", "pool1", "conv2_x", "conv3_x", "conv4_x", "conv5_x")


def test_the_stages_have_resnet50_s_sizes() -> None:
    assert sizes("resnet50_v2", STAGES) == sizes("resnet50", STAGES)


def test_the_shortcut_is_clean() -> None:
    """With its last convolution at zero a unit is the identity: no activation lies on the shortcut."""
    unit = build("resnet50_v2", num_classes=2).get_submodule("conv2_x.conv2_2").eval()
    torch.nn.init.zeros_(unit.restore.conv.weight)
    x = torch.randn(1, 256, 8, 8)
    with torch.no_grad():
        assert torch.equal(unit(x), x)


def test_convolutions_have_no_bias() -> None:
    network = build("resnet50_v2", device="meta")
    assert all(module.bias is None for module in network.modules() if isinstance(module, torch.nn.Conv2d))


def test_it_trains() -> None:
    trains(build("resnet50_v2", num_classes=3), (2, 3, 32, 32))


@pytest.mark.parametrize("side", [32, 97])
def test_any_size_of_image_is_taken(side: int) -> None:
    network = build("resnet50_v2", num_classes=7, in_channels=1, device="meta").eval()
    assert network(torch.zeros(2, 1, side, side, device="meta")).shape == (2, 7)


def test_wrong_channels_fail_clearly() -> None:
    with pytest.raises(RuntimeError, match="3 channels"):
        build("resnet50_v2", num_classes=2)(torch.zeros(1, 4, 32, 32))
