"""Charts of several profiles side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from inception_profiler.document.chart import (
    BARS,
    LINE,
    MIRRORED,
    SIDE_BY_SIDE,
    Axis,
    Chart,
    Point,
    Series,
)
from inception_profiler.document.charts.accuracy import accuracy_chart
from inception_profiler.document.charts.profile import heaviest
from inception_profiler.document.profiled import labels, listed, mapped, setting
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.metrics import Metric
from inception_profiler.units import Unit


def comparison_charts(comparison: Comparison, metrics: Sequence[Metric]) -> Iterator[Chart]:
    """Yield each metric by feature-map size, how the cost adds up in each, and what accuracy it buys."""
    for metric in metrics:
        if any(metric.of(profile) for profile in comparison.profiles):
            yield by_size(comparison, metric)
    each = comparison.profiles
    spent = [m for m in metrics if m.additive and all(any(map(m.of, profile.layers)) for profile in each)]
    if spent:
        yield cumulative(comparison, heaviest(spent))
    bought = accuracy_chart([profile.model for profile in comparison.profiles])
    if bought is not None:
        yield bought


def by_size(comparison: Comparison, metric: Metric) -> Chart:
    """Show one metric by feature-map size: of two models to both sides, of more beside each other."""
    names, sizes = labels(comparison.profiles), mapped(comparison.profiles)
    spans = [span for span in comparison.spans if any(map(metric.of, span.groups))]
    return Chart(
        f"{metric.key}-by-size",
        f"{metric.title} by feature-map size: {listed(names)}",
        Axis(metric.title, metric.unit),
        Axis(
            "feature map",
            Unit.TEXT,
            "pixels",
            categories=tuple(sizes[span.title] for span in spans),
        ),
        tuple(
            Series(
                name,
                BARS,
                tuple(
                    Point(metric.of(span.groups[position]) or 0, place) for place, span in enumerate(spans)
                ),
            )
            for position, name in enumerate(names)
        ),
        MIRRORED if len(names) == 2 else SIDE_BY_SIDE,
        caption=(
            f"{metric.title}: {metric.explained}. Each operation is booked at the size of the feature map it "
            "works at; head = after the last feature map."
        ),
        source=_sources(comparison),
    )


def cumulative(comparison: Comparison, metric: Metric) -> Chart:
    """Show how one metric adds up in each model, over the share of its operations."""
    series = []
    for name, profile in zip(labels(comparison.profiles), comparison.profiles, strict=True):
        sums = list(accumulate(metric.of(layer) for layer in profile.layers))
        points = [
            Point(number / len(sums), value / (sums[-1] or 1)) for number, value in enumerate(sums, start=1)
        ]
        series.append(Series(name, LINE, (Point(0.0, 0.0), *points)))
    return Chart(
        f"cumulative-{metric.key}",
        f"How the {metric.title} add up from the first operation to the last",
        Axis("share of the operations, in order of execution", Unit.SHARE, limits=(0.0, 1.0)),
        Axis(f"share of all {metric.title}", Unit.SHARE, limits=(0.0, 1.0)),
        tuple(series),
        caption=f"{metric.title}: {metric.explained}.",
        source=_sources(comparison),
    )


def _sources(comparison: Comparison) -> str:
    return " ".join(map(setting, comparison.profiles))
