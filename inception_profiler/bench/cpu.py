"""The processor of the host: it and the caller are one, so the host's clock is all there is."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch

from inception_profiler.bench import host
from inception_profiler.bench.device import Levels, State


class Cpu:
    """The CPU, by `time.perf_counter`.

    Its allocator keeps no counts, so `levels` knows nothing; `footprint` watches it by PyTorch's profiler.
    """

    kind = "cpu"
    asynchronous = False
    driver = ""
    unknown = ""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.place = torch.device("cpu")
        self.name = host.processor()
        self.memory_bytes = host.memory()
        self.capability = torch.backends.cpu.get_cpu_capability()

    @property
    def cache_bytes(self) -> int | None:
        """Of the last caches that the threads of now can fill."""
        return host.last_cache(torch.get_num_threads())

    def current(self) -> AbstractContextManager[object]:
        """Nothing: there is one."""
        return nullcontext()

    def synchronize(self) -> None:
        """Nothing: a call returns when its work is done."""

    def span(self) -> None:
        """None: there is no time but the host's."""

    def block(self, seconds: float) -> bool:  # noqa: ARG002  # asked as every device is
        """Return False: what occupies the processor occupies the caller."""
        return False

    def reset_peak(self) -> None:
        """Nothing: nothing is counted."""

    def levels(self) -> Levels:
        """Return that nothing is known."""
        return Levels(None, None, None)

    def state(self) -> State:
        """Return clock and temperature where the system tells them."""
        return State(clock_mhz=host.clock_mhz(), temperature=host.temperature())

    def pace(self) -> None:
        """None: when a call is over its cores are idle, and their clock is that of idle cores."""
