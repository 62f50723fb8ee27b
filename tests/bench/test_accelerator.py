"""The accelerator's path on a device whose truth is configured, and worked out by hand here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from inception_profiler.analysis.subject import subject
from inception_profiler.bench.accelerator import Accelerator, Events
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.device import Levels, find_device
from inception_profiler.bench.latency import timed
from inception_profiler.bench.peak import peak
from inception_profiler.bench.rules import Rules
from inception_profiler.errors import InputError
from inception_profiler.zoo.card import build
from tests.virtual_device.backend import VirtualDevice

CONVOLUTION = 50_000  # ns on the device
CALL = 1_000  # ns on the host, for every operator


@pytest.fixture
def network(accelerator: Accelerator, virtual: VirtualDevice) -> tuple[Callable[[], object], float]:
    """GoogLeNet in which only convolutions take the device any time; and what they all take, in seconds."""
    torch.manual_seed(0)
    model = build("inception_v1").eval().to(accelerator.place)
    x = torch.rand(1, 3, 64, 64).to(accelerator.place)
    convolutions = sum(isinstance(module, nn.Conv2d) for module in model.modules())
    virtual.reset()
    virtual.configure(host=CALL, device_of={"convolution": CONVOLUTION})

    @torch.inference_mode()
    def run() -> object:
        return model(x)

    return run, convolutions * CONVOLUTION / 1e9


def latency(device: Accelerator, run: Callable[[], object]) -> float:
    device.synchronize()
    begun = device.clock()
    run()
    device.synchronize()
    return device.clock() - begun


def hold_latency(seconds: float, truth: float) -> None:
    assert seconds == pytest.approx(truth, rel=0.02)


def hold_device_time(seconds: float, truth: float) -> None:
    assert seconds == pytest.approx(truth, rel=0.001)


def test_the_latency_is_the_configured_one(
    accelerator: Accelerator, network: tuple[Callable[[], object], float]
) -> None:
    run, truth = network
    for _ in range(3):
        hold_latency(latency(accelerator, run), truth)


def test_a_timer_that_does_not_synchronize_fails_that(
    accelerator: Accelerator,
    network: tuple[Callable[[], object], float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, truth = network
    monkeypatch.setattr(accelerator, "synchronize", lambda: None)
    with pytest.raises(AssertionError):
        hold_latency(latency(accelerator, run), truth)


def test_the_device_time_is_the_configured_one(
    accelerator: Accelerator, network: tuple[Callable[[], object], float]
) -> None:
    run, truth = network
    for _ in range(3):
        span = accelerator.span()
        assert span is not None
        span.start()
        run()
        span.stop()
        assert not span.over()
        accelerator.synchronize()
        assert span.over()
        hold_device_time(span.seconds(), truth)


def test_the_device_time_is_also_right_where_the_host_is_the_slower(
    accelerator: Accelerator, virtual: VirtualDevice
) -> None:
    x = torch.zeros(4, device=accelerator.place)
    virtual.reset()
    virtual.configure(host=10_000, device=1_000)
    assert accelerator.block(1e-3)
    span = accelerator.span()
    assert span is not None
    span.start()
    for _ in range(20):
        x.add_(1)
    span.stop()
    assert not span.over()  # the host was ahead throughout
    accelerator.synchronize()
    assert span.seconds() == pytest.approx(20e-6, rel=1e-9)


def test_events_of_two_calls_paired_wrongly_fail_that(
    accelerator: Accelerator, network: tuple[Callable[[], object], float]
) -> None:
    run, truth = network
    first, second = Events(accelerator.place), Events(accelerator.place)
    for span in (first, second):
        span.start()
        run()
        span.stop()
    accelerator.synchronize()
    first._end, second._end = second._end, first._end
    for span in (first, second):
        with pytest.raises(AssertionError):
            hold_device_time(span.seconds(), truth)


def test_a_span_is_not_read_before_its_end(
    accelerator: Accelerator, network: tuple[Callable[[], object], float]
) -> None:
    run, _ = network
    span = accelerator.span()
    assert span is not None
    span.start()
    run()
    span.stop()
    with pytest.raises(RuntimeError, match="must be completed"):
        span.seconds()


def test_a_contest_finds_the_configured_times_and_bytes(
    accelerator: Accelerator, virtual: VirtualDevice
) -> None:
    about = subject("inception_v1", (1, 3, 64, 64))
    convolutions = sum(isinstance(module, nn.Conv2d) for module in about.network.modules())
    virtual.configure(host=CALL, device_of={"convolution": CONVOLUTION})
    rules = Rules(least_seconds=0.02, warm_seconds=0.005)
    (found,) = timed([about], device=accelerator, wishes=Wishes(rules=rules)).measurements
    assert not found.failed
    hold_latency(found.median or 0, convolutions * CONVOLUTION / 1e9)
    hold_device_time(found.device_time or 0, convolutions * CONVOLUTION / 1e9)
    assert found.footprint is not None
    assert found.footprint.peak_bytes == found.footprint.predicted_bytes  # all outputs are whole blocks
    assert found.energy is None
    assert found.environment.kind == "virtual"


def test_synchronizing_waits_for_every_stream(accelerator: Accelerator, virtual: VirtualDevice) -> None:
    x = torch.zeros(4, device=accelerator.place)
    virtual.reset()
    virtual.configure(device=1_000)
    with torch.Stream(accelerator.place):
        x.add(1)
        x.add(1)
    assert accelerator.clock() == 0
    accelerator.synchronize()
    assert accelerator.clock() == 2e-6


def test_a_span_is_on_the_stream_of_now(accelerator: Accelerator, virtual: VirtualDevice) -> None:
    x = torch.zeros(4, device=accelerator.place)
    virtual.reset()
    virtual.configure(device=1_000)
    x.add(1)
    with torch.Stream(accelerator.place):
        span = accelerator.span()
        assert span is not None
        span.start()
        x.add(1)
        x.add(1)
        span.stop()
    accelerator.synchronize()
    assert span.seconds() == pytest.approx(2e-6, rel=1e-9)


@pytest.mark.parametrize("nanoseconds", [1, 3])
def test_blocking_is_calibrated_by_the_devices_own_events(
    accelerator: Accelerator,
    virtual: VirtualDevice,
    monkeypatch: pytest.MonkeyPatch,
    nanoseconds: int,
) -> None:
    monkeypatch.setattr(
        torch.get_device_module("virtual"), "_sleep", lambda cycles: virtual.occupy(cycles * nanoseconds)
    )
    for seconds in (1e-3, 5e-5):
        assert accelerator.block(seconds)
        asked = virtual.launches()[-1]
        assert asked.time == pytest.approx(seconds * 1e9, abs=nanoseconds)  # a cycle more or less
        assert asked.enqueued == virtual.host  # and the host goes on at once
        accelerator.synchronize()
    asked_for = Counter(launch.operator for launch in virtual.launches())["sleep"]
    accelerator.block(1e-3)
    assert Counter(launch.operator for launch in virtual.launches())["sleep"] == asked_for + 1


def test_a_backend_without_a_blocking_kernel_says_so(
    accelerator: Accelerator, virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(torch.get_device_module("virtual"), "_sleep")
    assert not accelerator.block(1e-3)
    assert virtual.launches() == ()


def blocks(*sizes: int) -> int:
    return sum(-(-size // 512) * 512 for size in sizes)


def test_the_peak_is_exact_to_the_byte(accelerator: Accelerator) -> None:
    held = torch.empty(1000, device=accelerator.place)

    def run() -> torch.Tensor:
        first = torch.empty(300, device=accelerator.place)
        second = torch.empty(5000, device=accelerator.place)
        del first
        third = torch.empty(700, device=accelerator.place)
        del second
        return third

    found = peak(accelerator, run)
    assert found.allocated == blocks(4 * 5000, 4 * 700) > blocks(4 * 300, 4 * 5000)
    assert found.reserved == blocks(4 * 1000) + found.allocated
    assert held.numel() == 1000


def test_what_a_run_returns_is_alive_at_its_peak(accelerator: Accelerator) -> None:
    earlier = torch.empty(10**6, device=accelerator.place)
    del earlier  # a peak before the run is none of its
    found = peak(accelerator, lambda: torch.empty(128, device=accelerator.place))
    assert found.allocated == 512
    assert peak(accelerator, lambda: None).allocated == 0


def test_the_peak_of_a_network_is_that_of_its_blocks(accelerator: Accelerator) -> None:
    layers = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 1), nn.Conv2d(8, 4, 1)
    model = nn.Sequential(*layers).to(accelerator.place)
    x = torch.rand(2, 3, 16, 16).to(accelerator.place)
    first = second = blocks(2 * 8 * 256 * 4)
    third = blocks(2 * 4 * 256 * 4)
    with torch.no_grad():
        assert peak(accelerator, lambda: model(x)).allocated == first + second
    assert peak(accelerator, lambda: model(x)).allocated == first + second + third  # kept for backward


@pytest.mark.parametrize("answer", [{}, {"allocated_bytes.all.current": 0, "allocated_bytes.all.peak": 0}])
def test_an_allocator_that_counts_nothing_is_not_believed(
    virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch, answer: dict[str, int]
) -> None:
    monkeypatch.setattr(torch.accelerator, "memory_stats", lambda place: answer)
    device = Accelerator(virtual.device, clock=virtual.clock)
    assert device.levels() == Levels(None, None, None)
    found = peak(device, lambda: torch.empty(100, device=device.place))
    assert (found.allocated, found.reserved) == (None, None)


def refuse(*args: object, **kwargs: object) -> Any:
    raise RuntimeError("this backend has no such thing")


def test_a_backend_that_refuses_everything_else_can_still_be_timed(
    virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("memory_stats", "reset_peak_memory_stats", "get_memory_info", "current_stream"):
        monkeypatch.setattr(torch.accelerator, name, refuse)
    monkeypatch.setattr(torch.get_device_module("virtual"), "get_device_name", refuse)
    device = Accelerator(virtual.device, clock=virtual.clock)
    device.reset_peak()
    assert device.span() is None
    assert not device.block(1e-3)
    assert device.levels() == Levels(None, None, None)
    assert device.memory_bytes is None
    assert device.name == "virtual"
    x = torch.zeros(4, device=device.place)
    virtual.configure(device=1_000)
    assert latency(device, lambda: x.add_(1)) == pytest.approx(1e-6)


def test_what_the_device_is_comes_from_its_module(
    virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = torch.get_device_module("virtual")
    plain = Accelerator(virtual.device)
    assert plain.name == "virtual device"
    assert plain.kind == "virtual"
    assert plain.asynchronous
    assert plain.cache_bytes is None
    assert plain.memory_bytes == torch.accelerator.get_memory_info()[1]
    assert (plain.capability, plain.driver, plain.unknown) == ("", "", "")
    assert plain.state().clock_mhz is plain.pace() is None
    assert plain.current().idx == 0
    told = SimpleNamespace(L2_cache_size=6 << 20, driver_version="7.1")
    monkeypatch.setattr(module, "get_device_properties", lambda place: told, raising=False)
    monkeypatch.setattr(module, "get_device_capability", lambda place: (9, 0), raising=False)
    device = Accelerator(virtual.device)
    assert device.cache_bytes == 6 << 20
    assert device.capability == "9.0"
    assert device.driver == "driver 7.1"


def test_it_is_found_before_the_cpu(virtual: VirtualDevice) -> None:
    for text in ("", "virtual", "virtual:0", " Virtual"):
        assert find_device(text).place == virtual.device
    assert find_device("cpu").kind == "cpu"
    for text in ("virtual:1", "cuda"):
        with pytest.raises(InputError, match=r"choose one of cpu, virtual:0$"):
            find_device(text)
