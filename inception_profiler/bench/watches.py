"""What takes the time of one call after the other: the host's clock, or events of the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from inception_profiler.bench.ahead import Ahead
from inception_profiler.bench.device import Device, Span

SEGMENT = 128
"""Calls behind one blocking operation: a queue has an end, and a host that waits for it is not ahead."""


class Watch(Protocol):
    """What takes the time of one call after the other."""

    def start(self, slot: int) -> None:
        """Begin to time the call of that index."""

    def stop(self, slot: int) -> None:
        """End timing it."""

    def taken(self) -> tuple[list[float], bool]:
        """Return the seconds of every call, and whether they are the device's and not the host's."""


class HostWatch:
    """Times with the clock of the host; ``wait`` returns when the device is done, before and after each."""

    def __init__(
        self, clock: Callable[[], float], slots: int, wait: Callable[[], None] | None = None
    ) -> None:
        self._seconds = [0.0] * slots
        self._clock = clock
        self._wait = wait
        self._began = 0.0

    def start(self, slot: int) -> None:  # noqa: ARG002  # asked as every watch is
        """Begin to time a call."""
        if self._wait:
            self._wait()
        self._began = self._clock()

    def stop(self, slot: int) -> None:
        """End timing it."""
        if self._wait:
            self._wait()
        self._seconds[slot] = self._clock() - self._began

    def taken(self) -> tuple[list[float], bool]:
        """Return the seconds of every call; they are the host's."""
        return self._seconds, False


class SpanWatch:
    """Times with pairs of events, each segment of calls queued behind an operation that blocks the device."""

    def __init__(self, device: Device, slots: int, ahead: Ahead) -> None:
        self._device = device
        self._spans: list[Span | None] = [device.span() for _ in range(slots)]
        self._ahead = ahead
        self._left = 0
        self._held = True
        self._begun = False

    def start(self, slot: int) -> None:
        """Begin to time a call; block the device first where a segment begins."""
        if not self._left:
            self._close()
            self._ahead.begin()
            self._begun, self._left = True, SEGMENT
        self._left -= 1
        self._span(slot).start()

    def stop(self, slot: int) -> None:
        """End timing it."""
        self._span(slot).stop()

    def taken(self) -> tuple[list[float], bool]:
        """Wait for the device; return the seconds of each call, and whether the host was ahead throughout."""
        self._close()
        self._device.synchronize()
        return [self._span(slot).seconds() for slot in range(len(self._spans))], self._held

    def _close(self) -> None:
        if self._begun:
            self._held = self._ahead.held() and self._held

    def _span(self, slot: int) -> Span:
        span = self._spans[slot]
        assert span is not None, "the device has events"
        return span
