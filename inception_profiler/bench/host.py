"""What the system says of the machine that a measurement runs on; what it does not say is None."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path("/")
_THERMOMETERS = {"coretemp", "k10temp", "zenpower", "cpu_thermal"}


def processor(root: Path = ROOT) -> str:
    """Return the name of the processor as its vendor gives it, or else of its architecture."""
    for key in ("model name", "Model", "cpu model", "Hardware"):
        if found := re.search(rf"^{key}\s*:\s*(.+)$", _text(root / "proc/cpuinfo"), re.MULTILINE):
            return " ".join(found[1].split())
    return platform.processor() or platform.machine()


def allowed(root: Path = ROOT) -> tuple[int, ...]:
    """Return the numbers of the processors that this process may run on."""
    if root == ROOT and not hasattr(os, "sched_getaffinity"):
        return tuple(range(os.cpu_count() or 1))
    found = re.search(r"^Cpus_allowed_list:\s*(\S+)$", _text(root / "proc/self/status"), re.MULTILINE)
    return _numbers(found[1]) if found else tuple(sorted(os.sched_getaffinity(0)))


def cores(root: Path = ROOT) -> int:
    """Return how many processors this process may use: by its affinity, and by the quota of its groups.

    A quota of part of a processor counts as one.
    """
    return max(1, min([len(allowed(root)), *map(math.ceil, _quotas(root))]))


def last_cache(threads: int, root: Path = ROOT) -> int | None:
    """Return the bytes of the last cache: of as many of them as so many threads can fill.

    A processor with several last caches has each for some of its cores.
    """
    size, caches = 0, set()
    for number in allowed(root):
        found = {}
        for folder in (root / f"sys/devices/system/cpu/cpu{number}/cache").glob("index*"):
            level, kind = _text(folder / "level").strip(), _text(folder / "type").strip()
            if level.isdecimal() and kind != "Instruction":
                found[int(level)] = folder
        if found:
            last = found[max(found)]
            size = size or _size(_text(last / "size"))
            caches.add(_text(last / "shared_cpu_list").strip() or str(number))
    return size * max(1, min(len(caches), threads)) if size else None


def memory(root: Path = ROOT) -> int | None:
    """Return the bytes of the machine's memory, or what the process's group may use of it."""
    found = re.search(r"^MemTotal:\s*(\d+) kB$", _text(root / "proc/meminfo"), re.MULTILINE)
    whole = int(found[1]) * 1024 if found else None
    if whole is None and root == ROOT and "SC_PHYS_PAGES" in os.sysconf_names:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [_text(folder / "memory.max").strip() for folder in _groups(root)]
    return min([whole, *(int(limit) for limit in limits if limit.isdecimal())]) if whole else None


def resident(root: Path = ROOT) -> int | None:
    """Return the bytes of this process that lie in memory."""
    found = re.search(r"^VmRSS:\s*(\d+) kB$", _text(root / "proc/self/status"), re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def load() -> float | None:
    """Return how many processes wanted a processor, averaged over the last minute."""
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):
        return None


def clock_mhz(root: Path = ROOT) -> float | None:
    """Return the clock of the processors that this process may use, on average.

    On x86 ``/proc/cpuinfo`` states the nominal clock wherever the processor does not count its cycles for the
    system (``aperfmperf``), as in most virtual machines; that one is not a measurement and not returned.
    """
    numbers = allowed(root)
    folder = root / "sys/devices/system/cpu"
    clocks = [_text(folder / f"cpu{number}/cpufreq/scaling_cur_freq").strip() for number in numbers]
    found = [int(clock) / 1000 for clock in clocks if clock.isdecimal()]
    if not found and " aperfmperf" in (text := _text(root / "proc/cpuinfo")):
        stated = [float(clock) for clock in re.findall(r"^cpu MHz\s*:\s*([\d.]+)$", text, re.MULTILINE)]
        found = [stated[number] for number in numbers if number < len(stated)]
    return sum(found) / len(found) if found else None


def temperature(root: Path = ROOT) -> float | None:
    """Return the temperature of the hottest processor in °C."""
    found = [
        _text(sensor).strip()
        for folder in (root / "sys/class/hwmon").glob("hwmon*")
        if _text(folder / "name").strip() in _THERMOMETERS
        for sensor in folder.glob("temp*_input")
    ]
    return max((int(value) / 1000 for value in found if value.isdecimal()), default=None)


def _quotas(root: Path) -> Iterable[float]:
    for folder in _groups(root):
        quota, _, period = _text(folder / "cpu.max").strip().partition(" ")
        if not period:  # the first version of control groups has them in files of their own
            quota = _text(folder / "cpu.cfs_quota_us").strip()
            period = _text(folder / "cpu.cfs_period_us").strip()
        if quota.isdecimal() and period.isdecimal() and int(period):
            yield int(quota) / int(period)


def _groups(root: Path) -> Iterable[Path]:
    """Yield the folders of the control groups that this process is in, and of those around them."""
    top = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        base = top / names if names else top
        inner = base / path.lstrip("/")
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(base))


def _numbers(text: str) -> tuple[int, ...]:
    """Read ``0-3,8``."""
    spans = (part.partition("-") for part in text.split(","))
    return tuple(n for low, _, high in spans for n in range(int(low), int(high or low) + 1))


def _size(text: str) -> int:
    """Read ``32768K``; 0 for what is not a size."""
    found = re.fullmatch(r"(\d+)([KMG]?)", text.strip())
    return int(found[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[found[2]] if found else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
