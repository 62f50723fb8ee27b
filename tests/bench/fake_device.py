"""A device whose clocks only the test turns: for tests without waiting and chance."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch

from inception_profiler.bench.device import Levels, State


class FakeDevice:
    """A device with a host clock and a queue in fake seconds.

    ``run(host, device)`` is a call that keeps the caller for ``host`` seconds and the device for ``device``
    more, behind what is queued; a device that is not asynchronous keeps the caller for both. Both may be
    functions without arguments, for costs that change from call to call.
    """

    name = "fake device"
    driver = "driver 1.0"
    capability = "fake"
    unknown = ""

    def __init__(self, *, asynchronous: bool = True, spans: bool = True, blocks: bool = True) -> None:
        self.kind = "fake" if asynchronous else "cpu"
        self.place = torch.device("cpu")
        self.asynchronous = asynchronous
        self.cache_bytes: int | None = 1 << 20
        self.memory_bytes: int | None = 1 << 30
        self.now = 0.0
        self.busy_until = 0.0
        self.synchronized = 0
        self.blocked: list[float] = []
        self.allocated, self.peak = 0, 0
        self.states: list[State] = []
        self.last = State()
        self._spans, self._blocks = spans, blocks

    def run(self, host: Cost = 0.0, device: Cost = 0.0) -> None:
        """Make a call of that cost."""
        self.now += host() if callable(host) else host
        cost = device() if callable(device) else device
        if self.asynchronous:
            self.busy_until = max(self.busy_until, self.now) + cost
        else:
            self.now += cost

    def call(self, host: Cost = 0.0, device: Cost = 0.0) -> Callable[[], None]:
        """Return a call of that cost, to be measured."""
        return lambda: self.run(host, device)

    def hold(self, nbytes: int) -> None:
        """Change what the allocator has given out."""
        self.allocated += nbytes
        self.peak = max(self.peak, self.allocated)

    def sleep(self, seconds: float) -> None:
        """Stand in for `time.sleep`."""
        self.now += seconds

    def current(self) -> AbstractContextManager[object]:
        return nullcontext()

    def clock(self) -> float:
        return self.now

    def synchronize(self) -> None:
        self.synchronized += 1
        self.now = max(self.now, self.busy_until)

    def span(self) -> FakeSpan | None:
        return FakeSpan(self) if self._spans and self.asynchronous else None

    def block(self, seconds: float) -> bool:
        if not self._blocks or not self.asynchronous:
            return False
        self.blocked.append(seconds)
        self.run(device=seconds)
        return True

    def reset_peak(self) -> None:
        self.peak = self.allocated

    def levels(self) -> Levels:
        return Levels(self.allocated, self.peak, self.peak)

    def state(self) -> State:
        """The next of ``states``, and the last of them from then on."""
        if self.states:
            self.last = self.states.pop(0)
        return self.last

    def pace(self) -> float | None:
        return self.state().clock_mhz


class FakeSpan:
    """The device's time between two marks, which lie behind what was queued when they were made."""

    def __init__(self, device: FakeDevice) -> None:
        self._device = device
        self._marks: list[float | None] = [None, None]

    def start(self) -> None:
        self._marks[0] = max(self._device.now, self._device.busy_until)

    def stop(self) -> None:
        self._marks[1] = max(self._device.now, self._device.busy_until)

    def over(self) -> bool:
        return self._marks[1] is not None and self._marks[1] <= self._device.now

    def seconds(self) -> float:
        begin, end = self._marks
        assert begin is not None, "the span was never started"
        assert end is not None, "the span was never stopped"
        assert end <= self._device.now, "the span is read before the device has reached its end"
        return end - begin


Cost = float | Callable[[], float]
