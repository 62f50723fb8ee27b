"""What is read of a machine that the test builds out of files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inception_profiler.bench import host

Machine = Callable[..., Path]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Write files, by their paths, below a root."""

    def build(files: dict[str, str]) -> Path:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return build


def allow(listed: str) -> dict[str, str]:
    return {"proc/self/status": f"Name:\tpython\nCpus_allowed_list:\t{listed}\nVmRSS:\t  2048 kB\n"}


def cache(cpu: int, index: int, level: int, kind: str, size: str, shared: str) -> dict[str, str]:
    folder = f"sys/devices/system/cpu/cpu{cpu}/cache/index{index}"
    told = {"level": str(level), "type": kind, "size": size, "shared_cpu_list": shared}
    return {f"{folder}/{name}": f"{value}\n" for name, value in told.items()}


def test_names_of_processors(machine: Machine, tmp_path: Path) -> None:
    assert host.processor(tmp_path / "nowhere")
    root = machine({"proc/cpuinfo": "processor\t: 0\nmodel name\t: Some  Processor @ 3 GHz\nflags\t: fpu\n"})
    assert host.processor(root) == "Some Processor @ 3 GHz"
    machine({"proc/cpuinfo": "processor\t: 0\nFeatures\t: fp\n\nModel\t\t: A Board Rev 1.2\n"})
    assert host.processor(root) == "A Board Rev 1.2"


@pytest.mark.parametrize(
    ("listed", "numbers"), [("0-1", (0, 1)), ("3", (3,)), ("0-2,8,10-11", (0, 1, 2, 8, 10, 11))]
)
def test_processors_that_may_be_used(machine: Machine, listed: str, numbers: tuple[int, ...]) -> None:
    assert host.allowed(machine(allow(listed))) == numbers


@pytest.mark.parametrize(
    ("groups", "cores"),
    [
        ({}, 8),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 8),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "300000 100000\n"}, 3),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "150000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "1000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "1600000 100000\n"}, 8),
        (
            {
                "proc/self/cgroup": "3:memory:/x\n2:cpu,cpuacct:/a\n0::/\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "400000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
    ],
)
def test_cores_are_those_of_affinity_and_quota(machine: Machine, groups: dict[str, str], cores: int) -> None:
    assert host.cores(machine(allow("0-7") | groups)) == cores


def test_the_last_cache_is_that_of_the_highest_level(machine: Machine) -> None:
    root = machine(
        allow("0")
        | cache(0, 0, 1, "Data", "32K", "0")
        | cache(0, 1, 1, "Instruction", "64K", "0")
        | cache(0, 2, 3, "Unified", "32768K", "0-1")
        | cache(0, 3, 2, "Unified", "512K", "0")
        | cache(0, 4, 4, "Instruction", "128M", "0")  # made up: what holds no data is no cache for it
    )
    assert host.last_cache(1, root) == host.last_cache(8, root) == 32 << 20


@pytest.mark.parametrize(("threads", "caches"), [(1, 1), (2, 2), (3, 2), (64, 2)])
def test_several_last_caches_count_as_far_as_threads_fill_them(
    machine: Machine, threads: int, caches: int
) -> None:
    files = allow("0-2,4")
    for cpu, shared in enumerate(("0-1", "0-1", "2-3", "2-3", "2,3-4", "5")):
        files |= cache(cpu, 3, 3, "Unified", "16M", shared if cpu != 4 else "2-3")
    assert host.last_cache(threads, machine(files)) == caches * (16 << 20)


def test_a_cache_that_nobody_tells_is_unknown(machine: Machine) -> None:
    assert host.last_cache(2, machine(allow("0-1"))) is None
    assert host.last_cache(2, machine(cache(0, 3, 3, "Unified", "unknown", "0-1"))) is None


def test_memory_is_the_machines_or_the_groups(machine: Machine) -> None:
    root = machine({"proc/meminfo": "MemTotal:       16000000 kB\nMemFree: 1 kB\n"})
    assert host.memory(root) == 16_000_000 * 1024
    machine({"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "max\n"})
    assert host.memory(root) == 16_000_000 * 1024
    machine({"sys/fs/cgroup/memory.max": "2147483648\n"})
    assert host.memory(root) == 2 << 30


def test_memory_that_nobody_tells_is_unknown(machine: Machine) -> None:
    assert host.memory(machine({})) is None
    assert host.resident(machine({})) is None


def test_clocks_are_the_mean_of_the_cores_that_may_be_used(machine: Machine) -> None:
    at = "sys/devices/system/cpu/cpu{}/cpufreq/scaling_cur_freq"
    root = machine(
        allow("0,2") | {at.format(0): "3000000\n", at.format(1): "800000\n", at.format(2): "2000000\n"}
    )
    assert host.clock_mhz(root) == 2500


@pytest.mark.parametrize(("flags", "clock"), [("fpu aperfmperf sse", 2200.0), ("fpu sse hypervisor", None)])
def test_a_nominal_clock_is_not_a_measured_one(machine: Machine, flags: str, clock: float | None) -> None:
    one = "processor\t: {}\ncpu MHz\t\t: {}\nflags\t\t: {}\n\n"
    text = one.format(0, "2400.000", flags) + one.format(1, "2000.000", flags) + one.format(2, "900", flags)
    assert host.clock_mhz(machine(allow("0-1") | {"proc/cpuinfo": text})) == clock


def test_the_temperature_is_of_the_processor_and_not_of_a_disk(machine: Machine) -> None:
    root = machine(
        {
            "sys/class/hwmon/hwmon0/name": "nvme\n",
            "sys/class/hwmon/hwmon0/temp1_input": "90000\n",
            "sys/class/hwmon/hwmon1/name": "k10temp\n",
            "sys/class/hwmon/hwmon1/temp1_input": "51250\n",
            "sys/class/hwmon/hwmon1/temp3_input": "48000\n",
        }
    )
    assert host.temperature(root) == 51.25


def test_of_a_machine_without_files_all_is_unknown(machine: Machine) -> None:
    root = machine({})
    assert host.clock_mhz(root) is None
    assert host.temperature(root) is None
    assert host.cores(root) >= 1


def test_this_machine_has_cores() -> None:
    assert 1 <= host.cores() <= (os.cpu_count() or 1)


def test_resident_memory_grows_with_what_is_written() -> None:
    # In a process of its own, and mapped: memory that was freed before would be taken again without growing.
    code = """
import mmap
from inception_profiler.bench import host
held = mmap.mmap(-1, 50 << 20)
before = host.resident()
for page in range(0, len(held), mmap.PAGESIZE):
    held[page] = 1
print(before, host.resident())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = done.stdout.split()
    if before == "None":
        pytest.skip("this system does not say how much of a process lies in memory")
    assert int(after) - int(before) == pytest.approx(50 << 20, rel=0.05)


def test_a_load_that_the_system_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> tuple[float, float, float]:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", refuse)
    assert host.load() is None
