"""Memory of a run in a pass of its own: what was predicted, and what the device's allocator gave."""

from __future__ import annotations

import os
from pathlib import Path

from inception_profiler.analysis.memory.lens import remembered
from inception_profiler.analysis.memory.session import seen, session
from inception_profiler.analysis.subject import Subject
from inception_profiler.bench.device import Device
from inception_profiler.bench.runner import OPTIMIZER, Runner
from inception_profiler.bench.settings import DTYPES
from inception_profiler.errors import ProfilerError
from inception_profiler.records.latency import Footprint, Setting
from inception_profiler.records.memory import Memory


def footprint(runner: Runner, setting: Setting, device: Device) -> Footprint:
    """Make one more call of a warm runner and watch the allocator.

    A replayed CUDA graph allocates nothing: its pool was filled when it was captured, so its peak is unknown.
    """
    memory = predicted(runner.about, setting, device)
    reserved = None
    if setting.mode == "cuda-graph":
        peak = None
    elif device.kind == "cpu":
        peak = _watched(runner)
    else:
        device.reset_peak()
        before = device.levels().allocated
        runner.call()
        device.synchronize()
        after = device.levels()
        reserved = after.reserved_peak
        peak = None if before is None or after.peak is None else after.peak - before
    return Footprint(None if memory is None else memory.peak_bytes, peak, reserved, resident_bytes())


def predicted(about: Subject, setting: Setting, device: Device) -> Memory | None:
    """Return what `memory` says of an eager run; None under autocast, which it does not follow."""
    if DTYPES.get(setting.dtype).autocast is not None:
        return None
    optimizer = OPTIMIZER if setting.train else ""
    try:
        return remembered(about, optimizer=optimizer, foreach=setting.train and device.asynchronous)
    except ProfilerError:
        return None


def _watched(runner: Runner) -> int:
    """Return the most bytes that a call had taken from the CPU's allocator and not given back."""
    with session() as profiler:
        runner.call()
    level = peak = 0
    for event in seen(profiler):
        level += event.change
        peak = max(peak, level)
    return peak


def resident_bytes() -> int | None:
    """Return the memory that this process has now; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
