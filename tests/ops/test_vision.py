"""torchvision's own operators against loops over samples and weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip
from tests.ops.drawing import filled

torchvision = pytest.importorskip("torchvision")


class Net(nn.Module):
    def __init__(self, layer: nn.Module, *shapes: tuple[int, ...]) -> None:
        super().__init__()
        self.layer = layer
        self.given = nn.ParameterList(filled(shape) for shape in shapes)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x, *self.given)


@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_pooling_of_regions(ratio: int) -> None:
    model = Net(torchvision.ops.RoIAlign((2, 3), 1.0, ratio), (4, 5))
    result = ip.profile(model, (2, 5, 8, 8))
    multiplications = adds = divisions = 0
    for _ in range(4 * 5 * 2 * 3):  # regions, channels, height, width
        neighbours = ratio * ratio * 4
        multiplications += neighbours
        adds += neighbours - 1
        divisions += 1
    (layer,) = (layer for layer in result.layers if "roi_align" in layer.op)
    assert layer.op == "torchvision.roi_align"
    assert (layer.cost.multiplications, layer.cost.adds, layer.cost.divisions) == (
        multiplications,
        adds,
        divisions,
    )
    assert layer.call.outputs[0].shape == (4, 5, 2, 3)
    assert result.coverage.complete


def test_samples_that_depend_on_the_regions_are_unknown() -> None:
    result = ip.profile(Net(torchvision.ops.RoIAlign((2, 3), 1.0, 0), (4, 5)), (2, 5, 8, 8))
    assert [entry.op for entry in result.unpriced] == ["torchvision::roi_align"]


@pytest.mark.parametrize("masked", [False, True])
def test_deformable_convolution(masked: bool) -> None:
    layer = torchvision.ops.DeformConv2d(6, 4, (3, 2), groups=2, padding=1)
    places = (2, 2 * 3 * 2, 8, 9)
    shapes = [places, (2, 3 * 2, 8, 9)] if masked else [places]
    result = ip.profile(Net(layer, *shapes), (2, 6, 8, 8))
    (call,) = (layer for layer in result.layers if "deform" in layer.op)
    assert call.call.outputs[0].shape == layer(torch.zeros(2, 6, 8, 8), *map(torch.zeros, shapes)).shape
    sites = 2 * 8 * 9
    assert call.macs == ip.profile(nn.Conv2d(6, 4, (3, 2), groups=2, padding=1), (2, 6, 8, 8)).macs
    assert call.cost.multiplications == sites * 6 * 3 * 2 * (5 if masked else 4)
    assert call.cost.adds == sites * (6 * 3 * 2 * 3 + 4)
    assert result.coverage.complete
