"""Inception-v2 of TF-slim."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.zoo.card import build
from inception_profiler.zoo.conv_bn import ShiftBatchNorm2d
from tests.zoo.exercise import sizes, trains
from tests.zoo.test_bn_inception import STAGES

NAME = "inception_v2"


def test_sizes_are_those_of_the_paper_and_round_up() -> None:
    assert sizes(NAME, STAGES) == STAGES
    assert sizes(NAME, ["inception_3c", "inception_4e"], side=225) == {
        "inception_3c": (576, 15, 15), "inception_4e": (1024, 8, 8),
    }  # fmt: skip


def test_its_base_has_the_variables_that_tf_slim_tests_for() -> None:
    model = build(NAME, device="meta")
    count = sum(tensor.numel() for name, tensor in model.state_dict().items() if "num_batches" not in name)
    assert count - (1024 * 1000 + 1000) == 10_173_112  # testModelHasExpectedNumberOfParameters of TF-slim


def test_it_differs_from_bn_inception_by_the_stem_alone() -> None:
    separable, dense = ip.profile(NAME).macs, ip.profile("bn_inception").macs
    assert dense - separable == (3 * 49 * 64 - 3 * 8 * 49 - 24 * 64) * 112**2


def test_normalization_has_no_scale_and_the_stem_none() -> None:
    model = build(NAME, device="meta")
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    assert all(isinstance(norm, ShiftBatchNorm2d) for norm in norms)
    assert sum(norm.num_features for norm in norms) == 9_888
    assert [name for name, _ in model.get_submodule("conv1").named_parameters()] == [
        "depthwise_7x7.weight",
        "pointwise_1x1.weight",
        "pointwise_1x1.bias",
    ]


def test_averages_leave_the_zeros_of_the_padding_out() -> None:
    pool = build(NAME, device="meta").get_submodule("inception_3a.pool")
    torch.testing.assert_close(pool(torch.ones(1, 1, 4, 4)), torch.ones(1, 1, 4, 4))


def test_initialisation_is_tf_slim_s() -> None:
    torch.manual_seed(0)
    model = build(NAME)
    stds = {
        "conv1.depthwise_7x7": 1.0, "conv2_reduce.conv": 0.1, "inception_4a.reduce_3x3.conv": 0.09,
        "inception_4a.pool_proj.conv": 0.1,
    }  # fmt: skip
    for name, std in stds.items():
        weight = model.get_submodule(name).weight
        assert weight.abs().max() <= 2 * std
        assert weight.std().item() == pytest.approx(0.88 * std, rel=0.06)
    scaled = model.get_submodule("inception_4a.conv_3x3.conv").weight
    assert scaled.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.03)


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 48, 48))


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ip.ProfilerError, match="3 channels, but got 4"):
        ip.profile(NAME, (1, 4, 224, 224))
