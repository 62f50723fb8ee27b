"""What the allocator really gave to a run, beside what was predicted, call by call."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.memory import Memory


@record
class Allocation:
    """The most bytes alive during one call: predicted, and measured.

    Attributes:
        phase: one of `PHASES`.
        index: the call; -1 in the loss and the optimizer.
        name: the module of that call.
        op: its operation.
        predicted_bytes: most bytes of tensors alive during it.
        workspace_bytes: what the convolution library is expected to take on top, by formula; 0 elsewhere.
        measured_bytes: most bytes that the allocator had given out during it.
    """

    phase: str
    index: int
    name: str
    op: str
    predicted_bytes: int
    workspace_bytes: int
    measured_bytes: int

    @property
    def hidden_bytes(self) -> int:
        """What libraries took besides tensors; below 0 where the prediction was too high."""
        return self.measured_bytes - self.predicted_bytes


@record
class Allocated(Shown):
    """A run on the CPU under PyTorch's profiler, and the prediction for it.

    Attributes:
        memory: the prediction.
        library: what ran the convolutions, with its version.
        peak_bytes: most bytes that the run had taken from the allocator and not given back; weights, buffers
            and input apart, as in the prediction.
        end_bytes: what it had not given back when it was over.
        off_bytes: largest difference between the allocator and the prediction after any call of the forward
            pass, after the backward pass, and at the end. What libraries take inside of a call is no part of
            it; 0 means that every tensor was predicted to the byte.
        allocations: one entry for each call in each phase.
    """

    memory: Memory
    library: str
    peak_bytes: int
    end_bytes: int
    off_bytes: int
    allocations: tuple[Allocation, ...]

    @property
    def gap_bytes(self) -> int:
        """How much more the allocator gave than the tensors needed, at their peaks."""
        return self.peak_bytes - self.memory.peak_bytes

    @property
    def peak(self) -> Allocation:
        """The call at which the allocator gave most."""
        return max(self.allocations, key=lambda entry: entry.measured_bytes)

    @property
    def expected_bytes(self) -> int:
        """The peak with the expected workspace of the convolution library."""
        return max(entry.predicted_bytes + entry.workspace_bytes for entry in self.allocations)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole result as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
