"""Document 000 against PyTorch's own modules and counters, and torchvision's networks."""

from __future__ import annotations

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.claims.judged import judged, kind, value


def multiply_adds(network: nn.Module, *shape: int) -> int:
    with FlopCounterMode(display=False) as counter:
        network(torch.empty(1, *shape, device="meta"))
    return counter.get_total_flops() // 2


def size(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def linear_share(network: nn.Module) -> float:
    return sum(size(each) for each in network.modules() if isinstance(each, nn.Linear)) / size(network)


with torch.device("meta"):
    DIRECT = nn.Conv2d(256, 256, 3, padding=1)
    BOTTLENECK = nn.Sequential(nn.Conv2d(256, 64, 1), nn.Conv2d(64, 64, 3, padding=1), nn.Conv2d(64, 256, 1))
    ONE, THREE = nn.Conv2d(50, 20, 1), nn.Conv2d(50, 20, 3, padding=1)
    ALEXNET = torchvision.models.alexnet(weights=None)
    VGG16 = torchvision.models.vgg16(weights=None)


def test_every_printed_term_of_the_bottleneck_and_how_it_is_rounded() -> None:
    assert value("bottleneck-direct", "MACs") == multiply_adds(DIRECT, 256, 1, 1) == 256 * 256 * 9
    for name, convolution in zip(("reduce", "3x3", "restore"), BOTTLENECK, strict=True):
        assert value(f"bottleneck-{name}", "MACs") == multiply_adds(
            convolution, convolution.in_channels, 1, 1
        )
        assert kind(f"bottleneck-{name}", "product") == "exact"
    for claim, way in (
        ("bottleneck-direct", "is cut off"),  # 589,824 to 589000
        ("bottleneck-reduce", "rounded to the nearest 1,000 is"),  # 16,384 to 16000
        ("bottleneck-3x3", "is cut off"),  # 36,864 to 36000
        ("bottleneck-restore", "rounded to the nearest 1,000 is"),
    ):
        assert kind(claim, "MACs") == "rounded"
        assert way in judged(claim, "MACs").verdict.how


def test_the_bottleneck_saves_eight_and_a_half_times_not_ten() -> None:
    true = multiply_adds(DIRECT, 256, 1, 1) / multiply_adds(BOTTLENECK, 256, 1, 1)
    assert value("bottleneck-saving", "saving") == pytest.approx(true, rel=1e-12)
    assert 8.4 < true < 8.5
    assert kind("bottleneck-saving", "saving") == "refuted"
    assert kind("bottleneck-saving", "bottleneck") == kind("bottleneck-saving", "direct") == "rounded"


@pytest.mark.parametrize(
    ("quantity", "network", "printed"), [("1×1", ONE, 800_000), ("3×3", THREE, 7_200_000)]
)
def test_the_parameters_formula_gives_neither_parameters_nor_macs(
    quantity: str, network: nn.Conv2d, printed: int
) -> None:
    found = judged("1x1-parameters", quantity)
    assert found.claimed == printed
    assert found.verdict.kind == "refuted"
    params, plain, macs, outputs = (reading.value for reading in found.readings)
    assert params == size(network)
    assert plain == network.weight.numel()
    assert macs == multiply_adds(network, 50, 200, 200)
    image = network(torch.empty(1, 50, 200, 200, device="meta"))
    taps = network.weight[0, 0].numel()
    assert outputs == image.numel() * taps == printed
    assert found.explanation is found.readings[3]


def test_the_ninth_holds_for_weights() -> None:
    found = judged("1x1-parameters", "a ninth")
    assert found.verdict.kind == "convention"
    assert value("1x1-parameters", "a ninth") == ONE.weight.numel() / THREE.weight.numel() == 1 / 9
    assert found.readings[0].value == size(ONE) / size(THREE)


def test_the_share_of_alexnets_fully_connected_layers_is_96_percent_and_vggs_is_89() -> None:
    found = judged("alexnet-fc-share", "share")
    assert found.default is not None
    assert round(100 * found.default.value) == round(100 * linear_share(ALEXNET)) == 96
    assert (found.verdict.kind, found.quantity.relation) == ("exact", "about")  # off by 7 %
    assert round(100 * linear_share(VGG16)) == 89
    assert value("fc-holds-90-percent", "VGG-16") == pytest.approx(linear_share(VGG16), rel=1e-12)


def test_one_fully_connected_layer_is_left() -> None:
    assert (value("pooling-head", "all"), kind("pooling-head", "all")) == (1, "refuted")
    assert kind("pooling-head", "fewer") == "exact"


def test_the_speed_waits_for_a_measurement() -> None:
    found = judged("googlenet-accuracy-and-speed", "speed")
    assert found.readings[0].value < 1
    assert found.verdict.kind in {"not measured yet", "measured here", "refuted"}


def test_same_padding_depends_on_the_kernel_not_on_the_stride() -> None:
    # 224 at stride 2 must give 112: the last window starts at 222 and ends 7 later, so 5 zeros, 2 and 3
    assert value("keras-same-padding", "rule") == ((112 - 1) * 2 + 7 - 224) / 2
    assert kind("keras-same-padding", "rule") == "refuted"
    assert not judged("keras-same-padding", "rule").verdict.reason  # its own formula explains nothing
    assert kind("keras-same-padding", "instead") == "exact"
