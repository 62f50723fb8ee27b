"""Any accelerator that PyTorch knows, through its general interface; CUDA's own only where that has none."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any

import torch

from inception_profiler.bench import host
from inception_profiler.bench.device import Levels, State
from inception_profiler.bench.state import Watch, watch

_REFUSALS = (RuntimeError, AttributeError, ValueError, TypeError, AssertionError)
"""How a backend says that it has no such function: each does it in its own way."""

_LEVELS = ("allocated_bytes.all.current", "allocated_bytes.all.peak", "reserved_bytes.all.peak")
_FIRST_CYCLES = 100_000
_LONG_ENOUGH = 2e-3
_MOST_CYCLES = 10**9


def accelerators() -> tuple[torch.device, ...]:
    """Return the accelerators that are there: none for a PyTorch built for one that this machine has not."""
    try:
        kind = torch.accelerator.current_accelerator()
        if kind is None or not torch.accelerator.is_available():
            return ()
        return tuple(torch.device(kind.type, index) for index in range(torch.accelerator.device_count()))
    except _REFUSALS:
        return ()


class Accelerator:
    """A device with a queue and a clock of its own, by `torch.accelerator` and `torch.Event`.

    Attributes:
        cycles_per_second: of the kernel that blocks the device; measured by the first `block`.
    """

    asynchronous = True

    def __init__(
        self,
        place: torch.device,
        clock: Callable[[], float] = time.perf_counter,
        watched: Watch | None = None,
    ) -> None:
        index = torch.accelerator.current_device_index() if place.index is None else place.index
        self.clock = clock
        self.place = torch.device(place.type, index)
        self.kind = place.type
        self.unknown = ""
        self.cycles_per_second: float | None = None
        self._module: Any = torch.get_device_module(place)
        self._counted = self._counts()
        if watched is None:
            watched, self.unknown = self._watch()
        self._watched = watched
        self.name = str(self._asked("get_device_name") or self._property("name") or self._unnamed())
        cache = self._property("L2_cache_size") or self._property("last_level_cache_size")  # CUDA's, XPU's
        self.cache_bytes = int(cache) if cache else None
        self.memory_bytes = self._memory()
        self.capability = self._capability()
        self._timed = self._times()

    @property
    def driver(self) -> str:
        """Versions of what lies between PyTorch and the device, as far as it is asked for them."""
        parts = {"driver": self._property("driver_version")}
        if self._watched is not None:
            parts["driver"] = self._watched.driver()
        if self.kind == "cuda":
            parts |= {"CUDA": torch.version.cuda, "HIP": torch.version.hip}
            parts["cuDNN"] = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return ", ".join(f"{name} {version}" for name, version in parts.items() if version)

    def current(self) -> AbstractContextManager[object]:
        """Make it the one that PyTorch takes where none is named, as it does for streams and graphs."""
        return torch.accelerator.device_index(self.place.index)

    def synchronize(self) -> None:
        """Wait until the device has done all that is queued on any of its streams."""
        torch.accelerator.synchronize(self.place.index)

    def span(self) -> Events | None:
        """Return a new pair of events on the stream of now; None where this backend does not time them."""
        return Events(self.place) if self._timed else None

    def block(self, seconds: float) -> bool:
        """Queue a kernel that waits so long; False where this backend has none.

        It counts cycles, so how long it takes follows the clock: who relies on it looks whether it held.
        """
        sleep = getattr(self._module, "_sleep", None)
        if sleep is None or not self._timed:
            return False
        if self.cycles_per_second is None:
            self.cycles_per_second = self._calibrated(sleep)
        with self.current():
            sleep(max(1, round(seconds * self.cycles_per_second)))
        return True

    def reset_peak(self) -> None:
        """Begin to watch the allocator anew."""
        with suppress(*_REFUSALS):
            torch.accelerator.reset_peak_memory_stats(self.place)

    def levels(self) -> Levels:
        """Return what the allocator holds, and held at most since `reset_peak`."""
        table = self._table()
        return Levels(*(table.get(key) if key in self._counted else None for key in _LEVELS))

    def state(self) -> State:
        """Return clocks, temperature, power where NVML tells them."""
        return self._watched.state() if self._watched is not None else State()

    def pace(self) -> float | None:
        """Return the clock at which it ran just now."""
        return self._watched.clock_mhz() if self._watched is not None else None

    def _watch(self) -> tuple[Watch | None, str]:
        if self.kind != "cuda" or torch.version.hip:
            return None, ""
        return watch(str(self._property("uuid")))

    def _table(self) -> Mapping[str, Any]:
        try:
            return torch.accelerator.memory_stats(self.place)
        except _REFUSALS:
            return {}

    def _counts(self) -> frozenset[str]:
        """Return what the allocator counts: what is not 0 while a tensor is alive.

        PyTorch returns 0 for what it does not count, and an empty table before the first tensor.
        """
        alive = torch.empty(1, device=self.place)
        self.synchronize()
        table = self._table()
        del alive
        return frozenset(key for key in _LEVELS if table.get(key, 0) > 0)

    def _calibrated(self, sleep: Callable[[int], object]) -> float:
        """Return the cycles of a second: of a wait that is long enough for the events to measure."""
        cycles = _FIRST_CYCLES
        while True:
            span = Events(self.place)
            with self.current():
                span.start()
                sleep(cycles)
                span.stop()
            self.synchronize()
            taken = span.seconds()
            if taken >= _LONG_ENOUGH or cycles >= _MOST_CYCLES:
                return cycles / max(taken, 1e-9)
            cycles *= 4

    def _times(self) -> bool:
        """Whether two events can be recorded and the time between them read."""
        try:
            span = Events(self.place)
            span.start()
            span.stop()
            self.synchronize()
            return span.seconds() >= 0
        except _REFUSALS:
            return False

    def _memory(self) -> int | None:
        try:
            return int(torch.accelerator.get_memory_info(self.place)[1]) or None
        except _REFUSALS:
            return int(self._property("total_memory") or 0) or None

    def _capability(self) -> str:
        found = self._asked("get_device_capability")
        return ".".join(map(str, found)) if isinstance(found, tuple) else ""

    def _unnamed(self) -> str:
        """Return a name for a device that is part of the processor, or has none."""
        return host.processor() if self.kind == "mps" else self.kind

    def _property(self, name: str) -> Any:
        return getattr(self._asked("get_device_properties"), name, None)

    def _asked(self, function: str) -> Any:
        try:
            return getattr(self._module, function)(self.place)
        except _REFUSALS:
            return None


class Events:
    """The stretch of the device's time between two events on the stream of now."""

    def __init__(self, place: torch.device) -> None:
        self._place = place
        self._begin = torch.Event(device=place, enable_timing=True)
        self._end = torch.Event(device=place, enable_timing=True)

    def start(self) -> None:
        """Mark the beginning, behind all that is queued."""
        self._begin.record(torch.accelerator.current_stream(self._place))

    def stop(self) -> None:
        """Mark the end, behind all that is queued."""
        self._end.record(torch.accelerator.current_stream(self._place))

    def over(self) -> bool:
        """Whether the device has reached the end already."""
        return self._end.query()

    def seconds(self) -> float:
        """Return what the device took between the marks; after a `synchronize` only."""
        return self._begin.elapsed_time(self._end) / 1000
