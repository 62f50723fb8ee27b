"""Document 001 beside its stem: against gradients, torchvision's networks and counts by hand."""

from __future__ import annotations

import pytest
import torch
import torchvision
from torch import nn

from tests.claims.judged import judged, kind, value


def field(*kernels: int) -> int:
    """Return the receptive field of a chain of convolutions: the inputs that one output depends on."""
    x = torch.zeros(1, 1, 9, 9, requires_grad=True)
    y = x
    for kernel in kernels:
        convolution = nn.Conv2d(1, 1, kernel, padding=kernel // 2, bias=False)
        nn.init.ones_(convolution.weight)
        y = convolution(y)
    y[0, 0, 4, 4].backward()
    assert x.grad is not None
    return int((x.grad[0, 0, 4] != 0).sum())


def test_two_3x3_see_what_one_5x5_sees() -> None:
    assert field(3, 3) == field(5)
    assert kind("two-3x3-same-field", "field") == "exact"


def test_a_bottleneck_sees_less_than_a_basic_block() -> None:
    assert value("bottleneck-field", "receptive field") == field(1, 3, 1) / field(3, 3)
    assert kind("bottleneck-field", "receptive field") == "refuted"


@pytest.mark.parametrize(
    ("claim", "kernels", "coefficient"), [("one-5x5", (5,), 25), ("two-3x3", (3, 3), 18)]
)
def test_the_coefficients_of_the_two_options(claim: str, kernels: tuple[int, ...], coefficient: int) -> None:
    weights = sum(nn.Conv2d(7, 7, kernel).weight.numel() for kernel in kernels)
    assert weights == coefficient * 7 * 7
    for quantity in ("params", "FLOPs"):
        found = judged(claim, quantity)
        assert (value(claim, quantity), found.verdict.kind) == (coefficient, "convention")
        assert found.readings[0].value != coefficient  # biases, and 2 · MACs + ops


def test_where_alexnets_cost_sits() -> None:
    network = torchvision.models.alexnet(weights=None)
    maps: list[int] = []
    kinds: list[type[nn.Module]] = []

    def book(module: nn.Module, args: object, output: torch.Tensor) -> None:
        maps.append(output.numel())
        kinds.append(type(module))

    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear | nn.MaxPool2d | nn.AdaptiveAvgPool2d):
            module.register_forward_hook(book)
    with torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    early = sum([each for each, which in zip(maps, kinds, strict=True) if which is nn.Conv2d][:2])
    assert value("alexnet-trends", "memory early") == pytest.approx(early / sum(maps), rel=1e-12)
    linear = sum(p.numel() for p in network.classifier.parameters())
    whole = sum(p.numel() for p in network.parameters())
    assert value("alexnet-trends", "parameters in FC") == pytest.approx(linear / whole, rel=1e-12)
    assert kind("alexnet-trends", "memory early") == kind("alexnet-trends", "parameters in FC") == "exact"


def test_the_cost_of_vggs_convolutions() -> None:
    # C_in, C_out, side of VGG-16's 13 convolutions, as its paper's Table 1 has them
    table = (
        (3, 64, 224), (64, 64, 224), (64, 128, 112), (128, 128, 112), (128, 256, 56), (256, 256, 56),
        (256, 256, 56), (256, 512, 28), (512, 512, 28), (512, 512, 28), (512, 512, 14), (512, 512, 14),
        (512, 512, 14),
    )  # fmt: skip
    macs = [9 * c_in * c_out * side**2 for c_in, c_out, side in table]
    found = judged("vgg-equal-cost", "in VGG-16")
    assert found.verdict.kind == "refuted"
    assert value("vgg-equal-cost", "in VGG-16") == max(macs) / min(macs)
    assert len({macs[n] for n in (1, 3, 5, 6, 8, 9)}) == 1  # the later convolutions of the first four stages
    assert found.explanation is not None
    assert found.explanation.value == 1
    assert value("vgg-cost-at-the-start", "share") < sum(macs[:7]) / sum(macs)  # the FC layers count too
    assert kind("double-channels-equal-cost", "FLOPs") == "convention"


def test_a_bottleneck_block_takes_seventeen_eighteenths_of_a_basic_one_in_macs() -> None:
    c = 64
    basic, bottleneck = 2 * 9 * c * c, 4 * c * c + 9 * c * c + 4 * c * c
    ratio = value("bottleneck-against-basic", "FLOPs")
    assert bottleneck / basic < ratio < 1  # batch normalization over the wide maps adds a little
    assert kind("bottleneck-against-basic", "FLOPs") == "exact"


def test_vgg_widens_by_learning_and_not_after_every_pooling() -> None:
    first = torchvision.models.vgg16(weights=None).features[5]
    assert value("vgg-rules", "copying") == sum(p.numel() for p in first.parameters())
    assert kind("vgg-rules", "copying") == kind("vgg-rules", "doubling") == "refuted"
    assert kind("vgg-stage-layout", "stage 3") == "refuted"
