"""What a document says of measurements that cannot be believed as they are."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.blocks import Callout
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


def warnings(benchmark: Benchmark) -> list[str]:
    blocks = benchmark_document(benchmark).blocks
    return [block.text for block in blocks if isinstance(block, Callout) and block.kind == "warning"]


def test_a_ceiling_that_is_left_far_behind_was_measured_badly() -> None:
    whole = raced()
    rate = whole.measurements[0].flops_per_second
    assert rate
    for share, told in ((1.2, False), (60.0, True)):
        row = replace(whole.measurements[0], ceiling=rate / share)
        said = [text for text in warnings(Benchmark((row,), ())) if "--ceilings again" in text]
        assert bool(said) is told
        if told:
            assert f"{share:,.0%}" in said[0].replace(".0%", "%")


def test_more_threads_than_processors_are_warned_of() -> None:
    row = raced().measurements[0]
    for kind, threads, told in (("cpu", 2, False), ("cpu", 3, True), ("cuda", 3, False)):
        environment = replace(row.environment, kind=kind, threads=threads, cores=2)
        said = [
            text
            for text in warnings(Benchmark((replace(row, environment=environment),), ()))
            if "threads" in text
        ]
        assert bool(said) is told
        if told:
            assert "3 threads shared 2 processors" in said[0]
