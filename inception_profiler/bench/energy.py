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
"""Seconds without work, by which the power of doing nothing is known."""

SETTLE = 1.0
"""Seconds after earlier work, before the device counts as having nothing to do."""

PATIENCE = 2.0
"""Seconds after which a counter that does not move is not one."""

GLANCE = 0.01
"""Seconds between two looks at it while there is nothing to do."""


class _Count(NamedTuple):
    """Where clock and counter stand after so many steps, or how far they went in them."""

    steps: int
    seconds: float
    joules: float


def idle_watts(device: Device, *, sleep: Callable[[float], object] = time.sleep) -> float | None:
    """Return the power of the device while it has nothing to do, by its counter; None where it has none."""
    if device.state().joules is None:
        return None

    def rest() -> None:
        sleep(GLANCE)

    device.synchronize()
    sleep(SETTLE)
    idle = _window(device, rest, IDLE)
    return idle.joules / idle.seconds if idle else None


def energy(
    device: Device, run: Callable[[], object], images: int, idle: float, *, window: float = WINDOW
) -> Energy | None:
    """Call ``run``, each call synchronized, for ``window`` seconds or more; return what that took.

    The counter moves in steps, so a window begins and ends where one is seen. The power of a device without
    work, ``idle`` of `idle_watts`, is given apart: it is part of ``joules``. None where the device has no
    counter, or where it stands still. ``images`` is how many one call processes.
    """

    def work() -> None:
        run()
        device.synchronize()

    busy = _window(device, work, window)
    return Energy(busy.joules, busy.seconds, busy.steps * images, idle) if busy else None


def _window(device: Device, step: Callable[[], object], least: float) -> _Count | None:
    """Repeat ``step`` for ``least`` seconds, from move to move of the counter; return what that took."""
    begin = _moved(device, step)
    if begin is None:
        return None
    steps = 0
    while device.clock() - begin.seconds < least:
        step()
        steps += 1
    end = _moved(device, step)
    if end is None or end.joules <= begin.joules:
        return None
    return _Count(steps + end.steps, end.seconds - begin.seconds, end.joules - begin.joules)


def _moved(device: Device, step: Callable[[], object]) -> _Count | None:
    """Repeat ``step`` until the counter is seen to have moved; None where it does not, or is not there."""
    joules, begin, steps = device.state().joules, device.clock(), 0
    while joules is not None and device.clock() - begin < PATIENCE:
        step()
        steps += 1
        now = device.state().joules
        if now is not None and now != joules:
            return _Count(steps, device.clock(), now)
    return None
