"""Predicted and measured memory side by side, with what libraries took attributed to calls."""

from __future__ import annotations

from inception_profiler.document.blocks import Block, Callout, Column, Document, Heading, Prose, Row, Table
from inception_profiler.document.memory import setting, where
from inception_profiler.records.allocation import Allocated, Allocation
from inception_profiler.records.comparison import quotient
from inception_profiler.units import Unit

CALLS = 15
"""How many calls are shown."""


def allocation_document(found: Allocated) -> Document:
    """Show what was predicted and what the allocator gave."""
    memory, peak = found.memory, found.peak
    title = f"{memory.model}: predicted and measured"
    beside = peak.predicted_bytes
    rows = (
        ("predicted live peak", memory.peak_bytes),
        (f"predicted at {_named(peak)}", beside),
        ("library workspace there, by formula", peak.workspace_bytes),
        ("library workspace there, the rest", peak.hidden_bytes - peak.workspace_bytes),
        ("measured peak", found.peak_bytes),
        ("measured at the end", found.end_bytes),
        ("predicted at the end", memory.end_bytes),
    )
    columns = (
        Column("quantity", "memory", Unit.TEXT),
        Column("nbytes", "bytes", Unit.BYTES),
        Column("share", "of the predicted peak", Unit.SHARE),
    )
    blocks: list[Block] = [
        Heading(title, 1),
        Prose(setting(memory)),
        Prose(f"Measured on the CPU: {found.library}."),
        Table(
            "Live peak",
            columns,
            tuple(Row((name, value, quotient(value, memory.peak_bytes))) for name, value in rows),
            f"The measured peak is at {_named(peak)} ({peak.phase}). Between calls the allocator and the "
            f"prediction differ by {found.off_bytes:,} bytes at most: the gap is what libraries take inside "
            "of a call.",
        ),
        _calls(found),
        *where(memory),
    ]
    if any(entry.hidden_bytes < 0 for entry in found.allocations):
        blocks.append(Callout("warning", "At some calls the allocator gave less than was predicted."))
    return Document(title, tuple(blocks), found)


def _calls(found: Allocated) -> Table:
    columns = (
        Column("call", "call", Unit.TEXT),
        Column("phase", "phase", Unit.TEXT),
        Column("predicted_bytes", "predicted", Unit.BYTES, "live"),
        Column("workspace_bytes", "workspace by formula", Unit.BYTES, "live"),
        Column("hidden_bytes", "workspace", Unit.BYTES, "live"),
        Column("measured_bytes", "measured", Unit.BYTES, "live"),
    )
    ranked = sorted(found.allocations, key=lambda entry: -entry.measured_bytes)
    rows = tuple(
        Row(
            (
                _named(entry),
                entry.phase,
                entry.predicted_bytes,
                entry.workspace_bytes,
                entry.hidden_bytes,
                entry.measured_bytes,
            )
        )
        for entry in ranked[:CALLS]
    )
    exact = sum(entry.hidden_bytes == entry.workspace_bytes for entry in found.allocations)
    return Table(
        "Where most was given out",
        columns,
        rows,
        f"Of {len(found.allocations)} calls {exact} took what was predicted, to the byte. Workspace is "
        "measured less predicted.",
    )


def _named(entry: Allocation) -> str:
    return f"{entry.name} · {entry.op}" if entry.name else entry.op
