"""Energy of a whole model, by the counter that the device itself keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from inception_profiler.bench.device import Device
from inception_profiler.records.latency import Energy

WINDOW = 5.0
"""Seconds of work at least: the counter moves in steps of up to a tenth of one."""

IDLE = 2.0
"""Seconds without work, before it."""

SETTLE = 1.0
"""Seconds after earlier work, before the device counts as having nothing to do."""

PATIENCE = 2.0
"""Seconds after which a counter that does not move is not one."""

GLANCE = 0.01
"""Seconds between two looks at it while there is nothing to do."""


class _Count(NamedTuple):
    """Where clock and counter stand, or how far they went."""

    seconds: float
    joules: float


def energy(
    device: Device,
    run: Callable[[], object],
    images: int,
    *,
    window: float = WINDOW,
    sleep: Callable[[float], object] = time.sleep,
) -> Energy | None:
    """Call ``run``, each call synchronized, for ``window`` seconds or more; return what that took.

    The counter moves in steps, so a window begins and ends where one is seen. The power of a device without
    work is measured first and given apart: it is part of ``joules``. None where the device has no counter,
    or where it stands still. ``images`` is how many one call processes.
    """
    if device.state().joules is None:
        return None
    calls = 0

    def work() -> None:
        nonlocal calls
        run()
        device.synchronize()
        calls += 1

    def rest() -> None:
        sleep(GLANCE)

    device.synchronize()
    sleep(SETTLE)
    idle = _window(device, rest, _moved(device, rest), IDLE)
    begin = _moved(device, work)
    calls = 0
    busy = _window(device, work, begin, window)
    if idle is None or busy is None:
        return None
    return Energy(busy.joules, busy.seconds, calls * images, idle_watts=idle.joules / idle.seconds)


def _window(device: Device, step: Callable[[], object], begin: _Count | None, least: float) -> _Count | None:
    """Repeat ``step`` for ``least`` seconds and until the counter moves; return how far both went."""
    if begin is None:
        return None
    while device.clock() - begin.seconds < least:
        step()
    end = _moved(device, step)
    if end is None or end.joules <= begin.joules:
        return None
    return _Count(end.seconds - begin.seconds, end.joules - begin.joules)


def _moved(device: Device, step: Callable[[], object]) -> _Count | None:
    """Repeat ``step`` until the counter is seen to have moved; None where it does not, or is not there."""
    joules, begin = device.state().joules, device.clock()
    while joules is not None and device.clock() - begin < PATIENCE:
        step()
        now = device.state().joules
        if now is not None and now != joules:
            return _Count(device.clock(), now)
    return None
