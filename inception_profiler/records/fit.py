"""Which batch fits into a given memory."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.memory import Memory


@record
class Fit(Shown):
    """The largest batch that fits, with what it needs and what one more would.

    Attributes:
        memory: what the batch needs; ``memory.total_bytes`` is at most ``budget_bytes``.
        budget_bytes: what there is.
        batch: examples in the batch.
        next_bytes: what one example more would need in all; more than ``budget_bytes``.
        rehearsed: every batch that was tried with its total bytes, in order of the batch.
    """

    memory: Memory
    budget_bytes: int
    batch: int
    next_bytes: int
    rehearsed: tuple[tuple[int, int], ...]

    @property
    def each_bytes(self) -> int:
        """What one example more takes at this batch."""
        return self.next_bytes - self.memory.total_bytes

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole result as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
