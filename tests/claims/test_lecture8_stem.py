"""The stem of document 001 against torchvision's networks, counted by hooks and by PyTorch's own counter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.claims.judged import judged


def features(build: Callable[..., nn.Module], pools: int) -> nn.Sequential:
    """Return torchvision's layers up to the pooling that gives 28×28."""
    with torch.device("meta"):
        layers = list(build(weights=None).features)
    ends = [n for n, layer in enumerate(layers, start=1) if isinstance(layer, nn.MaxPool2d)]
    return nn.Sequential(*layers[: ends[pools - 1]])


def outputs(network: nn.Sequential, *kinds: type[nn.Module]) -> int:
    """Add up the bytes of the outputs of some kinds of layers, by running them."""
    x, found = torch.empty(1, 3, 224, 224, device="meta"), 0
    for layer in network:
        x = layer(x)
        found += x.numel() * x.element_size() if isinstance(layer, kinds) else 0
    assert x.shape[2:] == (28, 28)
    return found


def multiply_adds(network: nn.Sequential) -> int:
    with FlopCounterMode(display=False) as counter:
        network(torch.empty(1, 3, 224, 224, device="meta"))
    return counter.get_total_flops() // 2


VGG13, VGG16 = features(torchvision.models.vgg13, 3), features(torchvision.models.vgg16, 3)


def test_7485_is_vgg13_and_not_vgg16() -> None:
    assert multiply_adds(VGG13) // 10**6 == 7485
    assert multiply_adds(VGG16) // 10**6 == 9335
    found = judged("stem-vgg16", "flops")
    assert found.verdict.kind == "refuted"
    assert "vgg13" in found.verdict.reason
    assert found.explanation is not None
    assert found.explanation.value == multiply_adds(VGG13)
    assert found.readings[2].value == multiply_adds(VGG16)


def test_42_9_mb_is_vgg13_with_convolutions_only() -> None:
    assert round(outputs(VGG13, nn.Conv2d) / 2**20, 1) == 42.9
    found = judged("stem-vgg16", "memory")
    assert found.verdict.kind == "refuted"
    assert found.explanation is not None
    assert found.explanation.value == outputs(VGG13, nn.Conv2d)
    assert [reading.value for reading in found.readings[:3]] == [
        outputs(VGG16, nn.Conv2d, nn.MaxPool2d),
        outputs(VGG16, nn.Conv2d, nn.MaxPool2d),
        outputs(VGG16, nn.Conv2d),
    ]


def test_1_1_m_is_vgg13() -> None:
    counts = [sum(p.numel() for p in network.parameters()) for network in (VGG13, VGG16)]
    found = judged("stem-vgg16", "params")
    assert found.explanation is not None
    assert found.default is not None
    assert [found.explanation.value, found.default.value] == counts
    assert round(counts[0] / 10**6, 1) == 1.1 != round(counts[1] / 10**6, 1)


@pytest.mark.parametrize(
    ("quantity", "agrees"), [("memory ratio", True), ("params ratio", True), ("flops ratio", False)]
)
def test_two_of_the_ratios_are_quotients_of_rounded_figures_and_the_third_is_not(
    quantity: str, agrees: bool
) -> None:
    found = judged("stem-vgg16", quantity)
    assert found.verdict.kind == "refuted"
    assert ("quotient of the two printed figures" in found.verdict.reason) is agrees


def test_418_is_481_with_two_digits_exchanged_and_no_reading_gives_it() -> None:
    # the stem by hand: 7×7, max pool, 1×1, 3×3, max pool, in multiply-adds and window reads
    layers = (
        112 * 112 * 64 * 3 * 49,
        56 * 56 * 64 * 9,
        56 * 56 * 64 * 64,
        56 * 56 * 192 * 64 * 9,
        28 * 28 * 192 * 9,
    )
    assert [round(layer / 10**6) for layer in layers] == [118, 2, 13, 347, 1]  # as the lecture prints them
    assert round(sum(layers) / 10**6) == 481
    found = judged("stem-googlenet", "flops")
    assert found.verdict.kind == "refuted"
    assert found.explanation is not None
    assert found.explanation.value == sum(layers)
    assert "481" in found.verdict.reason
    assert "exchanged" in found.verdict.reason
    assert not any(417_500_000 <= reading.value < 418_500_000 for reading in found.readings)


def test_the_other_figures_of_the_stem_hold() -> None:
    memory, params = judged("stem-googlenet", "memory"), judged("stem-googlenet", "params")
    maps = 64 * 112**2 + 2 * 64 * 56**2 + 192 * 56**2 + 192 * 28**2
    assert memory.reading is not None
    assert memory.reading.value == 4 * maps
    assert round(4 * maps / 2**20, 1) == 7.5
    assert memory.verdict.kind == "convention"
    assert params.verdict.kind == "rounded"
    assert params.reading is not None
    assert params.reading.value == 64 * (147 + 1) + 64 * (64 + 1) + 192 * (576 + 1)


def test_the_readme_tells_it_with_these_numbers() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    found = judged("stem-googlenet", "flops").explanation
    assert found is not None
    *first, last = (str(round(entry.value / 10**6)) for entry in found.layers)
    assert f"{', '.join(first)} and {last} add up to {round(found.value / 10**6)}" in readme
    like_for_like = judged("stem-vgg16", "flops ratio").readings[1]
    assert f"{like_for_like.value:.1f} times cheaper, not 17.8" in readme
