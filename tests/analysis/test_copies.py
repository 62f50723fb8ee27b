"""Copies of models to run."""

from __future__ import annotations

import threading

import pytest
import torch
from torch import Tensor, nn

from inception_profiler.analysis.copies import meta_copy, real_copy
from inception_profiler.errors import InputError


class Odd(nn.Module):
    """Tied weights, a shared module, a frozen part, a buffer, and tensors as plain attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.second.weight = self.first.weight
        self.again = self.first
        self.frozen = nn.BatchNorm1d(4).requires_grad_(False)
        self.table = {"nested": [torch.ones(2, 3)]}
        self.grown = torch.ones(4, requires_grad=True) * 2  # no leaf, which deepcopy alone refuses
        self.register_forward_hook(lambda module, inputs, output: None)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x)) + self.table["nested"][0].sum() + self.grown


def test_a_copy_without_data() -> None:
    model = Odd()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    twin = meta_copy(model)
    assert all(tensor.is_meta for tensor in [*twin.parameters(), *twin.buffers()])
    assert twin.table["nested"][0].is_meta
    assert twin.grown.is_meta
    assert twin.second.weight is twin.first.weight
    assert twin.again is twin.first
    assert [p.requires_grad for p in twin.parameters()] == [p.requires_grad for p in model.parameters()]
    assert twin(torch.empty(2, 4, device="meta")).shape == (2, 4)
    assert twin.first is not model.first
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert model.table["nested"][0].device.type == "cpu"


def test_a_copy_with_data_of_a_model_without() -> None:
    with torch.device("meta"):
        model = Odd()
    twin = real_copy(model)
    assert twin(torch.ones(2, 4)).isfinite().all()
    assert twin.second.weight is twin.first.weight
    assert all(parameter.is_meta for parameter in model.parameters())


def test_a_copy_with_data_has_its_own() -> None:
    model = Odd()
    twin = real_copy(model)
    assert torch.equal(twin.first.weight, model.first.weight)
    with torch.no_grad():
        twin.first.weight.zero_()
    assert model.first.weight.abs().sum() > 0


def test_what_cannot_be_copied_is_one_line() -> None:
    model = nn.Linear(2, 2)
    model.lock = threading.Lock()
    with pytest.raises(InputError, match=r"cannot be copied.*lock"):
        meta_copy(model)
