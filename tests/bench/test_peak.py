from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.peak import peak
from tests.bench.fake_device import FakeDevice


def test_on_the_cpu_the_peak_is_that_of_the_tensors_alive() -> None:
    held = torch.empty(10_000)

    def run() -> torch.Tensor:
        first = torch.empty(3_000)
        second = torch.empty(50_000)
        del first
        third = torch.empty(7_000)
        del second
        return third

    found = peak(Cpu(), run)
    assert found.allocated == 4 * 57_000
    assert found.reserved is None
    assert held.numel() == 10_000


@torch.inference_mode()
def test_on_the_cpu_the_peak_of_layers_is_what_two_of_them_hold() -> None:
    model = nn.Sequential(nn.Linear(100, 3000), nn.ReLU(), nn.Linear(3000, 10))
    x = torch.rand(16, 100)
    model(x)
    assert peak(Cpu(), lambda: model(x)).allocated == 2 * 16 * 3000 * 4


def test_a_run_that_makes_nothing_has_a_peak_of_none() -> None:
    assert peak(Cpu(), lambda: None).allocated == 0


@pytest.mark.parametrize("before", [0, 4096])
def test_a_counting_allocator_is_read_above_the_level_before(before: int) -> None:
    device = FakeDevice()
    device.hold(10**6)
    device.hold(before - 10**6)

    def run() -> None:
        device.hold(3000)
        device.hold(-1000)

    found = peak(device, run)
    assert found.allocated == 3000
    assert found.reserved == before + 3000
    assert device.synchronized == 2
