"""What documents 002 and 003 say of Inception-v4 and the Inception-ResNets, against timm and by hand."""

from __future__ import annotations

import pytest
import timm
import torch
import torchvision
from torch import nn

from inception_profiler.zoo.card import build
from tests.analysis.oracle import flop_counter_macs
from tests.claims.judged import judged

SHAPE = (1, 3, 299, 299)
# Inception-ResNet-v2 by hand: blocks, channels and side of the map that they add to
BLOCKS = ((5, 384, 35), (10, 384 * 3, 17), (5, 384 * 3 + 384 + 288 + 320, 8))


def network(name: str) -> nn.Module:
    with torch.device("meta"):
        if name == "inception_v3":
            return torchvision.models.inception_v3(weights=None, init_weights=False).eval()
        return timm.create_model(name).eval()


def convolutions(name: str) -> int:
    return sum(isinstance(layer, nn.Conv2d) for layer in network(name).modules())


def test_the_released_v2_costs_about_as_much_as_v4_and_the_drawn_one_does_not() -> None:
    v4, released = (
        flop_counter_macs(network(name), SHAPE) for name in ("inception_v4", "inception_resnet_v2")
    )
    for claim, quantity in (("v2-costs-v4", "cost"), ("v4-paper-costs", "v2 and v4")):
        found = judged(claim, quantity)
        drawn, as_released = found.readings
        assert as_released.value == released / v4
        assert 1 / 1.1 <= as_released.value <= 1.1
        assert not 1 / 1.1 <= drawn.value <= 1.1
        assert (found.verdict.kind, found.verdict.convention) == ("convention", "the network as released")


def test_v3_is_the_denominator_of_v1() -> None:
    found = judged("v1-costs-v3", "cost").default
    assert found is not None
    assert found.steps[1].value == flop_counter_macs(network("inception_v3"), SHAPE)


def test_v4_has_more_layers_than_the_drawn_v2_and_fewer_than_the_released_one() -> None:
    found = judged("v4-slower", "layers")
    drawn, released, *longest, launches, launches_released = found.readings
    assert drawn.value == 149 / 132
    assert released.value == convolutions("inception_v4") / convolutions("inception_resnet_v2") < 1
    assert all(reading.value < 1 for reading in longest)
    assert launches.value > 1 > launches_released.value
    assert (found.verdict.kind, found.decisive) == ("exact", 0)
    assert judged("v4-slower", "speed").decisive == -1, "counts decide nothing about a speed"


def test_v1_and_v2_differ_in_no_kernel_after_the_stem() -> None:
    found = judged("v1-v2-same-modules", "only difference").default
    assert found is not None
    # five blocks A of 7 convolutions, ten B and five C of 5, two reductions of 4 and 7
    assert (found.value, found.steps[0].numbers) == (0, f"0 of {5 * 7 + 10 * 5 + 5 * 5 + 4 + 7}")


def test_1154_and_2048_cannot_be_added() -> None:
    for claim, (_, width, _) in (("1154-is-1152", BLOCKS[1]), ("2048-is-2144", BLOCKS[2])):
        given, into = judged(claim, "given"), judged(claim, "input")
        assert given.verdict.kind == "refuted"
        assert into.verdict.kind == "exact"
        assert given.default is not None
        assert into.default is not None
        assert given.default.value == into.default.value == width
    assert "Inception-v3" in judged("2048-is-2144", "given").verdict.reason


def test_without_normalized_merges_a_map_a_block_is_not_kept() -> None:
    kept = judged("bn-outside-merges", "memory").default
    assert kept is not None
    without, normed = (step.value for step in kept.steps[:2])
    maps = sum(count * channels * side**2 for count, channels, side in BLOCKS)
    statistics = sum(count * 2 * channels for count, channels, _ in BLOCKS)  # mean and 1/σ of the batch
    assert normed - without == 4 * (32 * maps + statistics)


def test_the_scales_are_those_of_the_released_network() -> None:
    scales = {getattr(layer, "scale", 1.0) for layer in network("inception_resnet_v2").modules()} - {1.0}
    least, most = (judged("above-1000-channels", name).default for name in ("least", "most"))
    assert least is not None
    assert most is not None
    assert (least.value, most.value) == (min(scales), max(scales))


@pytest.mark.parametrize(("quantity", "value"), [("one in each", 1), ("linear", 0), ("widens", 384 / 128)])
def test_every_block_widens_by_a_linear_1x1(quantity: str, value: float) -> None:
    found = judged("linear-expansion", quantity)
    assert found.default is not None
    assert (found.default.value, found.verdict.kind) == (value, "exact")


def test_the_stem_of_v2_has_no_convolution_of_384_filters() -> None:
    found = judged("stem-384", "384")
    with torch.device("meta"):
        network_v2 = build("inception_resnet_v2_paper")
    filters = [each.out_channels for each in network_v2.stem.modules() if isinstance(each, nn.Conv2d)]
    assert 384 not in filters
    assert found.default is not None
    assert found.default.value == filters[-1] == 192
    assert found.verdict.kind == "convention"
    assert "stem's output" in found.verdict.convention
