"""The largest batch that fits, as a document."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.document.blocks import Block, Callout, Column, Document, Heading, Prose, Row, Table
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.memory import memory_charts
from inception_profiler.document.run import PHASE_TITLES, place, setting
from inception_profiler.records.comparison import quotient
from inception_profiler.records.fit import Fit
from inception_profiler.units import Unit, scale_for


def fit_document(fit: Fit) -> Document:
    """Show which batch fits, what it needs of the budget, and what one example more would."""
    memory = fit.memory
    budget = scale_for((fit.budget_bytes,), Unit.BYTES).full(fit.budget_bytes)
    each = scale_for((fit.each_bytes,), Unit.BYTES).full(fit.each_bytes)
    rows = [
        ("weights", memory.weight_bytes),
        ("buffers", memory.buffer_bytes),
        ("input", memory.input_bytes),
        (f"live peak, {PHASE_TITLES[memory.peak.phase]}", memory.peak_bytes),
        ("all that must fit", memory.total_bytes),
        (f"the same with batch {fit.batch + 1:,}", fit.next_bytes),
    ]
    columns = (
        Column("quantity", "memory", Unit.TEXT),
        Column("nbytes", f"batch {fit.batch:,}", Unit.BYTES),
        Column("share", "of the budget", Unit.SHARE),
    )
    blocks: Sequence[Block] = (
        Heading(f"{memory.model}: batch {fit.batch:,} fits into {budget}", 1),
        Prose(setting(memory)),
        Table(
            "Memory",
            columns,
            tuple(
                Row((title, value, quotient(value, fit.budget_bytes)), unit=Unit.BYTES)
                for title, value in rows
            ),
            f"The live peak is at {place(memory.peak)}. Both batches were rehearsed: the first fits, the "
            f"second does not. One example more takes {each} there.",
        ),
        Illustration(memory_charts, (memory,)),
        Callout(
            "note",
            "Leave room for what is not counted: workspace of libraries, unused parts of the allocator's "
            "blocks, and a GPU's own context.",
        ),
    )
    return Document(f"{memory.model}: batch {fit.batch:,} fits into {budget}", tuple(blocks), fit)
