"""What a device works for one call, apart from what the host takes to ask for it."""

from __future__ import annotations

from collections.abc import Callable

from inception_profiler.bench.ahead import Ahead
from inception_profiler.bench.device import Device, Span

ROUNDS = 11
"""Calls whose median is told: a device that has all its work before it repeats itself closely."""


def device_times(device: Device, call: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, ...]:
    """Return the device's own seconds of further calls, in each of which the host was ahead.

    Between two events around an ordinary call lies also the time in which the device waited for the host, so
    those of a host-bound model would show the host. Here the device is occupied first, until all of the call
    is queued behind that. Empty where there is no such time: on a CPU, on a device that cannot be occupied,
    and for a call that waits for the device itself or is longer than the device's queue.
    """
    ahead = Ahead(device)
    span = device.span()
    if span is None:
        return ()
    found = []
    for _ in range(rounds):
        seconds, held = ahead.repeated(lambda: _once(device, ahead, span, call))
        if not held:
            return ()
        found.append(seconds)
    return tuple(found)


def _once(device: Device, ahead: Ahead, span: Span, call: Callable[[], object]) -> tuple[float, bool]:
    ahead.begin()
    span.start()
    call()
    span.stop()
    held = ahead.held()
    device.synchronize()
    return span.seconds(), held
