"""What a measurement needs of a device, and which devices there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import torch


class State(NamedTuple):
    """How a device fares at a moment; None is unknown, never 0."""

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
    """A processor or an accelerator, as far as a measurement is concerned.

    Attributes:
        name: as its vendor gives it.
        kind: PyTorch's name of its type: ``cpu``, ``cuda``, …
        place: where tensors are made.
        asynchronous: whether calls return before the device is done.
        cache_bytes: of the last cache; None where it is not known.
    """

    name: str
    kind: str
    place: torch.device
    asynchronous: bool
    cache_bytes: int | None

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
