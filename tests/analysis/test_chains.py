"""Chains of convolutions, in networks written for the purpose and in the shipped ones."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler.analysis.chains import chains, dense, sketched
from inception_profiler.zoo.sketch import draw


def kernels(network: nn.Module, channels: int = 4) -> list[list[tuple[int, int]]]:
    profile = ip.profile(network, (1, channels, 16, 16))
    return [[one.kernel for one in sketched(chain).convolutions] for chain in chains(profile)]


def conv(kernel: int | tuple[int, int], **options: int) -> nn.Conv2d:
    return nn.Conv2d(4, 4, kernel, **options)


def test_normalization_and_activation_do_not_part_a_chain() -> None:
    network = nn.Sequential(conv(3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), conv(3), nn.ReLU(), conv(3))
    assert kernels(network) == [[(3, 3), (3, 3), (3, 3)]]


@pytest.mark.parametrize(
    "between",
    [
        nn.MaxPool2d(2),
        conv(1),
        nn.Conv2d(4, 4, 3, groups=2),
        nn.Conv2d(4, 4, 3, dilation=2),
        nn.Flatten(0, 0),
    ],
    ids=["pooling", "1x1", "groups", "dilation", "view"],
)
def test_other_operations_do(between: nn.Module) -> None:
    assert kernels(nn.Sequential(conv(3), between, conv(3))) in (
        [],
        [[(3, 3), (3, 3)]][: isinstance(between, nn.Flatten)],
    )


def test_rows_and_columns_make_a_chain_as_soon_as_they_see_a_square() -> None:
    row, column = (1, 7), (7, 1)
    lines = nn.Sequential(conv(row), conv(column), conv(row), conv(column), conv(3))
    assert kernels(lines) == [[row, column], [row, column]]
    assert kernels(nn.Sequential(conv(3), conv(3), conv(row), conv(column))) == [
        [(3, 3), (3, 3)],
        [row, column],
    ]
    assert kernels(nn.Sequential(conv(row), conv(row))) == []


class Fans(nn.Module):
    """A convolution that two others read."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.left, self.right = conv(3), conv(3), conv(3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = torch.relu(self.first(x))
        return self.left(x), self.right(x)


class Adds(Fans):
    """A convolution that is also added to what follows it."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.first(x)
        return self.left(nn.functional.pad(x, (1, 1, 1, 1))) + x, x


def test_what_has_two_readers_is_in_no_chain() -> None:
    assert kernels(Fans()) == []
    assert kernels(Adds()) == []


@pytest.mark.parametrize(
    "steps",
    [
        [(3, 1, 0), (3, 1, 1)], [(3, 2, 0), (3, 1, 0), (3, 1, 1)],
        [(3, 1, 1), (5, 2, 2)], [(5, 3, 1), (3, 2, 2)],
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [15, 16, 17])
def test_the_dense_convolution_sees_as_much_and_makes_the_same_map(
    steps: list[tuple[int, int, int]], size: int
) -> None:
    """One pixel that changes reaches the same outputs in both, and the maps are of one size."""
    network = nn.Sequential(*(nn.Conv2d(1, 1, k, stride=s, padding=p, bias=False) for k, s, p in steps))
    (chain,) = chains(ip.profile(network, (1, 1, size, size)))
    whole = dense(sketched(chain))
    (one,) = whole.convolutions
    single = nn.Conv2d(1, 1, one.kernel, stride=one.stride, padding=one.pads, bias=False)
    for module in (*network, single):
        nn.init.ones_(module.weight)
    image = torch.zeros(1, 1, size, size, requires_grad=True)
    made, makes = network(image), single(image)
    assert made.shape == makes.shape
    middle = made.shape[-1] // 2
    seen = [
        torch.autograd.grad(out[0, 0, middle, middle], image, retain_graph=True)[0] != 0
        for out in (made, makes)
    ]
    assert torch.equal(*seen)


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("bn_inception", {((3, 3), (3, 3)): 10}),
        ("vgg16", {((3, 3), (3, 3)): 2, ((3, 3),) * 3: 3}),
        (
            "inception_v3",
            {((3, 3),) * 3: 1, ((3, 3), (3, 3)): 4, ((1, 7), (7, 1)): 5, ((7, 1), (1, 7)): 8},
        ),
    ],
)
def test_the_chains_of_the_networks(model: str, found: dict[tuple[tuple[int, int], ...], int]) -> None:
    counted: dict[tuple[tuple[int, int], ...], int] = {}
    for chain in chains(ip.profile(model)):
        key = tuple(one.kernel for one in sketched(chain).convolutions)
        counted[key] = counted.get(key, 0) + 1
        drawn = ip.profile(draw(sketched(chain)), chain[0].call.inputs[0].shape)
        assert drawn.macs == sum(layer.macs for layer in chain)
    assert counted == found
