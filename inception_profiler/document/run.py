"""A run of which the memory was worked out, in words: what was run, and the places in it."""

from __future__ import annotations

from inception_profiler.records.memory import Memory, Peak

PHASE_TITLES = {
    "forward": "forward pass",
    "loss": "loss",
    "backward": "backward pass",
    "step": "optimizer's step",
}


def setting(memory: Memory) -> str:
    """Say what was run."""
    inputs = " and ".join(f"{'×'.join(map(str, spec.shape))} {spec.dtype}" for spec in memory.inputs)
    run = "one inference"
    if memory.trained:
        how = "all parameters at once" if memory.foreach else "one parameter after the other"
        run = f"one step of training with {memory.optimizer} ({how})"
    if memory.mode != ("training" if memory.trained else "inference"):
        run += (
            f", its modules in {memory.mode} mode"
            if memory.mode != "mixed"
            else ", its modules in both modes"
        )
    text = f"{memory.model}: {run}, input {inputs} (N first)."
    if memory.trained:
        if memory.optimizer_bytes:
            text += " The optimizer has its state from steps before."
        text += " Gradients are None when the step begins, the loss is the sum of all outputs."
    return text


def place(peak: Peak) -> str:
    """Name the call at which a peak is reached."""
    return f"{peak.name} · {peak.op}" if peak.name else peak.op
