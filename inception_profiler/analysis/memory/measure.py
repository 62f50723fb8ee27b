"""Hold a prediction against the allocator of the CPU, call by call."""

from __future__ import annotations

import torch

from inception_profiler.analysis.memory.allocator import Level, levels
from inception_profiler.analysis.memory.book import Event
from inception_profiler.analysis.memory.lens import read_off
from inception_profiler.analysis.memory.rehearse import Rehearsal, rehearse
from inception_profiler.analysis.memory.workspace import BLOCKS, workspace_bytes
from inception_profiler.analysis.subject import Subject
from inception_profiler.records.allocation import Allocated, Allocation
from inception_profiler.records.memory import BACKWARD, FORWARD, Memory


def measured(about: Subject, *, optimizer: str = "", foreach: bool = False) -> Allocated:
    """Predict the memory of a subject, run it on the CPU, and say where the allocator gave more.

    Raises:
        InputError: the run would not fit into the memory that is free.
        LayerError: the model does not run.
    """
    run = rehearse(about, optimizer=optimizer, foreach=foreach)
    predicted = read_off(run, about, optimizer, foreach=foreach)
    found = levels(about, predicted)
    threads = torch.get_num_threads()
    isa = torch.backends.cpu.get_cpu_capability()
    block = BLOCKS.get(isa, 0) if torch.backends.mkldnn.is_available() else 0  # type: ignore[no-untyped-call]
    highs: dict[tuple[str, int], int] = {}
    for level in found:
        place = level.phase, level.call
        highs[place] = max(highs.get(place, 0), level.high_bytes)
    expected: dict[tuple[str, int], int] = {}
    for moment in predicted.timeline:
        place = moment.phase, moment.index
        expected[place] = max(expected.get(place, 0), moment.high_bytes)
    allocations = []
    for place, high in highs.items():
        if place not in expected:
            continue
        phase, index = place
        layer = predicted.layers[index] if index >= 0 else None
        allocations.append(
            Allocation(
                phase,
                index,
                layer.name if layer else "",
                layer.op if layer else phase,
                expected[place],
                workspace_bytes(
                    run.trace.calls[index], phase, block, threads, propagates=_propagates(run, index)
                )
                if layer
                else 0,
                high,
            )
        )
    return Allocated(
        memory=predicted,
        library=f"PyTorch {torch.__version__}, {isa}, {threads} threads",
        peak_bytes=max(highs.values()),
        end_bytes=found[-1].end_bytes,
        off_bytes=_off(run, predicted, found),
        allocations=tuple(allocations),
    )


def _propagates(run: Rehearsal, index: int) -> bool:
    """Tell whether a gradient of the first input of a call is made."""
    shape = run.trace.calls[index].inputs[0].shape
    return any(entry.place == (BACKWARD, index) and entry.tensor.shape == shape for entry in run.book.entries)


def _off(run: Rehearsal, predicted: Memory, found: list[Level]) -> int:
    """Return by how much prediction and allocator differ at most where no call is running."""
    after: dict[int, int] = {}
    level = predicted.optimizer_bytes
    for event in run.book.events:
        level += event.change
        if _closes(event):
            after[event.place[1]] = level
    off = [abs(found[-1].end_bytes - predicted.end_bytes)]
    off += [
        abs(level.end_bytes - after[level.call])
        for level in found
        if level.phase == FORWARD and level.call in after
    ]
    ends = [moment.end_bytes for moment in predicted.timeline if moment.phase == BACKWARD]
    if ends:
        off.append(abs(ends[-1] - [level.end_bytes for level in found if level.phase == BACKWARD][-1]))
    return max(off)


def _closes(event: Event) -> bool:
    return event.entry < 0 and event.place[0] == FORWARD
