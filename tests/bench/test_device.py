from __future__ import annotations

import time

import pytest
import torch

import inception_profiler.bench.accelerator
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.device import Levels, find_device
from inception_profiler.errors import InputError


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without accelerators, whatever this one has."""
    monkeypatch.setattr(inception_profiler.bench.accelerator, "accelerators", lambda: ())


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> list[torch.device]:
    """A machine with two accelerators that are only named."""
    there = [torch.device("cuda", 0), torch.device("cuda", 1)]
    monkeypatch.setattr(inception_profiler.bench.accelerator, "accelerators", lambda: tuple(there))
    monkeypatch.setattr(inception_profiler.bench.accelerator, "Accelerator", lambda place: place)
    return there


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("text", ["", "cpu", "CPU", "cpu:0"])
def test_the_cpu_is_always_there(text: str) -> None:
    assert find_device(text).kind == "cpu"


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("text", ["cuda", "cuda:1", "mps", "xpu", "meta", "cpu:3", "cpu:x", "gpu", "0", " "])
def test_what_is_not_there_is_one_line_that_lists_what_is(text: str) -> None:
    with pytest.raises(InputError, match=r"^there is no device '.*' here: choose one of cpu$"):
        find_device(text)


def test_an_accelerator_goes_before_the_cpu(two: list[torch.device]) -> None:
    assert find_device() == find_device("cuda") == find_device("cuda:0") == two[0]
    assert find_device("cuda:1") == two[1]
    assert find_device("cpu").kind == "cpu"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("text", ["cuda:2", "cuda:-1", "xpu", "mps:0"])
def test_the_line_names_every_accelerator(text: str) -> None:
    with pytest.raises(InputError, match=r"choose one of cpu, cuda:0, cuda:1$"):
        find_device(text)


def test_a_backend_without_its_device_is_no_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)
    assert inception_profiler.bench.accelerator.accelerators() == ()


def test_a_backend_that_refuses_is_no_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise RuntimeError("Found no driver on your system")

    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "device_count", refuse)
    assert inception_profiler.bench.accelerator.accelerators() == ()


def test_the_cpu_says_what_it_does_not_know() -> None:
    device = Cpu()
    device.reset_peak()
    device.synchronize()
    assert device.levels() == Levels(None, None, None)
    assert device.span() is None
    assert device.pace() is None
    assert device.state().joules is None
    assert not device.block(1.0)
    assert not device.asynchronous
    assert device.place == torch.device("cpu")
    assert device.name


def test_the_clock_of_the_cpu_is_the_hosts() -> None:
    before = time.perf_counter()
    assert before <= Cpu().clock() <= time.perf_counter()
