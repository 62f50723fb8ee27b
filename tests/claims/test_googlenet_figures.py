"""What documents 002 and 004 say of GoogLeNet's size, against torchvision's networks and by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision
from torch import nn

from inception_profiler.zoo.inception_v1 import TABLE_1
from tests.analysis.oracle import elements, flop_counter_macs
from tests.claims.judged import judged

# AlexNet by hand, on two GPUs: filters, kernel, channels that a filter sees, side of the map
ALEXNET = ((96, 11, 3, 55), (256, 5, 48, 27), (384, 3, 256, 13), (384, 3, 192, 13), (256, 3, 192, 13))
ALEXNET_FC = ((9216, 4096), (4096, 4096), (4096, 1000))


def alexnet_params() -> int:
    convolutions = sum(filters * (kernel**2 * seen + 1) for filters, kernel, seen, _ in ALEXNET)
    return convolutions + sum(out * (into + 1) for into, out in ALEXNET_FC)


def googlenet_params() -> int:
    """Add GoogLeNet up by hand: a stem, nine modules and a classifier, all with biases."""
    found, width = 64 * (147 + 1) + 64 * (64 + 1) + 192 * (576 + 1), 192
    for row in TABLE_1.values():
        ones = row.conv_1x1 + row.reduce_3x3 + row.reduce_5x5 + row.pool_proj
        found += ones * (width + 1)
        found += row.conv_3x3 * (9 * row.reduce_3x3 + 1) + row.conv_5x5 * (25 * row.reduce_5x5 + 1)
        width = row.out
    return found + 1000 * (width + 1)


def test_5607184_is_every_variable_of_slim_before_the_classifier() -> None:
    with torch.device("meta"):
        network = torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=False)
    weights = sum(layer.weight.numel() for layer in network.modules() if isinstance(layer, nn.Conv2d))
    maps = sum(layer.num_features for layer in network.modules() if isinstance(layer, nn.BatchNorm2d))
    assert weights + 3 * maps == 5_607_184  # β, moving mean, moving variance; slim has no γ
    found = judged("inception-v1-parameters", "parameters")
    assert (found.verdict.kind, found.verdict.how) == ("convention", "5,607,184 as stated")
    assert found.reading is not None
    assert [step.value for step in found.reading.steps] == [weights, maps, 2 * maps, 5_607_184]
    assert "moving statistics" in found.verdict.convention
    assert sum(reading.value == 5_607_184 for reading in found.readings) == 1  # no other way gives it


def test_the_readme_tells_it_with_these_numbers() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    size, times = (judged("googlenet-size", name).default for name in ("GoogLeNet", "AlexNet / GoogLeNet"))
    assert size is not None
    assert times is not None
    assert (
        f"GoogLeNet itself has {size.value:,}, and AlexNet {times.value:.1f} times as many, not 12" in readme
    )
    assert f"Inception-v1 {judged('inception-v1-parameters', 'parameters').claimed:,} parameters" in readme


def test_12_times_holds_in_no_way() -> None:
    by_hand = alexnet_params() / googlenet_params()
    for claim in ("googlenet-size", "12-times-fewer", "going-deeper-text"):
        found = judged(claim, "AlexNet / GoogLeNet")
        assert found.verdict.kind == "refuted"
        assert found.default is not None
        assert found.default.value == by_hand
        assert not any(11.5 <= reading.value < 12.5 for reading in found.readings if not reading.explains)


def test_5_million_is_what_12_times_makes_of_60_million() -> None:
    found = judged("googlenet-size", "GoogLeNet")
    assert found.default is not None
    assert found.default.value == googlenet_params()
    assert found.explanation is not None
    assert found.explanation.value == 60e6 / 12
    assert judged("4m-against-60m", "GoogLeNet").verdict.kind == "refuted"
    assert judged("4m-against-60m", "AlexNet").verdict.kind == "rounded"


def test_vgg_is_two_and_a_quarter_of_alexnet() -> None:
    with torch.device("meta"):
        vggs = [getattr(torchvision.models, f"vgg{n}")(weights=None) for n in (11, 13, 16, 19)]
    ratios = [elements(network) / alexnet_params() for network in vggs]
    found = judged("googlenet-size", "VGG / AlexNet")
    assert found.verdict.kind == "refuted"
    assert found.default is not None
    assert found.default.value == ratios[2]
    assert all(2 < ratio < 2.4 for ratio in ratios)


def test_65000_neurons_lack_a_zero() -> None:
    maps = sum(filters * size**2 for filters, _, _, size in ALEXNET)
    neurons = maps + sum(out for _, out in ALEXNET_FC)
    found = judged("alexnet-in-numbers", "neurons")
    assert found.default is not None
    assert found.default.value == neurons == 659_272
    assert (found.verdict.kind, "a zero" in found.verdict.reason) == ("refuted", True)
    assert found.explanation is not None
    assert [step.value for step in found.explanation.steps[-2:]] == [0.1, neurons * 0.1]
    parameters = judged("alexnet-in-numbers", "parameters")
    assert parameters.reading is not None
    assert parameters.reading.value == alexnet_params()


def test_the_fully_connected_layers_hold_96_and_89_percent() -> None:
    with torch.device("meta"):
        vgg = torchvision.models.vgg16(weights=None)
    alexnet, vgg16 = (judged("fc-holds-90-percent", name) for name in ("AlexNet", "VGG-16"))
    linear = sum(out * (into + 1) for into, out in ALEXNET_FC)
    assert alexnet.default is not None
    assert alexnet.default.value == pytest.approx(linear / alexnet_params(), rel=1e-12)
    assert vgg16.default is not None
    assert vgg16.default.value == pytest.approx(elements(vgg.classifier) / elements(vgg), rel=1e-12)
    assert (alexnet.verdict.kind, vgg16.verdict.kind) == ("convention", "rounded")
    # every filter of the second, fourth and fifth convolution sees twice the channels without groups
    halves = sum(filters * kernel**2 * seen for filters, kernel, seen, _ in (ALEXNET[1], *ALEXNET[3:]))
    assert alexnet.reading is not None
    assert alexnet.reading.value == linear / (alexnet_params() + halves)
    assert (linear, alexnet_params() + halves) == (58_631_144, 62_378_344)


def test_the_share_of_large_kernels_falls() -> None:
    shares = [(row.conv_3x3 + row.conv_5x5) / row.out for row in TABLE_1.values()]
    found = judged("more-3x3-higher-up", "proportion")
    assert found.default is not None
    assert found.default.value == pytest.approx(shares[-1] / shares[0])
    assert [entry.value for entry in found.default.layers] == shares
    assert found.verdict.kind == "refuted"


def test_reductions_save_least_in_the_module_that_is_named() -> None:
    ratios, width = {}, 192
    for name, row in TABLE_1.items():
        naive = width * (row.conv_1x1 + 9 * row.conv_3x3 + 25 * row.conv_5x5)
        reduced = width * (row.conv_1x1 + row.reduce_3x3 + row.reduce_5x5 + row.pool_proj)
        reduced += 9 * row.reduce_3x3 * row.conv_3x3 + 25 * row.reduce_5x5 * row.conv_5x5
        ratios[name], width = naive / reduced, row.out
    found = judged("reductions-before-3x3-and-5x5", "computation").default
    assert found is not None
    assert [entry.value for entry in found.layers] == pytest.approx(list(ratios.values()))
    assert found.value == pytest.approx(min(ratios.values()))


def test_the_example_of_330_million_and_where_its_reduction_ceases_to_save() -> None:
    found = judged("same-5x5-cost", "product")
    assert found.reading is not None
    with torch.device("meta"):
        direct = nn.Conv2d(200, 55, 5, padding="same", bias=False)
    assert found.reading.value == flop_counter_macs(direct, (1, 200, 30, 40)) == 330_000_000
    *_, last, over = judged("1x1-saves", "computation").readings
    assert last.value < 1 <= over.value
    assert "174" in last.convention  # 25 · 200 · 55 / (200 + 25 · 55) = 174.6


def test_twice_the_channels_cost_the_next_module_its_1x1_again() -> None:
    row, width = TABLE_1["inception_4b"], TABLE_1["inception_4a"].out
    ones = width * (row.conv_1x1 + row.reduce_3x3 + row.reduce_5x5 + row.pool_proj)
    rest = 9 * row.reduce_3x3 * row.conv_3x3 + 25 * row.reduce_5x5 * row.conv_5x5
    added, reduced, naive = judged("more-units-next-stage", "growth").readings
    dense = width * (row.conv_1x1 + 9 * row.conv_3x3 + 25 * row.conv_5x5)
    assert added.value == pytest.approx(ones / dense)
    assert reduced.value == pytest.approx((2 * ones + rest) / (ones + rest))
    assert naive.value == 2
    assert judged("more-units-next-stage", "growth").verdict.kind == "exact"
    assert reduced.steps[1].value == 14**2 * (ones + rest)


def test_googlenet_computes_more_than_alexnet() -> None:
    assert (
        judged("googlenet-where-resources-are-short", "computation against AlexNet").verdict.kind == "refuted"
    )
    assert judged("googlenet-where-resources-are-short", "computation against VGG").verdict.kind == "exact"


def test_slim_pads_the_keras_code_as_tensorflow_does() -> None:
    before, after = judged("gitbook-keras-same-padding", "rule").readings[1:3]
    total = (112 - 1) * 2 + 7 - 224
    assert (before.value, after.value) == (total // 2, total - total // 2)
