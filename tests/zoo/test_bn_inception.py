"""BN-Inception: the Caffe model with the paper's widths."""

from __future__ import annotations

import pytest
import torch

import inception_profiler as ip
from inception_profiler.errors import InputError
from inception_profiler.zoo.bn_inception import FIGURE_5
from inception_profiler.zoo.card import build
from tests.zoo.exercise import refuses, sizes, trains

NAME = "bn_inception"
# The output sizes of the paper's Figure 5.
STAGES = {
    "conv1": (64, 112, 112), "pool1": (64, 56, 56), "conv2": (192, 56, 56), "pool2": (192, 28, 28),
    "inception_3a": (256, 28, 28), "inception_3b": (320, 28, 28), "inception_3c": (576, 14, 14),
    "inception_4a": (576, 14, 14), "inception_4b": (576, 14, 14), "inception_4c": (576, 14, 14),
    "inception_4d": (576, 14, 14), "inception_4e": (1024, 7, 7), "inception_5a": (1024, 7, 7),
    "inception_5b": (1024, 7, 7), "pool5": (1024, 1, 1),
}  # fmt: skip


def test_sizes_are_the_paper_s() -> None:
    assert sizes(NAME, STAGES) == STAGES


def test_cost_is_that_of_figure_5() -> None:
    macs = 3 * 49 * 64 * 112**2 + (64 * 64 + 64 * 9 * 192) * 56**2
    width = 192
    for name, row in FIGURE_5.items():
        out = STAGES[name][1]
        side = out if row.conv_1x1 else 2 * out
        reduced = width * (row.conv_1x1 + row.reduce_3x3 + row.reduce_double + row.pool_proj)
        macs += (reduced + 9 * row.reduce_double * row.conv_double) * side**2
        macs += 9 * (row.reduce_3x3 * row.conv_3x3 + row.conv_double**2) * out**2
        width = STAGES[name][0]
    assert ip.profile(NAME).macs == macs + 1024 * 1000


def test_pools_are_averages_but_where_the_figure_says_max() -> None:
    model = build(NAME, device="meta")
    kinds = {name: type(model.get_submodule(f"{name}.pool")).__name__ for name in FIGURE_5}
    assert {name for name, kind in kinds.items() if kind == "MaxPool2d"} == {
        "inception_3c", "inception_4e", "inception_5b",
    }  # fmt: skip


def test_it_has_no_idle_bias_and_affine_normalization() -> None:
    model = build(NAME, device="meta")
    assert not [name for name, _ in model.named_parameters() if name.endswith("conv.bias")]
    assert all(m.affine and m.eps == 1e-5 for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d))


def test_an_image_that_cannot_be_halved_is_refused() -> None:
    assert sizes(NAME, ["inception_5b"], side=256) == {"inception_5b": (1024, 8, 8)}
    with pytest.raises(InputError, match="sides are multiples of 32"):
        sizes(NAME, ["inception_5b"], side=200)


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 64, 64))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=4)
