"""GoogLeNet of naive modules."""

from __future__ import annotations

import torch

import inception_profiler as ip
from inception_profiler.zoo.card import build
from inception_profiler.zoo.inception_v1 import TABLE_1
from tests.zoo.exercise import auxiliary_widths, refuses, sizes, trains

NAME = "inception_v1_naive"
# Each concatenation is its input plus the 1×1, 3×3 and 5×5 columns of the paper's Table 1.
STAGES = {
    "conv2": (192, 56, 56),
    "inception_3a": (192 + 64 + 128 + 32, 28, 28),
    "inception_3b": (416 + 128 + 192 + 96, 28, 28),
    "inception_4a": (832 + 192 + 208 + 48, 14, 14),
    "inception_4b": (1280 + 160 + 224 + 64, 14, 14),
    "inception_4c": (1728 + 128 + 256 + 64, 14, 14),
    "inception_4d": (2176 + 112 + 288 + 64, 14, 14),
    "inception_4e": (2640 + 256 + 320 + 128, 14, 14),
    "inception_5a": (3344 + 256 + 320 + 128, 7, 7),
    "inception_5b": (4048 + 384 + 384 + 128, 7, 7),
}


def test_every_module_grows_by_its_input() -> None:
    assert sizes(NAME, STAGES) == STAGES


def test_cost_is_the_table_s_without_reductions() -> None:
    macs = 118_013_952 + 64 * 64 * 56**2 + 64 * 192 * 9 * 56**2  # the stem of inception_v1
    width = 192
    for name, row in TABLE_1.items():
        side = STAGES[name][1]
        per_pixel = row.conv_1x1 + 9 * row.conv_3x3 + 25 * row.conv_5x5
        macs += width * per_pixel * side**2
        width = STAGES[name][0]
    assert ip.profile(NAME).macs == macs + width * 1000


def test_no_reduction_and_no_projection_is_left() -> None:
    names = [name for name, _ in build(NAME, device="meta").named_modules() if name.startswith("inception_")]
    assert not [name for name in names if "reduce" in name or "pool_proj" in name]


def test_the_pool_passes_through() -> None:
    module = build(NAME).eval().get_submodule("inception_3a")
    x = torch.randn(1, 192, 6, 6)
    torch.testing.assert_close(module(x)[:, -192:], torch.nn.functional.max_pool2d(x, 3, 1, 1))


def test_auxiliary_heads() -> None:
    heads = {"logits": (2, 7), "aux_logits2": (2, 7), "aux_logits1": (2, 7)}
    assert auxiliary_widths(NAME) == heads


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 32, 32))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=4)
