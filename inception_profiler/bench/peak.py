"""The most memory that a run takes, as the device's own allocator counts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from inception_profiler.bench.device import Device


class Peak(NamedTuple):
    """What one run took at most, in bytes; None is unknown, never 0.

    Attributes:
        allocated: given out for it and alive at once, above the level before it.
        reserved: most that the allocator held of the device, with what it keeps for later.
    """

    allocated: int | None
    reserved: int | None


def peak(device: Device, run: Callable[[], object]) -> Peak:
    """Call ``run`` once, not timed, and return what the allocator gave out for it at most.

    Weights and inputs, which are there before, are no part of it; what ``run`` returns is alive until it has
    been read. Libraries settle in the first calls: warm up before. The CPU's allocator keeps no counts and is
    watched by PyTorch's profiler.
    """
    return _watched(run) if device.kind == "cpu" else _counted(device, run)


def _counted(device: Device, run: Callable[[], object]) -> Peak:
    device.synchronize()
    device.reset_peak()
    before = device.levels()
    outputs = run()
    device.synchronize()
    after = device.levels()
    del outputs
    if before.allocated is None or after.peak is None:
        return Peak(None, after.reserved_peak)
    return Peak(after.peak - before.allocated, after.reserved_peak)


def _watched(run: Callable[[], object]) -> Peak:
    from inception_profiler.analysis.memory.session import seen, session

    with session() as profiler:
        outputs = run()
    level = highest = 0
    for event in seen(profiler):
        level += event.change
        highest = max(highest, level)
    del outputs
    return Peak(highest, None)
