"""Whole models on a device whose true time and true bytes are configured."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn

from inception_profiler.analysis.subject import subject
from inception_profiler.bench.accelerator import Accelerator
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.latency import timed
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.settings import combinations
from inception_profiler.records.latency import FASTER, Benchmark
from tests.virtual_device.backend import VirtualDevice

pytestmark = pytest.mark.usefixtures("no_roofs")

COSTS = {"convolution": 400_000, "relu": 100_000, "max_pool2d_with_indices": 200_000, "addmm": 300_000}
WHOLE = 2 * 400_000 + 2 * 100_000 + 200_000 + 300_000  # nanoseconds, of `network`
LAUNCHES = 6
SOON = Wishes(Rules(least_seconds=0, least_rounds=5, warm_seconds=0, time_limit=0.2), energy=False)


def network(width: int = 8) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 10),
    )


def measured(virtual: VirtualDevice, *models: nn.Module, train: bool = False, batch: int = 2) -> Benchmark:
    return timed(
        [subject(model, (batch, 3, 8, 8), train=train) for model in models],
        settings=combinations(train=train, threads=1),
        device=Accelerator(virtual.device, virtual.clock),
        wishes=SOON,
    )


def test_the_latency_of_a_device_bound_network(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device_of=COSTS)
    (row,) = measured(virtual, network()).measurements
    assert row.environment.kind == "virtual"
    assert row.median == pytest.approx(WHOLE / 1e9, rel=0.02)
    assert row.device_time == pytest.approx(WHOLE / 1e9, rel=0.001)
    assert row.host_bound == pytest.approx(0, abs=0.02)


def test_a_host_bound_network_is_reported_host_bound(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000_000, device=10_000)
    (row,) = measured(virtual, network()).measurements
    assert row.median == pytest.approx((LAUNCHES * 1_000_000 + 10_000) / 1e9, rel=0.02)
    assert row.device_time == pytest.approx(LAUNCHES * 10_000 / 1e9, rel=0.001)
    assert row.host_bound == pytest.approx(0.99, abs=0.005)


def test_a_call_that_waits_for_the_device_has_no_time_of_its_own(virtual: VirtualDevice) -> None:
    class Asking(nn.Module):
        """Looks at a value in between, as data-dependent models do."""

        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.fc(x)
            return self.fc(x) if x.device.type == "meta" or x.sum().item() < 1e9 else x

    virtual.configure(host=1_000, device=50_000)
    (row,) = timed(
        [subject(Asking(), (1, 4))], device=Accelerator(virtual.device, virtual.clock), wishes=SOON
    ).measurements
    assert row.seconds
    assert row.device_time is None
    assert row.host_bound is None


def test_predicted_and_measured_peak_are_the_same_to_the_byte(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device=10_000)
    (row,) = measured(virtual, network(16), batch=64).measurements
    assert row.footprint is not None
    assert row.footprint.peak_bytes
    assert row.footprint.predicted_bytes == row.footprint.peak_bytes


def test_in_training_the_small_gradients_are_rounded_up_to_blocks(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device=10_000)
    (row,) = measured(virtual, network(16), train=True, batch=64).measurements
    assert row.footprint is not None
    assert row.footprint.peak_bytes is not None
    assert row.footprint.predicted_bytes is not None
    assert 0 <= row.footprint.peak_bytes - row.footprint.predicted_bytes < 6 * 512  # of six parameters


def test_the_ratio_is_that_of_the_configured_times(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device_of=COSTS)
    found = measured(virtual, nn.Sequential(*list(network())[:1]), network())
    (ratio,) = found.ratios
    assert ratio.median == pytest.approx(400_000 / WHOLE, rel=0.02)
    assert ratio.verdict() == FASTER


def test_what_does_not_fit_is_a_row_and_the_rest_goes_on(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device=10_000, memory=2**20)
    found = timed(
        [subject(network(), (1, 3, 8, 8))],
        batches=(1, 1_024, 2),
        device=Accelerator(virtual.device, virtual.clock),
        wishes=SOON,
    )
    assert [(row.batch, row.failed) for row in found.measurements] == [
        (1, ""), (1_024, "out of memory"), (2, ""),
    ]  # fmt: skip


def test_training_runs_forward_backward_and_step(virtual: VirtualDevice) -> None:
    virtual.configure(host=1_000, device=10_000)
    (row,) = measured(virtual, network(), train=True).measurements
    virtual.reset()
    virtual.configure(host=1_000, device=10_000)
    model = network().to("virtual")
    image = torch.rand(2, 3, 8, 8).to("virtual")
    optimizer = torch.optim.SGD(model.parameters(), 0.1, foreach=True)
    before = len(virtual.launches())
    model(image).sum().backward()
    optimizer.step()
    torch.accelerator.synchronize()
    launched = list(itertools.islice(virtual.launches(), before, None))
    assert row.device_time == pytest.approx(len(launched) * 10_000 / 1e9, rel=0.02)
