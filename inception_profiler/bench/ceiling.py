"""The roof that a whole model is held against."""

from __future__ import annotations

from inception_profiler.bench.ceilings import ceilings
from inception_profiler.bench.device import Device
from inception_profiler.errors import ProfilerError
from inception_profiler.records.latency import Setting


def attainable(device: Device, setting: Setting, *, again: bool = False) -> float | None:
    """Return the FLOP/s of a large matrix product in the setting's dtype; None where it has none."""
    try:
        return ceilings(device, setting.dtype, setting.threads, again).flops_per_second
    except ProfilerError:
        return None
