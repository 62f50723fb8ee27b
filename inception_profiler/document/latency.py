"""Latency as documents: what a caller waits, what the device works, and who is faster than whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.latency import benchmark_charts
from inception_profiler.document.latency_tables import latency_tables
from inception_profiler.document.setting import common, environment_warnings, environment_words, labels
from inception_profiler.records.comparison import quotient
from inception_profiler.records.latency import (
    FASTER,
    SAME,
    SLOWER,
    Benchmark,
    Environment,
    Measurement,
    Ratio,
)
from inception_profiler.units import Unit, scale_for

WIDE = 0.05
"""From this half-width on, as a share of the median, a row is said to be known badly."""

ABOVE = 2.0
"""From this share of the ceiling on it is the ceiling that is wrong: no kernel is faster by so much."""


def benchmark_document(benchmark: Benchmark) -> Document:
    """Show what was measured, and the ratios of what was measured side by side."""
    rows = benchmark.measurements
    names = list(dict.fromkeys(row.model for row in rows))
    others = names[1:]
    listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}" if others else ""
    title = f"Latency of {names[0]} against {listed}" if others else f"Latency of {names[0]}"
    blocks: list[Block] = [Heading(title, 1), Prose(f"All rows: {common(rows)}.")]
    blocks.append(Prose(environment_words(rows[0].environment)))
    blocks += [Prose(_answer(rows, ratio)) for ratio in benchmark.ratios]
    named = labels(rows)
    if benchmark.ratios:
        blocks.append(side_by_side(benchmark, named))
    blocks += [*latency_tables(rows, named), Illustration(benchmark_charts, (benchmark,))]
    blocks += _callouts(benchmark, named)
    return Document(title, tuple(blocks), benchmark)


def _environments(rows: Sequence[Measurement]) -> list[Environment]:
    return list(dict.fromkeys(row.environment for row in rows))


def side_by_side(benchmark: Benchmark, named: Sequence[str]) -> Table:
    """Show the ratios of what was measured in the same rounds; ``named`` are the measurements."""
    columns = (
        Column("subject", "subject", Unit.TEXT),
        Column("reference", "against", Unit.TEXT),
        Column("ratio", "latency", Unit.RATIO),
        Column("from", "from", Unit.RATIO),
        Column("to", "to", Unit.RATIO),
        Column("macs_ratio", "MACs", Unit.RATIO),
        Column("verdict", "verdict", Unit.TEXT),
    )
    rows = tuple(
        Row(
            (
                named[ratio.subject],
                benchmark.measurements[ratio.reference].model,
                ratio.median,
                *(ratio.interval or (None, None)),
                _macs_ratio(benchmark.measurements, ratio),
                ratio.verdict(),
            )
        )
        for ratio in benchmark.ratios
    )
    return Table(
        "Side by side",
        columns,
        rows,
        "Rounds of all models in random order, in one process on one device: the median of the ratios within "
        "each round, and what encloses the true one with 95% confidence. Faster, slower: by more than 2% "
        "with the whole interval; same: within 2%; else unclear.",
    )


def _macs_ratio(rows: Sequence[Measurement], ratio: Ratio) -> float:
    return quotient(rows[ratio.subject].macs, rows[ratio.reference].macs)


def _answer(rows: Sequence[Measurement], ratio: Ratio) -> str:
    """Say in one sentence whether fewer MACs are less time."""
    subject, reference = rows[ratio.subject], rows[ratio.reference]
    scale = scale_for((), Unit.RATIO)
    macs = _macs_ratio(rows, ratio)
    around = " to ".join(map(scale.full, ratio.interval)) if ratio.interval else "too few rounds to be sure"
    compared = "fewer" if macs < 1 else "more" if macs > 1 else "as many"
    verdict = {FASTER: "faster", SLOWER: "slower", SAME: "the same time"}.get(
        ratio.verdict(), "unclear whether it is faster"
    )
    expected = (compared, ratio.verdict()) in {("fewer", FASTER), ("more", SLOWER), ("as many", SAME)}
    joined = "and" if expected else "but"
    return (
        f"{subject.model} needs {scale.full(macs)} the MACs of {reference.model} and takes "
        f"{scale.full(ratio.median)} its time ({around}), batch "
        f"{subject.batch}: {compared} MACs, {joined} {verdict}."
    )


def _callouts(benchmark: Benchmark, named: Sequence[str]) -> Iterator[Callout]:
    rows = benchmark.measurements
    for name, row in zip(named, rows, strict=True):
        if row.failed:
            yield Callout("warning", f"{name}: not measured: {row.failed}.")
        elif row.interrupted:
            yield Callout("warning", f"{name}: interrupted; what was measured until then is shown.")
    unsteady = [name for name, row in zip(named, rows, strict=True) if row.warm_up and not row.steady]
    if unsteady:
        yield Callout("warning", f"Not steady when sampling began: {'; '.join(unsteady)}.")
    for name, row in zip(named, rows, strict=True):
        if row.median and not row.interval:
            yield Callout("warning", f"{name}: fewer than 6 samples: how far off the median is is not known.")
        elif row.median and row.interval and (row.interval[1] - row.interval[0]) / 2 > WIDE * row.median:
            share = scale_for((), Unit.SHARE).full((row.interval[1] - row.interval[0]) / 2 / row.median)
            yield Callout("warning", f"{name}: the median is known only within ±{share}.")
        if (row.attained or 0) > ABOVE:
            share = scale_for((), Unit.SHARE).full(row.attained or 0)
            yield Callout(
                "warning",
                f"{name}: {share} of the ceiling: something else was at work while the ceiling was measured. "
                "Measure it anew: --ceilings again.",
            )
    yield from environment_warnings(_environments(rows))
    for note in benchmark.notes:
        yield Callout("note", f"{note}.")
