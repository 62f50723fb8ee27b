from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains

STAGES = ("conv1", "pool1", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "avg_pool")
SIDES = (112, 56, 56, 28, 14, 7, 1)  # the paper's Table 1
BASIC = (64, 64, 64, 128, 256, 512, 512)
BOTTLENECK = (64, 64, 256, 512, 1024, 2048, 2048)
NAMES = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnet50_original")


@pytest.mark.parametrize("name", NAMES)
def test_the_stages_have_the_sizes_of_table_1(name: str) -> None:
    widths = BASIC if name in {"resnet18", "resnet34"} else BOTTLENECK
    assert sizes(name, STAGES) == {
        stage: (width, side, side) for stage, width, side in zip(STAGES, widths, SIDES, strict=True)
    }


@pytest.mark.parametrize(
    ("name", "depth"),
    [("resnet18", 18), ("resnet34", 34), ("resnet50", 50), ("resnet101", 101), ("resnet152", 152)],
)
def test_a_network_is_as_deep_as_its_name_says(name: str, depth: int) -> None:
    modules = build(name, device="meta").named_modules()
    weighted = [path for path, module in modules if isinstance(module, torch.nn.Conv2d | torch.nn.Linear)]
    assert sum("projection" not in path for path in weighted) == depth


def test_the_stride_is_on_the_3x3_and_in_the_original_on_the_1x1_before() -> None:
    for name, strides in (("resnet50", (1, 2)), ("resnet50_original", (2, 1))):
        network = build(name, device="meta")
        for stage in ("conv3", "conv4", "conv5"):
            block = network.get_submodule(f"{stage}_x.{stage}_1")
            assert (block.reduce.conv.stride[0], block.conv_3x3.conv.stride[0]) == strides
            assert block.projection.conv.stride == (2, 2)
        first = network.get_submodule("conv2_x.conv2_1")
        assert (
            first.projection.conv.stride == first.reduce.conv.stride == first.conv_3x3.conv.stride == (1, 1)
        )


def test_only_a_block_that_changes_the_shape_has_a_projection() -> None:
    def projected(name: str) -> list[str]:
        modules = build(name, device="meta").named_modules()
        return [path.split(".")[1] for path, _ in modules if path.endswith(".projection")]

    assert projected("resnet34") == ["conv3_1", "conv4_1", "conv5_1"]
    assert projected("resnet50") == ["conv2_1", "conv3_1", "conv4_1", "conv5_1"]


def test_a_block_adds_its_residual_to_the_shortcut() -> None:
    block = build("resnet18", num_classes=2).get_submodule("conv2_x.conv2_1").eval()
    torch.nn.init.zeros_(block.second_3x3.conv.weight)
    x = torch.randn(1, 64, 8, 8)
    with torch.no_grad():
        assert torch.equal(block(x), x.relu())


@pytest.mark.parametrize("name", ["resnet50_original", "resnet101", "resnet152"])
def test_it_trains(name: str) -> None:
    trains(build(name, num_classes=3), (2, 3, 32, 32))


@pytest.mark.parametrize("side", [32, 97, 256])
def test_any_size_of_image_is_taken(side: int) -> None:
    network = build("resnet50", num_classes=7, in_channels=1, device="meta").eval()
    assert network(torch.zeros(2, 1, side, side, device="meta")).shape == (2, 7)


def test_wrong_channels_fail_clearly() -> None:
    with pytest.raises(RuntimeError, match="3 channels"):
        build("resnet18", num_classes=2)(torch.zeros(1, 4, 32, 32))


def test_it_is_initialised_by_he_s_rule() -> None:
    torch.manual_seed(0)
    network = build("resnet18")
    weight = network.get_submodule("conv4_x.conv4_2.first_3x3.conv").weight
    assert weight.std().item() == pytest.approx((2 / (256 * 9)) ** 0.5, rel=0.02)
    assert not network.fc.bias.any()
