"""Sizes at which anything that computes, allocates or recurses would fail."""

from __future__ import annotations

import resource

import torch
from torch import Tensor, nn

from inception_profiler import profile

OPERATIONS = 20_000


def test_a_hundred_billion_parameters_take_no_memory() -> None:
    with torch.device("meta"):
        model = nn.Sequential(*[nn.Linear(160_000, 160_000, bias=False) for _ in range(4)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = profile(model, (8, 160_000))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert result.params == 4 * 160_000**2 > 10**11
    assert result.macs == 8 * result.params
    assert grown * 1024 < 2**28


def test_twenty_thousand_operations() -> None:
    class Deep(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            for _ in range(OPERATIONS // 2):
                x = (x + 1).relu()
            return x

    result = profile(Deep(), (1, 4))
    assert result.calls == OPERATIONS
    assert result.ops == OPERATIONS * 4
    assert result.peak_activation_bytes == 3 * 4 * 4


def test_many_modules_and_a_long_chain_of_calls() -> None:
    model = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(1000)])
    result = profile(model, (1, 4))
    assert result.calls == 2000
    assert result.params == 20_000


def test_an_operation_without_a_rule_does_not_allocate_either() -> None:
    class Sorted(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.cdist(x.sort()[0], x)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = profile(Sorted(), (200_000, 100_000))
    assert result.peak_activation_bytes > 10**11
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 2**28
