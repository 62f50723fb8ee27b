"""Charts of measurements: latency with its interval, and the ratios of what was measured side by side."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.chart import POINTS, Axis, Chart, Note, Point, Series
from inception_profiler.document.setting import common, environment_words, labels
from inception_profiler.records.latency import Benchmark
from inception_profiler.units import Unit

_INTERVAL = "what holds the true one with 95% confidence, by order statistics"


def benchmark_charts(benchmark: Benchmark) -> Iterator[Chart]:
    """Yield the latencies of a session, and its ratios."""
    if any(entry.median is not None for entry in benchmark.measurements):
        yield latencies(benchmark)
    if benchmark.ratios:
        yield ratios(benchmark)


def latencies(benchmark: Benchmark) -> Chart:
    """Show the median latency of each measurement with the interval that holds it."""
    rows = benchmark.measurements
    named = labels(rows)
    places = [n for n, row in enumerate(rows) if row.median is not None]
    models: dict[str, list[Point]] = {}
    for place, n in enumerate(places):
        low, high = rows[n].interval or (None, None)
        models.setdefault(rows[n].model, []).append(Point(rows[n].median or 0.0, place, low=low, high=high))
    failed = [name for name, row in zip(named, rows, strict=True) if row.median is None]
    caption = f"Dot: the median of all calls; bar: {_INTERVAL}. All rows: {common(rows)}."
    return Chart(
        "latency",
        "Latency: what a caller waits",
        Axis("latency of a call", Unit.SECONDS),
        Axis("model", Unit.TEXT, categories=tuple(named[n] for n in places)),
        tuple(Series(model, POINTS, tuple(points), model) for model, points in models.items()),
        caption=f"{caption} Not measured: {', '.join(failed)}." if failed else caption,
        source=environment_words(rows[places[0]].environment),
    )


def ratios(benchmark: Benchmark) -> Chart:
    """Show latency of the subject / latency of the reference; left of the line at 1 the subject is faster."""
    rows = benchmark.measurements
    named = labels(rows)
    models: dict[str, list[Point]] = {}
    for place, ratio in enumerate(benchmark.ratios):
        low, high = ratio.interval or (None, None)
        point = Point(ratio.median, place, low=low, high=high)
        models.setdefault(rows[ratio.subject].model, []).append(point)
    return Chart(
        "latency-ratio",
        "Side by side: who is faster",
        Axis("latency of the first / latency of the second", Unit.RATIO),
        Axis(
            "pair",
            Unit.TEXT,
            categories=tuple(
                f"{named[ratio.subject]} / {rows[ratio.reference].model}" for ratio in benchmark.ratios
            ),
        ),
        tuple(Series(model, POINTS, tuple(points), model) for model, points in models.items()),
        notes=(Note("equal", x=1.0),),
        caption=(
            "Rounds in random order, in one process on one device. Dot: the median of the ratios within "
            f"each round; bar: {_INTERVAL}. All rows: {common(rows)}."
        ),
        source=environment_words(rows[0].environment),
    )
