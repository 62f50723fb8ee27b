from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.latency import benchmark_document
from inception_profiler.records.latency import Benchmark
from tests.fixed_latency import raced


def test_what_too_few_rounds_cannot_say_is_left_open() -> None:
    whole = raced()
    rows = tuple(replace(row, seconds=row.seconds[:5], device_seconds=()) for row in whole.measurements)
    few = Benchmark(rows, (replace(whole.ratios[0], ratios=whole.ratios[0].ratios[:5]),))
    document = benchmark_document(few)
    (ratio,) = next(table for table in document.tables() if table.title == "Side by side").rows
    assert ratio.cells[3:5] == (None, None)
    assert ratio.cells[-1] == "unclear"
    warned = [block.text for block in document.blocks if "fewer than 6 samples" in getattr(block, "text", "")]
    assert len(warned) == 3  # of the fourth there are none
