"""Roofs on a device whose speed is known, and what is kept of them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from inception_profiler.bench import ceilings as room
from inception_profiler.bench.busy import Busy
from inception_profiler.bench.ceilings import ceilings
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.rules import Rules
from inception_profiler.errors import UnknownNameError
from inception_profiler.records.archive import dumps, load
from inception_profiler.records.latency import Setting
from inception_profiler.records.roofline import Ceilings
from tests.bench.fake_device import FakeDevice

PRODUCT = 2e11
CONVOLUTION = 1e11
MEMORY = 1e10
CACHE = 8e10
LAUNCH = 1e-5


class Machine(TorchDispatchMode):
    """Lets the fake device take what its speeds say; nothing is computed, tensors have no data."""

    def __init__(self, device: FakeDevice) -> None:
        super().__init__()
        self.device = device
        self.sizes: dict[str, set[int]] = {}
        self.noise = 1.0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        name = func._overloadpacket.__name__
        if name == "mm":
            rows, inner = args[0].shape
            self._take(name, rows, 2 * rows * inner * args[1].shape[1] / PRODUCT)
        elif name in {"convolution", "conv2d"}:
            macs = output.numel() * args[1][0].numel()
            self._take(name, macs, 2 * macs / CONVOLUTION)
        elif name == "copy_":
            moved = 2 * args[0].nbytes
            inside = moved <= (self.device.cache_bytes or 0) / 2
            self._take(name, moved, moved / (CACHE if inside else MEMORY))
        return output

    def _take(self, name: str, size: int, seconds: float) -> None:
        self.sizes.setdefault(name, set()).add(size)
        self.device.run(LAUNCH if self.device.asynchronous else 0.0, self.noise * seconds)


class Meta(FakeDevice):
    """A fake device on which tensors have no data."""

    def __init__(self, *, asynchronous: bool, blocks: bool = True) -> None:
        super().__init__(asynchronous=asynchronous, blocks=blocks)
        self.place = torch.device("meta")
        self.kind = "cpu"
        self.cache_bytes = 1 << 22
        self.memory_bytes = 1 << 34


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(Busy, "share", lambda _: 0.0)
    return tmp_path / "inception_profiler"


@pytest.fixture(params=[True, False], ids=["asynchronous", "synchronous"])
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    with Machine(Meta(asynchronous=request.param)) as machine:
        yield machine


def test_the_roofs_are_what_the_device_does(machine: Machine) -> None:
    found = ceilings(machine.device, "fp32", 2)
    assert found.flops_per_second == pytest.approx(PRODUCT, rel=1e-3)
    assert found.bytes_per_second == pytest.approx(MEMORY, rel=1e-3)
    assert found.cache_bytes_per_second == pytest.approx(CACHE, rel=1e-3)
    assert (found.device, found.dtype, found.threads) == ("fake device", "fp32", 2)
    assert found.cache_bytes == 1 << 22


def test_the_product_grows_until_it_takes_long_enough(machine: Machine) -> None:
    ceilings(machine.device, "fp32", 2)
    largest = max(machine.sizes["mm"])
    assert 2 * (largest // 2) ** 3 / PRODUCT < room.PRODUCT_SECONDS <= 2 * largest**3 / PRODUCT


def test_no_tensors_take_more_than_a_part_of_the_memory(machine: Machine) -> None:
    machine.device.memory_bytes = 1 << 27
    ceilings(machine.device, "fp32", 2)
    most = (1 << 27) // room.MEMORY_SHARE
    assert 3 * max(machine.sizes["mm"]) ** 2 * 4 <= most
    assert max(machine.sizes["copy_"]) <= 2 * most


def test_a_large_copy_is_too_large_for_the_cache(machine: Machine) -> None:
    machine.device.cache_bytes = 1 << 28
    ceilings(machine.device, "fp32", 2)
    assert max(machine.sizes["copy_"]) == 8 * (1 << 28)


def test_where_the_cache_is_not_known_it_has_no_roof(machine: Machine) -> None:
    machine.device.cache_bytes = None
    found = ceilings(machine.device, "fp32", 2)
    assert found.cache_bytes_per_second is None
    assert found.cache_bytes is None


def test_without_a_blocking_operation_short_copies_measure_the_host() -> None:
    with Machine(Meta(asynchronous=True, blocks=False)) as machine:
        machine.device.cache_bytes = 1 << 20
        found = ceilings(machine.device, "fp32", 2)
    once = (1 << 20) / 2 / CACHE
    assert once < LAUNCH
    assert found.cache_bytes_per_second == pytest.approx(max(MEMORY, CACHE * once / LAUNCH), rel=0.1)


def test_a_processor_may_be_faster_at_convolutions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.CONVOLUTION", 3e11)
    with Machine(Meta(asynchronous=False)) as machine:
        found = ceilings(machine.device, "fp32", 2)
    assert found.flops_per_second == pytest.approx(3e11, rel=1e-3)


def test_a_roof_of_today_is_read_and_not_measured(machine: Machine, folder: Path) -> None:
    first = ceilings(machine.device, "fp32", 2)
    (path,) = folder.iterdir()
    assert load(path) == first
    before = machine.device.now
    assert ceilings(machine.device, "fp32", 2) == first
    assert machine.device.now == before
    ceilings(machine.device, "fp32", 2, again=True)
    assert machine.device.now > before


@pytest.mark.parametrize("other", ["dtype", "threads", "driver", "name", "torch"])
def test_a_roof_is_kept_for_exactly_what_it_was_measured_with(
    machine: Machine, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ceilings(machine.device, "fp32", 2)
    before, dtype, threads = machine.device.now, "fp32", 2
    if other == "dtype":
        dtype = "bf16"
    elif other == "threads":
        threads = 1
    elif other == "torch":
        monkeypatch.setattr(torch, "__version__", "0.0")
    else:
        monkeypatch.setattr(machine.device, other, "another")
    ceilings(machine.device, dtype, threads)
    assert machine.device.now > before


@pytest.mark.parametrize("hours", [-1, 25])
def test_a_roof_of_another_day_is_measured_anew(machine: Machine, folder: Path, hours: int) -> None:
    first = ceilings(machine.device, "fp32", 2)
    (path,) = folder.iterdir()
    taken = datetime.datetime.fromisoformat(first.taken) - datetime.timedelta(hours=hours)
    path.write_text(dumps(replace(first, taken=taken.isoformat())))
    before = machine.device.now
    ceilings(machine.device, "fp32", 2)
    assert machine.device.now > before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"format": "inception_profiler"}'])
def test_a_broken_file_is_measured_anew_and_mended(machine: Machine, folder: Path, content: bytes) -> None:
    ceilings(machine.device, "fp32", 2)
    (path,) = folder.iterdir()
    path.write_bytes(content)
    found = ceilings(machine.device, "fp32", 2)
    assert load(path) == found


def test_a_file_of_something_else_is_measured_anew(machine: Machine, folder: Path) -> None:
    first = ceilings(machine.device, "fp32", 2)
    (path,) = folder.iterdir()
    path.write_text(dumps(replace(first, threads=7)))
    assert ceilings(machine.device, "fp32", 2).threads == 2


def test_a_folder_that_cannot_be_written_to_is_done_without(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert ceilings(machine.device, "fp32", 2).flops_per_second


def test_a_roof_measured_while_something_else_was_at_work_is_not_kept(folder: Path) -> None:
    with Machine(Meta(asynchronous=False)) as machine:
        calls = iter(range(10**9))

        def bursts(host: Any = 0.0, device: Any = 0.0) -> None:
            del host
            machine.device.now += device * (1 if next(calls) % 4 == 0 else 2)

        machine.device.run = bursts
        found = ceilings(machine.device, "fp32", 2)
    assert isinstance(found, Ceilings)
    assert not folder.exists()


@pytest.mark.parametrize(("others", "kept"), [(0.45, True), (0.6, False), (None, True)])
def test_a_roof_is_not_kept_where_others_wanted_the_processors_that_it_needed(
    machine: Machine, folder: Path, monkeypatch: pytest.MonkeyPatch, others: float | None, kept: bool
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)  # two are needed, and half of all are free
    monkeypatch.setattr(Busy, "share", lambda _: others)
    ceilings(machine.device, "fp32", 2)
    assert folder.exists() is (kept or machine.device.asynchronous)


def test_the_real_processor_has_roofs() -> None:
    rules = Rules(time_limit=0.1, least_rounds=1, least_seconds=0.0, warm_seconds=0.0)
    found, _ = room.measured(Cpu(), Setting(threads=1), rules)
    assert found.flops_per_second > found.bytes_per_second > 1e6


def test_a_dtype_that_does_not_exist_is_one_clear_line() -> None:
    with pytest.raises(UnknownNameError, match="dtype of a setting"):
        ceilings(Meta(asynchronous=False), "fp3", 1)


@pytest.mark.parametrize("calls", [1, 20, 60])
def test_an_interrupt_ends_it_and_nothing_is_kept(
    machine: Machine, folder: Path, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [calls]
    synchronize = machine.device.synchronize

    def interrupted() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        synchronize()

    monkeypatch.setattr(machine.device, "synchronize", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ceilings(machine.device, "fp32", 1)
    assert not folder.exists()
