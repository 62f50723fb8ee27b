"""What a model needs in memory: weights, gradients, optimizer state, and tensors alive at every call."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.trace import TensorSpec

FORWARD, LOSS, BACKWARD, STEP = "forward", "loss", "backward", "step"
PHASES = (FORWARD, LOSS, BACKWARD, STEP)

ACTIVATION = "activation"
PARAMETER_GRADIENT = "parameter gradient"
GRADIENT = "gradient"
STATE = "optimizer state"
TEMPORARY = "temporary"


@record
class Tenant:
    """Memory that is alive at a peak.

    Attributes:
        index: the call that made it, -1 where none did, as in the loss or the optimizer.
        name: the module that made it, or what did.
        op: the operation that made it.
        tensor: shape and type with which it was made.
        nbytes: bytes that it holds; more than those of ``tensor`` where only a part of it was returned.
        kind: `ACTIVATION`, `GRADIENT` (of an activation), `PARAMETER_GRADIENT`, `STATE` or `TEMPORARY`.
        saved: whether autograd keeps it for the backward pass.
    """

    index: int
    name: str
    op: str
    tensor: TensorSpec
    nbytes: int
    kind: str
    saved: bool

    @property
    def described(self) -> str:
        """The kind, and whether autograd keeps it."""
        return f"{self.kind}, saved" if self.saved else self.kind


@record
class Peak:
    """The most bytes alive at once in one phase, where that is, and what is alive there.

    Attributes:
        phase: one of `PHASES`.
        index: the call at which it is reached, in the backward phase the one being differentiated; -1 in the
            loss and in the optimizer.
        name: the module of that call.
        op: its operation.
        nbytes: bytes of all tensors that the pass made and that are alive; weights, buffers and input apart.
        alive: those tensors, largest first; they add up to ``nbytes``. The gradients of one call's parameters
            are one entry, and so is all of the optimizer's state.
    """

    phase: str
    index: int
    name: str
    op: str
    nbytes: int
    alive: tuple[Tenant, ...]

    @property
    def by_kind(self) -> tuple[tuple[str, int], ...]:
        """Bytes alive by kind, largest first; activations that are saved for the backward pass apart."""
        sums: dict[str, int] = {}
        for tenant in self.alive:
            sums[tenant.described] = sums.get(tenant.described, 0) + tenant.nbytes
        return tuple(sorted(sums.items(), key=lambda entry: -entry[1]))


@record
class Moment:
    """One stretch of the run that belongs to one call: the most bytes alive in it, and at its end."""

    phase: str
    index: int
    high_bytes: int
    end_bytes: int


@record
class LayerMemory:
    """One call with what it keeps in memory; aligned with the layers of the profile.

    Attributes:
        index: position in the order of execution.
        path: the module that was executing.
        name: the paper's name of it, or its path.
        op: the operation.
        outputs: the tensors returned.
        weight_bytes: parameters that this call is the first to use.
        gradient_bytes: their gradients.
        optimizer_bytes: the optimizer's state for them.
        output_bytes: bytes newly produced; 0 for views and in-place operations.
        live_bytes: most bytes alive during the call in the forward pass.
        saved_bytes: bytes that autograd keeps for the backward pass because of this call and not because of
            one before it; parameters, buffers and inputs apart.
        backward_live_bytes: most bytes alive while the call is differentiated; 0 where it is not.
    """

    index: int
    path: str
    name: str
    op: str
    outputs: tuple[TensorSpec, ...]
    weight_bytes: int
    gradient_bytes: int
    optimizer_bytes: int
    output_bytes: int
    live_bytes: int
    saved_bytes: int
    backward_live_bytes: int


@record
class Memory(Shown):
    """What one inference, or one step of training, needs in memory.

    All bytes but ``weight_bytes``, ``buffer_bytes`` and ``input_bytes`` are of tensors that the run makes.
    Training is a *steady* step: the optimizer has its state from steps before, gradients are None when the
    step begins (``zero_grad(set_to_none=True)``), the loss is the sum of all outputs, and the outputs are
    held until the end of the step.

    Attributes:
        model: the registered name, or the class of the module.
        mode: ``inference``, ``training``, or ``mixed`` where the module's own flags differ.
        inputs: the tensors the model was given.
        optimizer: its name, ``adam``; empty for an inference.
        foreach: whether the optimizer updates all parameters at once, as PyTorch's own default does on
            accelerators, or one after the other, as it does on the CPU.
        weight_bytes: all parameters, tied ones once.
        buffer_bytes: all buffers.
        input_bytes: what the caller gives.
        gradient_bytes: gradients of the parameters at the end of the backward pass.
        optimizer_bytes: the optimizer's state after a step.
        output_bytes: sum of the bytes newly produced by all calls.
        saved_bytes: what autograd keeps for the backward pass; 0 for an inference.
        end_bytes: what is alive when the run is over: the outputs, gradients and optimizer state.
        first_peak_bytes: peak of the first training step, before which the optimizer had no state.
        layers: one entry a call.
        peaks: one entry a phase, in the order of the run.
        timeline: bytes alive from call to call through all phases.
        fallback: empty, or why the model was run on real tensors in a copy.
    """

    _told = ("peak_bytes",)

    model: str
    mode: str
    inputs: tuple[TensorSpec, ...]
    optimizer: str
    foreach: bool
    weight_bytes: int
    buffer_bytes: int
    input_bytes: int
    gradient_bytes: int
    optimizer_bytes: int
    output_bytes: int
    saved_bytes: int
    end_bytes: int
    first_peak_bytes: int
    layers: tuple[LayerMemory, ...]
    peaks: tuple[Peak, ...]
    timeline: tuple[Moment, ...]
    fallback: str

    @property
    def batch(self) -> int:
        """Examples in the batch: the first size of the first input; 0 without any."""
        return self.inputs[0].shape[0] if self.inputs and self.inputs[0].shape else 0

    @property
    def trained(self) -> bool:
        """Whether this is a step of training rather than an inference."""
        return bool(self.optimizer)

    @property
    def peak(self) -> Peak:
        """The highest peak of all phases."""
        return max(self.peaks, key=lambda peak: peak.nbytes)

    @property
    def peak_bytes(self) -> int:
        """Most bytes that the run made and that are alive at once; weights, buffers and input apart."""
        return self.peak.nbytes

    @property
    def total_bytes(self) -> int:
        """All that must fit: weights, buffers, input, and the peak of what the run makes."""
        return self.weight_bytes + self.buffer_bytes + self.input_bytes + self.peak_bytes

    def peak_of(self, phase: str) -> Peak:
        """Return the peak of one phase.

        Raises:
            KeyError: the run has no such phase.
        """
        for peak in self.peaks:
            if peak.phase == phase:
                return peak
        raise KeyError(phase)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole result as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


@record
class MemoryComparison(Shown):
    """The memory of one model beside that of others, run alike."""

    subject: Memory
    references: tuple[Memory, ...]

    @property
    def memories(self) -> tuple[Memory, ...]:
        """The subject, then the references."""
        return (self.subject, *self.references)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole result as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
