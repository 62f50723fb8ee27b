"""The run on the CPU that the memory lens is held to, and what libraries take there besides tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.analysis.memory import allocator
from inception_profiler.analysis.memory.measure import measured
from inception_profiler.analysis.subject import subject
from inception_profiler.errors import InputError
from tests.analysis.memory.networks import Branches, Plain
from tests.analysis.memory.reality import SCALARS

ONEDNN = torch.backends.mkldnn.is_available()
SIZES = {"googlenet_torchvision": (3, 64, 64), "resnet18": (3, 64, 64), "densenet121": (3, 64, 64)}


@pytest.mark.parametrize("kind", [Plain, Branches])
def test_without_a_library_nothing_is_hidden(kind: Any) -> None:
    found = measured(subject(kind(), inputs=[kind.shape], train=True), optimizer="momentum")
    assert (found.gap_bytes, found.off_bytes, found.end_bytes) == (0, 0, found.memory.end_bytes)
    assert all(entry.hidden_bytes >= entry.workspace_bytes == 0 for entry in found.allocations)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("train", [False, True])
def test_between_calls_every_tensor_is_predicted_to_the_byte(name: str, train: bool) -> None:
    found = measured(subject(name, SIZES[name], batch=2, train=train), optimizer="sgd" if train else "")
    assert found.off_bytes <= SCALARS
    assert found.end_bytes == found.memory.end_bytes
    assert all(entry.hidden_bytes >= 0 for entry in found.allocations)
    assert found.peak_bytes >= found.memory.peak_bytes


@pytest.mark.skipif(not ONEDNN or torch.backends.cpu.get_cpu_capability() != "AVX2", reason="seen on AVX2")
@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv2d(64, 64, 3, padding=1), (2, 64, 28, 28)),
        (nn.Conv2d(60, 72, 3), (2, 60, 14, 14)),
        (nn.Conv2d(3, 32, 7, stride=2), (2, 3, 64, 64)),
        (nn.Conv2d(64, 192, 1, bias=False), (16, 64, 14, 14)),
        (nn.Conv2d(64, 128, 1, stride=2, bias=False), (2, 64, 28, 28)),
        (nn.Conv2d(32, 32, 3, groups=32), (2, 32, 28, 28)),
    ],
)
def test_the_workspace_of_a_convolution_has_a_formula(layer: nn.Module, shape: tuple[int, ...]) -> None:
    found = measured(subject(layer, inputs=[shape]))
    slack = 1024  # a padded bias, and what aligns it
    assert 0 <= found.peak_bytes - found.expected_bytes <= slack


def test_the_model_that_was_measured_is_left_as_it_was() -> None:
    network = Plain()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    measured(subject(network, inputs=[Plain.shape], train=True), optimizer="sgd")
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_what_does_not_fit_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "free_bytes", lambda: 10_000)
    with pytest.raises(InputError, match="choose a smaller batch"):
        measured(subject("lenet5", batch=2))


def test_a_measurement_survives_being_saved(tmp_path: Path) -> None:
    found = measured(subject("lenet5", batch=2))
    found.save(tmp_path / "found.json")
    assert ip.load(tmp_path / "found.json") == found
