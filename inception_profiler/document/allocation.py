"""Predicted and measured memory side by side, with what libraries took attributed to calls."""

from __future__ import annotations

from inception_profiler.document.blocks import Block, Callout, Column, Document, Heading, Prose, Row, Table
from inception_profiler.document.memory import where
from inception_profiler.document.run import PHASE_TITLES, setting
from inception_profiler.records.allocation import Allocated, Allocation
from inception_profiler.records.comparison import quotient
from inception_profiler.units import Unit

CALLS = 15
"""How many calls are shown."""


def allocation_document(found: Allocated) -> Document:
    """Show what was predicted and what the allocator gave."""
    memory, peak = found.memory, found.peak
    title = f"{memory.model}: predicted and measured"
    rows = (
        ("predicted live peak", memory.peak_bytes, 0),
        ("measured peak", found.peak_bytes, 0),
        ("tensors, as predicted there", peak.predicted_bytes, 1),
        ("workspace of the library, by formula", peak.workspace_bytes, 1),
        ("workspace beyond the formula", peak.hidden_bytes - peak.workspace_bytes, 1),
        ("predicted at the end", memory.end_bytes, 0),
        ("measured at the end", found.end_bytes, 0),
    )
    columns = (
        Column("quantity", "memory", Unit.TEXT),
        Column("nbytes", "bytes", Unit.BYTES),
        Column("share", "of predicted", Unit.SHARE),
    )
    blocks: list[Block] = [
        Heading(title, 1),
        Prose(setting(memory)),
        Prose(f"Measured on the CPU: {found.library}."),
        Table(
            "Live peak",
            columns,
            tuple(
                Row((name, value, quotient(value, memory.peak_bytes)), level=level, unit=Unit.BYTES)
                for name, value, level in rows
            ),
            f"The measured peak is in the {PHASE_TITLES[peak.phase]}, at {_named(peak)}. Between calls the "
            f"allocator and the prediction differ by {found.off_bytes:,} bytes at most: what is measured "
            "beyond the prediction is what libraries take inside of a call.",
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
        Column("hidden_bytes", "on top", Unit.BYTES, "live"),
        Column("workspace_bytes", "by formula", Unit.BYTES, "live"),
        Column("measured_bytes", "measured", Unit.BYTES, "live"),
    )
    ranked = sorted(found.allocations, key=lambda entry: -entry.measured_bytes)
    rows = tuple(
        Row(
            (
                _named(entry),
                PHASE_TITLES[entry.phase],
                entry.predicted_bytes,
                entry.hidden_bytes,
                entry.workspace_bytes,
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
        "On top is measured less predicted, the workspace of the library; beside it what a formula expects. "
        f"Of {len(found.allocations)} calls {exact} took what is expected, to the byte; shown are the "
        f"{len(rows)} at which most was given out.",
    )


def _named(entry: Allocation) -> str:
    return f"{entry.name} · {entry.op}" if entry.name else entry.op
