"""Memory as documents: what must fit, where most is alive and who is there, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.memory import memory_charts
from inception_profiler.document.run import PHASE_TITLES, place, setting
from inception_profiler.records.comparison import quotient
from inception_profiler.records.memory import LayerMemory, Memory, MemoryComparison, Peak
from inception_profiler.units import Unit, scale_for

TENANTS = 12
"""How many of those alive at the peak have a row of their own."""

_TOTALS = (
    ("weights", "weight_bytes", False),
    ("buffers", "buffer_bytes", False),
    ("input", "input_bytes", False),
    ("gradients of parameters", "gradient_bytes", True),
    ("optimizer state", "optimizer_bytes", True),
    ("sum of outputs", "output_bytes", False),
    ("saved for backward", "saved_bytes", True),
)
_COLUMNS = (
    ("weight_bytes", "weights", False),
    ("gradient_bytes", "gradients", True),
    ("optimizer_bytes", "optimizer state", True),
    ("output_bytes", "outputs", False),
    ("live_bytes", "live", False),
    ("saved_bytes", "saved", True),
    ("backward_live_bytes", "live in backward", True),
)


def memory_document(memory: Memory, *, top: int = 0) -> Document:
    """Show the memory of one model."""
    blocks: list[Block] = [Heading(memory.model, 1), Prose(setting(memory)), Prose(answer(memory))]
    blocks.append(totals((memory,)))
    blocks += [*where(memory), Illustration(memory_charts, (memory,)), _layers(memory, top)]
    blocks += _callouts((memory,))
    return Document(memory.model, tuple(blocks), memory)


def memory_comparison_document(comparison: MemoryComparison, *, top: int = 0) -> Document:
    """Show the memory of a subject beside that of its references."""
    names = [memory.model for memory in comparison.references]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    title = f"{comparison.subject.model} against {listed}"
    blocks: list[Block] = [Heading(title, 1)]
    for memory in comparison.memories:
        blocks += [Prose(setting(memory)), Prose(answer(memory))]
    blocks += [totals(comparison.memories), *where(comparison.subject)]
    blocks += [Illustration(memory_charts, comparison.memories), _layers(comparison.subject, top)]
    blocks += _callouts(comparison.memories)
    return Document(title, tuple(blocks), comparison)


def answer(memory: Memory) -> str:
    """Say where most is alive, and how much."""
    peak = memory.peak
    return (
        f"Most is alive in the {PHASE_TITLES[peak.phase]}, at {place(peak)}: {_said(peak.nbytes)}. With "
        f"weights, buffers and input {_said(memory.total_bytes)} must fit."
    )


def _said(nbytes: int) -> str:
    return scale_for((nbytes,), Unit.BYTES).full(nbytes)


def totals(memories: Sequence[Memory]) -> Table:
    """Show what each model needs, with the ratio of the first to the others."""
    names = [memory.model for memory in memories]
    labels = [name if names.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(names, start=1)]
    columns = [Column("quantity", "memory", Unit.TEXT)]
    columns += [Column(label, label, Unit.BYTES) for label in labels]
    columns += [
        Column(f"ratio_{label}", "ratio" if len(labels) == 2 else f"ratio to {label}", Unit.RATIO)
        for label in labels[1:]
    ]
    trained = any(memory.trained for memory in memories)
    rows = [
        _compared(title, [getattr(memory, key) for memory in memories])
        for title, key, training in _TOTALS
        if trained or not training
    ]
    for phase, title in PHASE_TITLES.items():
        values = [sum(peak.nbytes for peak in memory.peaks if peak.phase == phase) for memory in memories]
        if any(values):
            rows.append(_compared(f"live peak, {title}" if trained else "live peak", values))
    rows.append(_compared("all that must fit", [memory.total_bytes for memory in memories], strong=True))
    return Table("Memory", tuple(columns), tuple(rows), _caption(trained))


def _caption(trained: bool) -> str:
    text = (
        "Sum of outputs adds up every tensor that the forward pass ever makes; live peak is the most of what "
        "the run made that is alive at once. torchinfo's forward/backward pass size is another sum, twice "
        "the outputs of the layers that have weights; no such sum says how much must fit. "
    )
    if trained:
        text += (
            "Saved is what autograd keeps of the forward pass for the backward pass. Live counts gradients "
            "and optimizer state too. "
        )
    return text + "All that must fit = weights + buffers + input + the highest live peak."


def _compared(title: str, values: Sequence[int], *, strong: bool = False) -> Row:
    cells: list[Cell] = [title, *values]
    cells += [quotient(values[0], value) if value else None for value in values[1:]]
    return Row(tuple(cells), strong=strong, unit=Unit.BYTES)


def where(memory: Memory) -> Iterator[Block]:
    """Show at which call each phase has its peak, and what is alive at the highest."""
    if memory.trained:
        rows = tuple(
            Row((PHASE_TITLES[peak.phase], place(peak), peak.nbytes), strong=peak is memory.peak)
            for peak in memory.peaks
        )
        columns = (
            Column("phase", "phase", Unit.TEXT),
            Column("call", "at", Unit.TEXT),
            Column("live_bytes", "live", Unit.BYTES),
        )
        yield Table("Peaks", columns, rows, _first(memory))
    kinds = _kinds(memory.peak)
    if len(kinds.rows) > 2:
        yield kinds
    yield _tenants(memory.peak)


def _first(memory: Memory) -> str:
    """Say what is alive in the very first step, where that is not what is alive in every step."""
    if not memory.optimizer_bytes or memory.first_peak_bytes == memory.peak_bytes:
        return ""
    scale = scale_for([peak.nbytes for peak in memory.peaks], Unit.BYTES)
    return (
        "In the very first step, before which the optimizer has no state, at most "
        f"{scale.full(memory.first_peak_bytes)} are alive."
    )


def _kinds(peak: Peak) -> Table:
    columns = (
        Column("kind", "kind", Unit.TEXT),
        Column("nbytes", "bytes", Unit.BYTES),
        Column("share", "share", Unit.SHARE),
    )
    rows = [Row((kind, nbytes, quotient(nbytes, peak.nbytes))) for kind, nbytes in peak.by_kind]
    return Table("Alive at the peak, by kind", columns, (*rows, _all(peak)))


def _all(peak: Peak, *blank: str) -> Row:
    return Row(("all", *blank, peak.nbytes, 1.0 if peak.nbytes else 0.0), strong=True)


def _tenants(peak: Peak) -> Table:
    columns = (
        Column("made_by", "made by", Unit.TEXT),
        Column("shape", "shape", Unit.TEXT),
        Column("kind", "kind", Unit.TEXT),
        Column("nbytes", "bytes", Unit.BYTES),
        Column("share", "share", Unit.SHARE),
    )
    rows = [
        Row(
            (
                f"{tenant.name} · {tenant.op}" if tenant.name else tenant.op,
                f"{'×'.join(map(str, tenant.tensor.shape)) or 'scalar'} {tenant.tensor.dtype}",
                tenant.described,
                tenant.nbytes,
                quotient(tenant.nbytes, peak.nbytes),
            )
        )
        for tenant in peak.alive[:TENANTS]
    ]
    rest = peak.alive[TENANTS:]
    if rest:
        left = sum(tenant.nbytes for tenant in rest)
        rows.append(Row((f"{len(rest)} more", "", "", left, quotient(left, peak.nbytes))))
    rows.append(_all(peak, "", ""))
    caption = f"In the {PHASE_TITLES[peak.phase]}, at {place(peak)}."
    if any(tenant.saved for tenant in peak.alive):
        caption += " Saved: kept by autograd for the backward pass."
    return Table("Alive at the peak", columns, tuple(rows), caption)


def _layers(memory: Memory, top: int) -> Table:
    shown = [column for column in _COLUMNS if memory.trained or not column[2]]
    columns = [Column("layer", "layer", Unit.TEXT), Column("output", "output", Unit.TEXT)]
    columns += [Column(key, title, Unit.BYTES) for key, title, _ in shown]
    rows = [row for row in memory.layers if row.output_bytes or row.weight_bytes or row.saved_bytes]
    empty = len(memory.layers) - len(rows)
    notes = ["Live is most alive during the call; saved is booked at the call that saves it first."]
    if not memory.trained:
        notes = ["Live is most alive during the call."]
    if empty:
        notes.append(
            f"{empty} operations make nothing new (views, in place) and have no row."
            if empty > 1
            else "One operation makes nothing new (a view, or in place) and has no row."
        )
    if top and len(rows) > top:
        notes.append(f"Shown are the {top} of {len(rows)} rows at which most is alive.")
        rows = sorted(rows, key=lambda row: -max(row.live_bytes, row.backward_live_bytes))[:top]
    return Table(
        f"{memory.model} by layer",
        tuple(columns),
        tuple(Row(_cells(row, [key for key, _, _ in shown])) for row in rows),
        " ".join(notes),
    )


def _cells(row: LayerMemory, keys: Sequence[str]) -> tuple[Cell, ...]:
    output = ("×".join(map(str, row.outputs[0].shape)) or "scalar") if row.outputs else ""
    return (f"{row.name} · {row.op}" if row.name else row.op, output, *(getattr(row, key) for key in keys))


def _callouts(memories: Sequence[Memory]) -> Iterator[Block]:
    for memory in memories:
        if memory.fallback:
            yield Callout("note", f"{memory.model} was run in a copy {memory.fallback}.")
    yield Callout(
        "note",
        "Not counted: what libraries take inside of a call (convolution workspace; --measure shows it on the "
        "CPU), unused parts of the allocator's blocks, and a GPU's own context.",
    )
