"""Kernels started, against the operators that a dispatch mode sees; every rule's own tests ask the same."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler import profile
from tests.ops.agreement import Launches


def started(network: nn.Module, shape: tuple[int, ...], device: str) -> int:
    with torch.no_grad(), Launches() as mode:
        network.eval()(torch.empty(shape, device=device))
    return len(mode.operators)


@pytest.mark.parametrize("name", ip.models())
def test_registered_models_start_what_is_dispatched(name: str) -> None:
    result = profile(name)
    network = ip.build(name, device="meta")
    assert result.launches == started(network, result.inputs[0].shape, "meta")


def test_what_starts_no_kernel() -> None:
    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = x.view(2, -1).t()[1:]  # views
            y = nn.functional.dropout(y, training=False)
            return y.contiguous() + torch.empty(2)  # a copy and a sum

    result = profile(Net(), (2, 3, 2))
    assert result.launches == started(Net(), (2, 3, 2), "cpu") == 2


def test_operators_without_a_rule_are_counted_one_by_one() -> None:
    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cumsum(torch.linalg.matrix_norm(x), 0)

    assert profile(Net(), (2, 3, 3)).launches == started(Net(), (2, 3, 3), "cpu")


def test_layers_and_groups_add_up() -> None:
    result = profile("inception_v1")
    assert sum(layer.launches for layer in result.layers) == result.launches == result.total.launches
    assert sum(group.launches for group in result.by_stage()) == result.launches
