"""BN-Inception of the PyTorch port: its function is proven in tests/peers."""

from __future__ import annotations

import inception_profiler as ip
from inception_profiler.zoo.card import build
from tests.zoo.exercise import refuses, sizes, trains
from tests.zoo.test_bn_inception import STAGES

NAME = "bn_inception_128"


def test_sizes_differ_from_the_paper_s_where_the_projections_are_wider() -> None:
    wider = {"inception_4c": (608, 14, 14), "inception_4d": (608, 14, 14), "inception_4e": (1056, 7, 7)}
    assert sizes(NAME, STAGES) == STAGES | wider


def test_every_convolution_has_a_bias() -> None:
    biases = sum(
        p.numel() for name, p in build(NAME, device="meta").named_parameters() if name.endswith("conv.bias")
    )
    assert biases == 11_016 - 1000  # all biases less the classifier's


def test_it_costs_more_than_bn_inception() -> None:
    wide, narrow = ip.profile(NAME), ip.profile("bn_inception")
    reads_4c = 32 * (96 + 128 + 160)  # the convolutions of 4d on 4c's 32 further maps
    projections = 32 * 576 + (608 * 128 - 576 * 96)
    reads_4d = 32 * (128 + 192)
    reads_4e = 32 * (352 + 192 + 160 + 128)
    assert wide.macs - narrow.macs == (reads_4c + projections + reads_4d) * 14**2 + reads_4e * 7**2


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 64, 64))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=4)
