"""Keep the host ahead of an asynchronous device, so that events measure the device and not the host.

A small layer takes the host longer to queue than the device to do. Then the device waits between two events,
and their difference is the host's time. With something queued first that occupies the device meanwhile, all
that follows is already there when its turn comes (the blocking kernel of NVBench).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from inception_profiler.bench.device import Device, Span

Found = TypeVar("Found")

FIRST = 0.002
"""How long the device is occupied at first, in seconds."""

LONGEST = 1.0
"""How long at most: what takes the host more waits for the device by itself."""


class Ahead:
    """Occupies a device before each stretch of work, for longer and longer until the host stays ahead.

    Attributes:
        seconds: how long the device is occupied.
        tries: how often a stretch had to be repeated.
    """

    def __init__(self, device: Device, seconds: float = FIRST) -> None:
        self.seconds = seconds
        self.tries = 0
        self._device = device
        self._able = device.asynchronous
        self._span: Span | None = None

    @property
    def able(self) -> bool:
        """Whether the host can be kept ahead, as far as is known."""
        return self._able

    def begin(self) -> None:
        """Wait for the device, then occupy it."""
        self._device.synchronize()
        self._span = self._device.span() if self._able else None
        if self._span is None:
            self._able = False
            return
        self._span.start()
        self._able = self._device.block(self.seconds)
        self._span.stop()

    def held(self) -> bool:
        """Whether the device is still occupied now, when all has been queued."""
        return self._able and self._span is not None and not self._span.over()

    def repeated(self, run: Callable[[], tuple[Found, bool]]) -> tuple[Found, bool]:
        """Repeat ``run``, which says whether the host stayed ahead in it, until it did; lengthen each time.

        Returns:
            What ``run`` found last, and whether the host stayed ahead; not where even `LONGEST` was too
            short or the device cannot be occupied.
        """
        while True:
            found, held = run()
            if held or not self._able:
                return found, held
            if self.seconds >= LONGEST:
                self._able = False
                return found, False
            self.seconds = min(2 * self.seconds, LONGEST)
            self.tries += 1
