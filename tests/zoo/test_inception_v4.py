from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from inception_profiler.zoo.initialise import variance_scaling
from inception_profiler.zoo.mixed import AuxiliaryHead
from tests.zoo.exercise import auxiliary_widths, sizes, trains


def test_the_grids_are_those_of_figures_3_and_9() -> None:
    wanted = {
        "stem.conv1_3x3": (32, 149, 149),
        "stem.conv2_3x3": (32, 147, 147),
        "stem.conv3_3x3": (64, 147, 147),
        "stem.mixed4": (160, 73, 73),
        "stem.mixed5": (192, 71, 71),
        "stem": (384, 35, 35),
        "inception_a": (384, 35, 35),
        "reduction_a": (1024, 17, 17),
        "inception_b": (1024, 17, 17),
        "reduction_b": (1536, 8, 8),
        "inception_c": (1536, 8, 8),
        "pool": (1536, 1, 1),
    }
    assert sizes("inception_v4", wanted) == wanted


def test_it_has_149_convolutions() -> None:
    network = build("inception_v4", device="meta")
    assert sum(isinstance(module, torch.nn.Conv2d) for module in network.modules()) == 149


def test_it_returns_logits_and_in_training_with_its_head_both() -> None:
    assert auxiliary_widths("inception_v4") == {"logits": (2, 7), "aux_logits": (2, 7)}
    image = torch.empty(2, 1, 299, 299, device="meta")
    assert build("inception_v4", num_classes=7, in_channels=1, device="meta").train()(image).shape == (2, 7)


def test_it_trains_at_its_smallest_input_and_refuses_less() -> None:
    network = build("inception_v4", num_classes=3)
    trains(network, (2, 3, 75, 75))
    with pytest.raises(RuntimeError, match=r"Kernel size can't be greater|Output size is too small"):
        network(torch.zeros(2, 3, 74, 74))


def test_the_auxiliary_head_trains() -> None:
    trains(AuxiliaryHead(16, 3), (2, 16, 17, 17))


def test_weights_have_the_variance_of_the_released_network() -> None:
    layer = torch.nn.Conv2d(64, 64, 3)
    variance_scaling(layer)
    weight = layer.weight.detach()
    assert float(weight.var()) == pytest.approx(2 / (64 * 9), rel=0.03)
    assert float(weight.abs().max()) <= 2 * (1.3 * 2 / (64 * 9)) ** 0.5 * 1.0001
    assert layer.bias is not None
    assert not layer.bias.any()
