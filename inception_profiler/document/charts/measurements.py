"""Charts of all that was measured on a device: rows that can be held against each other share a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from inception_profiler.document.chart import Chart
from inception_profiler.document.charts.latency import benchmark_charts
from inception_profiler.document.setting import labels, parts
from inception_profiler.records.latency import Benchmark, Measurement, Ratio


def like(benchmark: Benchmark) -> Iterator[tuple[str, Benchmark]]:
    """Yield the rows of one setting each, with what they share in words; sketches, which take less, apart."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(benchmark.measurements):
        if row.median is not None:
            groups.setdefault(_setting(row), []).append(place)
    settings = list(zip(*groups, strict=True))
    for key, places in groups.items():
        words = [word for word, others in zip(key, settings, strict=True) if len(set(others)) > 1 and word]
        at = {place: n for n, place in enumerate(places)}
        ratios = tuple(
            Ratio(at[one.subject], at[one.reference], one.ratios)
            for one in benchmark.ratios
            if one.subject in at and one.reference in at
        )
        rows = tuple(benchmark.measurements[place] for place in places)
        yield " · ".join(words), Benchmark(rows, ratios)


def like_charts(words: str, benchmark: Benchmark) -> Iterator[Chart]:
    """Yield the charts of one setting, which their titles name."""
    named = dict(zip(labels(benchmark.measurements), benchmark.measurements, strict=True))
    for chart in benchmark_charts(benchmark):
        titled = replace(chart, title=f"{chart.title} · {words}" if words else chart.title)
        yield replace(titled, y=replace(chart.y, categories=tuple(_short(chart.y.categories, named))))


def _short(rows: Sequence[str], named: Mapping[str, Measurement]) -> Iterator[str]:
    """Leave the size of the input out of the names of rows, where the model says enough."""
    for row in rows:
        label, *reference = row.split(" / ")
        yield " / ".join((named[label].model, *reference))


def _setting(row: Measurement) -> tuple[str, ...]:
    """Return how a row was measured, all but its input, whose size is a model's own."""
    batch, _, *others = parts(row)
    return (batch, *others, "sketches" if row.model.startswith("sketch:") else "")
