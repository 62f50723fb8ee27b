"""The published tables, against torchvision's and timm's networks and the formulas by hand."""

from __future__ import annotations

import math

import pytest
import timm
import torch
import torchvision
from torch import nn

from inception_profiler.zoo.inception_v1 import TABLE_1
from tests.analysis.oracle import flop_counter_macs
from tests.claims.judged import judged
from tests.claims.test_googlenet_figures import googlenet_params

IMAGE = (1, 3, 224, 224)


def modules() -> dict[str, tuple[int, int]]:
    """Return weights and biases of GoogLeNet's rows by hand."""
    found, width = {"conv2": (64 * 64 + 9 * 64 * 192, 64 + 192)}, 192
    for name, row in TABLE_1.items():
        ones = row.conv_1x1 + row.reduce_3x3 + row.reduce_5x5 + row.pool_proj
        weights = ones * width + 9 * row.reduce_3x3 * row.conv_3x3 + 25 * row.reduce_5x5 * row.conv_5x5
        found[name] = weights, ones + row.conv_3x3 + row.conv_5x5
        width = row.out
    return found | {"classifier": (width * 1000, 1000)}


def test_table_1_is_counted_as_by_hand() -> None:
    size = {"conv2": 56, "3": 28, "4": 14, "5": 7, "classifier": 1}
    for name, (weights, biases) in modules().items():
        side = size.get(name) or size[name.removeprefix("inception_")[0]]
        params, ops = (
            judged(f"table-1-{name.replace('_', '-')}", each).readings for each in ("params", "ops")
        )
        assert [reading.value for reading in params] == [weights + biases, weights]
        assert ops[0].value == weights * side**2
    assert sum(map(sum, modules().values())) + 64 * 148 == googlenet_params()


def test_k_is_1024_with_biases_wherever_a_cell_of_params_holds() -> None:
    held = {}
    for name in modules():
        found = judged(f"table-1-{name.replace('_', '-')}", "params")
        if found.verdict.kind != "refuted":
            held[name] = found.verdict.convention
    assert held == dict.fromkeys(("conv2", "inception_3a", "inception_3b", "classifier"), "K is 2¹⁰")


def test_the_first_row_is_that_of_a_separable_7x7() -> None:
    with torch.device("meta"):
        depthwise = nn.Conv2d(3, 24, 7, stride=2, padding=3, groups=3, bias=False)
        stem = nn.Sequential(depthwise, nn.Conv2d(24, 64, 1, bias=False))
    for name, value in (
        ("params", sum(p.numel() for p in stem.parameters())),
        ("ops", flop_counter_macs(stem, IMAGE)),
    ):
        found = judged("table-1-conv1", name)
        assert found.verdict.kind == "convention"
        assert "separable" in found.verdict.convention
        assert found.reading is not None
        assert found.reading.value == value


def test_both_cells_of_5a_are_of_one_other_module() -> None:
    found = judged("table-1-inception-5a", "ops")
    assert found.explanation is not None
    assert found.explanation.value == 1072 * 1024 * 49
    assert round(found.explanation.value / 1e6) == 54 != round(sum(modules()["inception_5a"][:1]) * 49 / 1e6)


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_resnets_are_counted_with_the_stride_where_the_authors_had_it(depth: int) -> None:
    with torch.device("meta"):
        network = getattr(torchvision.models, f"resnet{depth}")(weights=None).eval()
    for block in network.modules():
        if isinstance(block, torchvision.models.resnet.Bottleneck):
            block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride
    found = judged("resnet-table-1", f"resnet{depth}")
    assert found.reading is not None
    assert found.reading.value == flop_counter_macs(network, IMAGE)
    assert found.verdict.convention.startswith("the stride on the first 1×1")


def test_se_resnet_50_holds_with_squeezing_and_scaling() -> None:
    with torch.device("meta"):
        network = timm.create_model("legacy_seresnet50").eval()
    _, gates, all_of_it = judged("se-resnet-50", "SE-ResNet-50").readings
    assert gates.value == flop_counter_macs(network, IMAGE)
    maps = sum(n * c * s**2 for n, c, s in ((3, 256, 56), (4, 512, 28), (6, 1024, 14), (3, 2048, 7)))
    assert all_of_it.value - gates.value == pytest.approx(2 * maps, rel=0.01)
    assert round(all_of_it.value / 1e9, 2) == 3.87 != round(gates.value / 1e9, 2)


def test_the_lectures_totals_lack_a_convolution_of_stage_3() -> None:
    with torch.device("meta"):
        network = torchvision.models.vgg16(weights=None).eval()
    whole = flop_counter_macs(network, IMAGE)
    less = 56 * 56 * 256 * 256 * 9
    assert math.floor((whole - less) / 1e8 + 0.5) == 136
    flop, memory = (judged("lecture-totals", f"VGG-16 {name}") for name in ("flop", "memory"))
    for found in (flop, memory):
        assert found.verdict.kind == "refuted"
        assert "one convolution fewer in its third stage" in found.verdict.reason
    assert flop.default is not None
    assert flop.default.value == whole
    assert flop.explanation is not None
    assert flop.explanation.value == whole - less
    x, outputs = torch.empty(IMAGE, device="meta"), 0
    for layer in network.features:
        x = layer(x)
        outputs += 4 * x.numel() * isinstance(layer, nn.Conv2d)
    assert memory.explanation is not None
    assert memory.explanation.value == outputs - 4 * 56 * 56 * 256
    assert round(memory.explanation.value / 2**20, 1) == 48.6


def test_the_lectures_alexnet_is_torchvisions_at_227_padded_by_2() -> None:
    with torch.device("meta"):
        network = torchvision.models.alexnet(weights=None).eval()
    x, cells = torch.empty(1, 3, 227, 227, device="meta"), []
    for layer in network.features:
        x = layer(x)
        if not isinstance(layer, nn.ReLU):
            cells.append((x.shape[-1], 4 * x.numel()))
    names = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
    for name, (side, memory) in zip(names, cells, strict=True):
        for quantity, value in (("output", side), ("memory", memory)):
            found = judged(f"lecture-{name}", quantity)
            assert found.default is not None
            assert found.default.value == value
    assert (
        judged("lecture-conv4", "flop").verdict.kind == "refuted"
    )  # 13² · 9 · 384 · 256 is 149.5 M, not 145 M
