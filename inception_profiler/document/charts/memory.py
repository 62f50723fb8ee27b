"""Charts of memory: what is alive from call to call, with the peak."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from inception_profiler.document.chart import STEPS, Axis, Chart, Note, Point, Series
from inception_profiler.document.run import PHASE_TITLES, place, setting
from inception_profiler.records.memory import Memory, Moment, Peak
from inception_profiler.units import Unit, scale_for


def memory_charts(*memories: Memory) -> Iterator[Chart]:
    """Yield the timeline of each model."""
    return (timeline(memory) for memory in memories if memory.timeline)


def timeline(memory: Memory) -> Chart:
    """Show the bytes alive at every call through all phases, the peak marked."""
    series: list[Series] = []
    notes: list[Note] = []
    spans: list[tuple[str, int]] = []
    peak = memory.peak
    for number, moment in enumerate(memory.timeline):
        if not spans or spans[-1][0] != moment.phase:
            spans.append((moment.phase, number))
    for (phase, first), (_, end) in pairwise([*spans, ("", len(memory.timeline))]):
        heights = [moment.high_bytes for moment in memory.timeline[first:end]]
        # the last holds as long as the others
        points = tuple(Point(first + step, height) for step, height in enumerate([*heights, heights[-1]]))
        alone = len(spans) == 1
        series.append(Series(PHASE_TITLES[phase], STEPS, points, memory.model if alone else phase))
        if not alone:
            notes.append(Note(PHASE_TITLES[phase], x=first))
    highest = max(range(len(memory.timeline)), key=lambda number: _rank(memory.timeline[number], peak))
    said = f"peak: {_said(peak.nbytes)}, {place(peak)}"
    notes.append(Note(said, highest + 0.5, peak.nbytes, strong=True))
    apart = memory.weight_bytes + memory.buffer_bytes + memory.input_bytes
    return Chart(
        "memory-timeline",
        f"{memory.model}: what is alive, call by call",
        Axis("calls, in order of execution", Unit.COUNT, "number"),
        Axis("alive at once", Unit.BYTES),
        tuple(series),
        notes=tuple(notes),
        caption=(
            "All tensors that the run makes, as long as they are needed, at the most of each call. Weights, "
            f"buffers and input are not in it: {_said(apart)} more."
        ),
        source=setting(memory),
    )


def _rank(moment: Moment, peak: Peak) -> tuple[bool, int]:
    """Order moments so that the one in which the peak is reached comes last."""
    return (moment.phase, moment.index) == (peak.phase, peak.index), moment.high_bytes


def _said(nbytes: int) -> str:
    return scale_for((nbytes,), Unit.BYTES).full(nbytes)
