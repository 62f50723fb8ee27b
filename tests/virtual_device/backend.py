"""A device whose true latency and true bytes are known, because the test has set them.

What it computes is right (the CPU does it at once); how long it takes is what `configure` says, on clocks of
its own: nothing waits, and every time is exact. To PyTorch it is an accelerator like any other, with the name
``virtual``: `torch.accelerator`, `torch.Event`, `torch.Stream` and training work.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

import torch

from tests.virtual_device import module
from tests.virtual_device.build import build


class Launch(NamedTuple):
    """One operator on the device; all times in nanoseconds since `reset`."""

    operator: str
    stream: int
    enqueued: int
    started: int
    ended: int

    @property
    def time(self) -> int:
        return self.ended - self.started


class VirtualDevice:
    """The device, its clocks and its counters.

    An operator has the name of its schema, without overload and trailing ``_``: ``convolution``, ``relu``,
    ``native_batch_norm``, ``addmm``, ``copy``, ``sleep``. Views and allocations take no time.
    """

    def __init__(self) -> None:
        self._core: ModuleType = build()
        if torch._C._get_privateuse1_backend_name() != "virtual":
            torch.utils.rename_privateuse1_backend("virtual")
            torch._register_device_module("virtual", module.of(self))
        self.device = torch.device("virtual", 0)

    def configure(
        self,
        *,
        host: int = 0,
        device: int = 0,
        host_of: Mapping[str, int] | None = None,
        device_of: Mapping[str, int] | None = None,
        per_element: Mapping[str, int] | None = None,
        queue: int = 0,
        memory: int = 0,
        block: int = 512,
    ) -> None:
        """Say what everything costs from now on.

        Args:
            host: nanoseconds for which an operator occupies the host, to enqueue it.
            device: nanoseconds for which an operator occupies the device.
            host_of: instead of `host` for these operators; ``record`` is to record an event, else free.
            device_of: instead of `device` for these operators.
            per_element: nanoseconds on the device for each element of the operator's outputs, on top.
            queue: operators that may be on their way before the host has to wait; 0 is any number.
            memory: bytes of the device, above which it raises `torch.OutOfMemoryError`; 0 is any number.
            block: bytes that an allocation is rounded up to.
        """
        self._core.configure(
            host, device, host_of or {}, device_of or {}, per_element or {}, queue, memory, block
        )

    def reset(self) -> None:
        """Set clocks and costs to 0, forget the launches, and begin the peak at the present level.

        What earlier tests left to the collector is freed first: later it would look like memory given back.
        """
        gc.collect()
        self.configure()
        self._core.reset()
        torch.accelerator.reset_peak_memory_stats()

    def clock(self) -> float:
        """Return the host's time in seconds: the clock to inject where a measurement reads one."""
        return self._core.host() / 1e9

    @property
    def host(self) -> int:
        """The host's time in nanoseconds."""
        return self._core.host()

    @property
    def busy(self) -> int:
        """The time at which the device will have done all that is queued, in nanoseconds."""
        return self._core.busy()

    def work(self, time: int) -> None:
        """Let the host be busy with something else, or idle, for so many nanoseconds."""
        self._core.work(time)

    def occupy(self, time: int) -> None:
        """Queue something that occupies the device for so many nanoseconds, and not the host."""
        self._core.occupy(time)

    def launches(self) -> tuple[Launch, ...]:
        """Return everything that was enqueued since `reset`, in order."""
        return tuple(Launch(*launch) for launch in self._core.launches())
