"""Inception-v3: its function is proven in tests/peers."""

from __future__ import annotations

import pytest
import torch

import inception_profiler as ip
from inception_profiler.zoo.card import build
from tests.zoo.exercise import auxiliary_widths, refuses, sizes, trains

NAME = "inception_v3"
STAGES = {
    "conv2d_1a_3x3": (32, 149, 149), "conv2d_2a_3x3": (32, 147, 147), "conv2d_2b_3x3": (64, 147, 147),
    "maxpool1": (64, 73, 73), "conv2d_3b_1x1": (80, 73, 73), "conv2d_4a_3x3": (192, 71, 71),
    "maxpool2": (192, 35, 35), "mixed_5b": (256, 35, 35), "mixed_5c": (288, 35, 35),
    "mixed_5d": (288, 35, 35), "mixed_6a": (768, 17, 17), "mixed_6b": (768, 17, 17),
    "mixed_6c": (768, 17, 17), "mixed_6d": (768, 17, 17), "mixed_6e": (768, 17, 17),
    "mixed_7a": (1280, 8, 8), "mixed_7b": (2048, 8, 8), "mixed_7c": (2048, 8, 8), "avgpool": (2048, 1, 1),
}  # fmt: skip


def test_sizes() -> None:
    assert sizes(NAME, STAGES) == STAGES
    assert sizes(NAME, ["mixed_7c"], side=75) == {"mixed_7c": (2048, 1, 1)}


def test_auxiliary_head() -> None:
    assert auxiliary_widths(NAME) == {"logits": (2, 7), "aux_logits": (2, 7)}
    # A batch of one has no variance on the head's 1×1 map, so PyTorch refuses to train on it.
    layers = ip.profile(NAME, batch=2, train=True).layers
    assert sum(layer.cost.macs for layer in layers if "aux_logits" in layer.call.path) == 2 * 5_683_200


def test_the_auxiliary_head_takes_no_smaller_map() -> None:
    model = build(NAME, aux=True).train()
    with pytest.raises(RuntimeError, match="Kernel size can't be greater than actual input size"):
        model(torch.randn(2, 3, 139, 139))


def test_initialisation_is_torchvision_s() -> None:
    torch.manual_seed(0)
    model = build(NAME, aux=True)
    for name, std in {
        "mixed_6c.branch1x1.conv": 0.1,
        "aux_logits.conv1.conv": 0.01,
        "aux_logits.fc": 0.001,
    }.items():
        assert model.get_submodule(name).weight.std().item() == pytest.approx(std, rel=0.02)


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 107, 107))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=40)
