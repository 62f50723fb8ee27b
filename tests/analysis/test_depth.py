"""The longest path in layers with weights, against what the papers and names of the networks say."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from inception_profiler import profile

# What each network is said to have by its own paper.
STATED = {
    "alexnet": 8,  # Krizhevsky et al. 2012: five convolutional and three fully-connected layers
    "zfnet": 8,  # Zeiler and Fergus 2013, figure 3: an 8 layer convnet
    "vgg11": 11,  # Simonyan and Zisserman 2014, table 1: weight layers
    "vgg13": 13,
    "vgg16": 16,
    "vgg16_c": 16,
    "vgg19": 19,
    "inception_v1": 22,  # Szegedy et al. 2014, section 5: 22 layers deep, with parameters only
    "resnet18": 18,  # He et al. 2015, table 1
    "resnet34": 34,
    "resnet50_original": 50,
    "resnet101": 101,
    "resnet152": 152,
    "densenet121": 121,  # Huang et al. 2016, table 1
    "wide_resnet50_2": 50,  # Zagoruyko and Komodakis 2016
}


@pytest.mark.parametrize("name", STATED)
def test_the_depth_is_what_the_paper_states(name: str) -> None:
    assert profile(name).depth == STATED[name]


def test_googlenet_is_27_layers_deep_if_poolings_are_counted() -> None:
    """Szegedy et al. 2014, section 5: "or 27 layers if we also count pooling"."""
    assert profile("inception_v1").depth_with_pooling == 27
    assert profile("inception_v1", train=True).depth == 22


class Net(nn.Module):
    """Two branches of different depth, a projection beside them, and parts that are no layers."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3)
        self.deep = nn.Sequential(*[nn.Conv2d(4, 4, 3, padding=1) for _ in range(3)])
        self.projection = nn.Conv2d(4, 4, 1)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2)
        self.register_buffer("blur", torch.ones(4, 1, 3, 3))
        self.kernel = nn.Parameter(torch.ones(4, 4, 1, 1))
        self.out = nn.Parameter(torch.ones(4, 5))

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.stem(x))
        x = self.deep(x) + self.projection(x)
        x = nn.functional.conv2d(x, self.blur, groups=4)  # fixed: no weights
        kernel = self.kernel / self.kernel.norm()  # weights, though not a parameter itself
        x = nn.functional.conv2d(self.pool(x), kernel)
        x = x.mean((2, 3))
        x = (x @ x.t()) @ x  # of two tensors: no weights
        return x @ self.out


def test_what_counts_as_a_layer() -> None:
    result = profile(Net(), (2, 3, 12, 12))
    assert (result.depth, result.depth_with_pooling) == (1 + 3 + 1 + 1, 1 + 3 + 1 + 1 + 1)
    depths = {layer.path: layer.depth for layer in result.layers if layer.op == "conv2d" and layer.path}
    assert depths == {"stem": 1, "deep.0": 2, "deep.1": 3, "deep.2": 4, "projection": 2}


def test_a_layer_run_twice_counts_twice() -> None:
    linear = nn.Linear(4, 4)
    assert profile(nn.Sequential(linear, nn.ReLU(), linear), (1, 4)).depth == 2


def test_groups_have_the_depth_of_their_deepest_layer() -> None:
    result = profile("vgg16")
    assert [group.depth for group in result.by_stage()] == [2, 4, 7, 10, 13, 13, 16]
    assert result.total.depth == result.depth == 16
