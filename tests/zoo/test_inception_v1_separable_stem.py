"""GoogLeNet with the stem its Table 1 was counted with."""

from __future__ import annotations

import torch

import inception_profiler as ip
from inception_profiler.zoo.card import build
from tests.zoo.exercise import auxiliary_widths, refuses, sizes, trains

NAME = "inception_v1_separable_stem"


def test_the_stem_counts_what_table_1_prints() -> None:
    stem = [layer for layer in ip.profile(NAME).layers if layer.call.path.startswith("conv1.")]
    params = sum(p.numel() for p in build(NAME, device="meta").get_submodule("conv1").parameters())
    assert params == 3 * 8 * 49 + 24 * 64 == 2712  # 2.7K
    assert sum(layer.cost.macs for layer in stem) == 2712 * 112 * 112 == 34_019_328  # 34M


def test_only_the_stem_differs_from_inception_v1() -> None:
    ours, theirs = ip.profile(NAME), ip.profile("inception_v1")
    assert theirs.params - ours.params == (3 * 49 * 64 + 64) - 2712
    assert theirs.macs - ours.macs == (3 * 49 * 64 - 2712) * 112 * 112
    assert round(ours.macs / 1e9, 1) == 1.5  # the paper's own total
    shared = [
        {
            name: tuple(p.shape)
            for name, p in build(each, device="meta").named_parameters()
            if "conv1." not in name
        }
        for each in (NAME, "inception_v1")
    ]
    assert shared[0] == shared[1]


def test_sizes() -> None:
    stages = {
        "conv1": (64, 112, 112), "pool1": (64, 56, 56), "conv2": (192, 56, 56), "pool2": (192, 28, 28),
        "inception_3b": (480, 28, 28), "inception_4e": (832, 14, 14), "inception_5b": (1024, 7, 7),
    }  # fmt: skip
    assert sizes(NAME, stages) == stages


def test_the_depthwise_filters_do_not_mix_colours() -> None:
    stem = build(NAME).get_submodule("conv1.depthwise_7x7")
    red = torch.zeros(1, 3, 16, 16)
    red[:, 0] = 1
    out = stem(red)
    assert out[:, :8].abs().sum() > 0
    assert out[:, 8:].abs().sum() == 0


def test_auxiliary_heads() -> None:
    heads = {"logits": (2, 7), "aux_logits2": (2, 7), "aux_logits1": (2, 7)}
    assert auxiliary_widths(NAME) == heads


def test_trains_on_any_number_of_colours() -> None:
    trains(build(NAME, num_classes=3, in_channels=1), (2, 1, 32, 32))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=4)
