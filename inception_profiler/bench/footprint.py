"""Memory of a run in a pass of its own: what was predicted, and what the device's allocator gave."""

from __future__ import annotations

from inception_profiler.analysis.memory.lens import remembered
from inception_profiler.analysis.subject import Subject
from inception_profiler.bench.device import Device
from inception_profiler.bench.host import resident
from inception_profiler.bench.peak import Peak, peak
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
    taken = Peak(None, None) if setting.mode == "cuda-graph" else peak(device, runner.call)
    return Footprint(None if memory is None else memory.peak_bytes, *taken, resident())


def predicted(about: Subject, setting: Setting, device: Device) -> Memory | None:
    """Return what `memory` says of an eager run; None under autocast, which it does not follow."""
    if DTYPES.get(setting.dtype).autocast is not None:
        return None
    optimizer = OPTIMIZER if setting.train else ""
    try:
        return remembered(about, optimizer=optimizer, foreach=setting.train and device.asynchronous)
    except ProfilerError:
        return None
