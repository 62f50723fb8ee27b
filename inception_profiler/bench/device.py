"""What a measurement needs of a device, and which devices there are."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from inception_profiler.errors import InputError

if TYPE_CHECKING:
    import torch


class State(NamedTuple):
    """How a device fares at a moment; None is unknown, never 0.

    Attributes:
        clock_mhz: of what computes.
        temperature: in °C.
        power_watts: that it draws.
        throttled: why it runs slower than it can; empty where it does not.
        others: other processes on it.
        joules: that it has used since its driver was loaded, by its own counter.
    """

    clock_mhz: float | None = None
    temperature: float | None = None
    power_watts: float | None = None
    throttled: tuple[str, ...] = ()
    others: int | None = None
    joules: float | None = None


class Levels(NamedTuple):
    """What the allocator of a device holds, in bytes; None is unknown."""

    allocated: int | None
    peak: int | None
    reserved_peak: int | None


class Span(Protocol):
    """A stretch of a device's own time between two events."""

    def start(self) -> None:
        """Mark the beginning, behind all that is queued."""

    def stop(self) -> None:
        """Mark the end, behind all that is queued."""

    def over(self) -> bool:
        """Whether the device has reached the end already."""

    def seconds(self) -> float:
        """Return what the device took between the marks; after a `synchronize` only."""


class Device(Protocol):
    """A processor or an accelerator, as far as a measurement is concerned."""

    @property
    def name(self) -> str:
        """As its vendor gives it."""

    @property
    def kind(self) -> str:
        """PyTorch's name of its type, ``cpu`` or ``cuda`` for example."""

    @property
    def place(self) -> torch.device:
        """Where tensors are made."""

    @property
    def asynchronous(self) -> bool:
        """Whether calls return before the device is done."""

    @property
    def cache_bytes(self) -> int | None:
        """Size of the last cache; None where it is not known."""

    @property
    def memory_bytes(self) -> int | None:
        """Memory of the device; None where it is not known."""

    @property
    def driver(self) -> str:
        """Its version, of CUDA and cuDNN too where they have a part; empty where there is none."""

    @property
    def capability(self) -> str:
        """Vector instructions that PyTorch uses, or the compute capability; empty where unknown."""

    @property
    def unknown(self) -> str:
        """Why clocks, power and energy are unknown, in one line; empty where nothing can be done."""

    def current(self) -> AbstractContextManager[object]:
        """Make it the one that PyTorch takes where none is named: its streams, and its graphs."""

    def clock(self) -> float:
        """Return the host's time in seconds, from any beginning."""

    def synchronize(self) -> None:
        """Wait until the device has done all that is queued."""

    def span(self) -> Span | None:
        """Return a new pair of events; None where the device has no time of its own."""

    def block(self, seconds: float) -> bool:
        """Queue something that occupies the device so long, and not the host; False where it cannot."""

    def reset_peak(self) -> None:
        """Begin to watch the allocator anew."""

    def levels(self) -> Levels:
        """Return what the allocator holds, and held at most since `reset_peak`."""

    def state(self) -> State:
        """Return clocks, temperature, power."""

    def pace(self) -> float | None:
        """Return the clock in MHz at which it ran just now, cheaply; None where that cannot be told."""


def find_device(text: str = "") -> Device:
    """Return the device that ``text`` names; the best there is for an empty one.

    The best is PyTorch's accelerator where there is one (CUDA, or what else it was built for), else the CPU.
    ``cpu``, ``cuda``, ``cuda:1``, ``mps``, ``xpu``, … choose.

    Raises:
        InputError: there is no such device here; the message lists those that are.
    """
    from inception_profiler.bench.accelerator import Accelerator, accelerators
    from inception_profiler.bench.cpu import Cpu

    there = accelerators()
    if not text:
        return Accelerator(there[0]) if there else Cpu()
    wanted = text.strip().lower()
    kind, _, index = wanted.partition(":")
    if kind == "cpu" and index in {"", "0"}:
        return Cpu()
    for place in there:
        if kind == place.type and (index or "0") == str(place.index):
            return Accelerator(place)
    names = ", ".join(["cpu", *map(str, there)])
    raise InputError(f"there is no device {text!r} here: choose one of {names}")
