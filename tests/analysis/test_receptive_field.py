"""Receptive fields and strides, against the support of gradients and against published tables."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler import profile
from tests.analysis.support import KEPT, averaged_run, extent
from tests.ops.agreement import few

# A. Araujo, W. Norris, J. Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019,
# doi 10.23915/distill.00021; the table in the README of google-research/receptive_field: field and stride of
# the last feature map. Its ResNets are the original ones, with the stride in the first 1×1 of a block.
PUBLISHED = {
    "vgg16": 212,
    "inception_v2": 699,
    "inception_v3": 1311,
    "inception_v4": 2071,
    "inception_resnet_v2": 3039,
    "resnet50_original": 483,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_field_of_the_last_feature_map_is_the_published_one(name: str) -> None:
    layers = [layer for layer in profile(name).layers if layer.geometry.stride == (32, 32)]
    maps = [layer for layer in layers if layer.resolution is not None]
    assert max(layer.geometry.field for layer in maps) == (PUBLISHED[name], PUBLISHED[name])


@pytest.mark.parametrize(
    ("name", "axis", "sides"),
    [
        ("alexnet", 0, (700, 300)),
        ("inception_v1", 0, (1100, 224)),
        ("inception_v1_slim", 0, (700, 224)),
        ("inception_v3", 0, (1700, 100)),
        ("inception_v3", 1, (1700, 100)),
        ("inception_v2_rethinking", 1, (1900, 100)),
        ("inception_v4", 1, (2500, 100)),
        ("resnet50", 0, (700, 64)),
        ("densenet121", 0, (2400, 64)),
        ("xception", 0, (1500, 100)),
        ("nin", 1, (500, 150)),
    ],
)
def test_registered_networks_see_what_has_a_gradient(name: str, axis: int, sides: tuple[int, int]) -> None:
    """Some windows and concatenations of every network, the last four among them, far from the borders."""
    shape = (1, 3, *(sides if axis == 0 else sides[::-1]))
    network = ip.build(name, device="meta")
    for module in network.modules():
        if isinstance(module, nn.Linear):  # which takes one size of image only
            module.forward = lambda x: x.mean(-1, keepdim=True)
    layers = [layer for layer in profile(network, shape).layers if layer.op in KEPT]
    image, outputs = averaged_run(network, shape)
    assert [output.shape[2:] for output in outputs] == [layer.call.outputs[0].shape[2:] for layer in layers]
    maps = sum(output.shape[axis + 2] > 2 for output in outputs)
    proven = 0
    for index in sorted({*range(0, maps, max(6, maps // 6)), *range(maps - 4, maps)}):
        geometry, output = layers[index].geometry, outputs[index]
        centre = output.shape[axis + 2] // 2
        span, after = (extent(output, image, axis, centre + step) for step in (0, 1))
        assert span is not None
        assert after is not None
        if span[0] > 0 and after[1] < shape[axis + 2] - 1:  # not cut off by the border
            proven += 1
            assert span[1] - span[0] + 1 == geometry.field[axis], layers[index].name
            assert after[0] - span[0] == after[1] - span[1] == geometry.stride[axis], layers[index].name
    assert proven >= 5


class Branches(nn.Module):
    """Branches side by side; with one ``chosen``, the others are multiplied by zero."""

    def __init__(self, branches: list[nn.Module], *, joined: bool) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.joined = joined
        self.chosen: int | None = None

    def forward(self, x: Tensor) -> Tensor:
        found = [
            branch(x) * float(self.chosen in {None, index}) for index, branch in enumerate(self.branches)
        ]
        return torch.cat(found, 1).sum(1, keepdim=True) if self.joined else sum(found[1:], found[0])


class Pad(nn.Module):
    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.sides = (before, after)

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.sides)


def summing(layer: nn.Module) -> nn.Module:
    """Let a convolution add up what it sees."""
    nn.init.ones_(layer.weight)
    return layer


@st.composite
def windows(draw: Any) -> nn.Module:
    kernel, stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, 2))
    if draw(st.booleans()):
        return nn.AvgPool1d(kernel, stride, min(padding, kernel // 2), ceil_mode=draw(st.booleans()))
    return summing(nn.Conv1d(1, 1, kernel, stride, padding, dilation, bias=False))


@st.composite
def enlargements(draw: Any) -> nn.Module:
    scale = draw(st.integers(2, 3))
    if draw(st.booleans()):
        return nn.Upsample(scale_factor=scale, mode=draw(st.sampled_from(["nearest", "linear"])))
    kernel, padding, dilation = draw(st.integers(1, 4)), draw(st.integers(0, 1)), draw(st.integers(1, 2))
    return summing(nn.ConvTranspose1d(1, 1, kernel, scale, padding, dilation=dilation, bias=False))


@st.composite
def chains(draw: Any) -> nn.Module:
    """Windows that keep the number of positions."""
    layers: list[nn.Module] = [nn.Identity()]
    for _ in range(draw(st.integers(0, 2))):
        reach, dilation = draw(st.integers(0, 2)), draw(st.integers(1, 2))
        conv = nn.Conv1d(1, 1, 2 * reach + 1, 1, dilation * reach, dilation, bias=False)
        layers.append(summing(conv))
    if draw(st.integers(0, 3)) == 0:  # as TensorFlow's SAME pads an even window: more behind than in front
        layers += [Pad(0, 1), summing(nn.Conv1d(1, 1, 2, bias=False))]
    return nn.Sequential(*layers)


@st.composite
def networks(draw: Any, *, larger: bool) -> nn.Sequential:
    layers: list[nn.Module] = [summing(nn.Conv1d(1, 1, 1, bias=False))]
    parts = [windows(), windows(), st.builds(Pad, st.integers(-1, 3), st.integers(-1, 3))]
    parts.append(st.builds(Branches, st.lists(chains(), min_size=2, max_size=3), joined=st.booleans()))
    parts += [enlargements()] if larger else []
    layers += draw(st.lists(st.one_of(parts), min_size=1, max_size=5))
    return nn.Sequential(*layers).double()


LENGTH = 240


def spans(network: nn.Module, count: int) -> list[tuple[int, int] | None] | None:
    """The spans of ``count`` outputs around the middle; None where the border cuts one off."""
    image = torch.ones(1, 1, LENGTH, dtype=torch.float64, requires_grad=True)
    output = network(image)
    first = output.shape[-1] // 2 - count // 2
    if first < 0 or first + count > output.shape[-1]:
        return None
    found = [extent(output, image, 0, first + index) for index in range(count)]
    inside = all(span is None or (span[0] > 0 and span[1] < LENGTH - 1) for span in found)
    return found if inside else None


def size(found: list[tuple[int, int] | None]) -> int:
    return max((span[1] - span[0] + 1 for span in found if span is not None), default=0)


@few(400)
@given(networks(larger=True))
def test_any_network_sees_what_has_a_gradient(network: nn.Sequential) -> None:
    geometry = profile(network, (1, 1, LENGTH)).layers[-1].geometry
    period = 1  # outputs of an enlargement are not all alike
    for layer in network:
        if isinstance(layer, nn.Upsample):
            period *= int(layer.scale_factor)
        elif isinstance(layer, nn.ConvTranspose1d):
            period *= layer.stride[0]
    moved = Fraction(geometry.stride[0]).limit_denominator(10_000) * period
    found = spans(network, 2 * period)
    assume(found is not None)
    assert size(found) == geometry.field[0]
    first, second = found[:period], found[period:]
    assert [span and (span[0] + moved, span[1] + moved) for span in first] == second


@few(80)
@given(networks(larger=False))
def test_the_narrowest_path_is_the_least_of_all_choices(network: nn.Sequential) -> None:
    geometry = profile(network, (1, 1, LENGTH)).layers[-1].geometry
    forks = [layer for layer in network if isinstance(layer, Branches)]
    sizes = []
    for choice in itertools.product(*(range(len(fork.branches)) for fork in forks)):
        for fork, branch in zip(forks, choice, strict=True):
            fork.chosen = branch
        found = spans(network, 1)
        assume(found is not None)
        sizes.append(size(found))
    assert min(sizes) == geometry.narrowest[0]
