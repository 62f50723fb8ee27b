"""Several models beside each other, one metric at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.chart import BARS, STACKED, Axis, Chart, Point, Series
from inception_profiler.document.profiled import labels
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit


def family_charts(profiles: Sequence[Profile], keys: Sequence[str]) -> Iterator[Chart]:
    """Yield a chart of each metric, a bar for each model."""
    for key in keys:
        yield totals(profiles, key)


def totals(profiles: Sequence[Profile], key: str) -> Chart:
    """Show the total of one metric for each model, in the order of ``profiles``."""
    metric, names = METRICS.get(key), labels(profiles)
    return Chart(
        f"{key}-by-model",
        f"{metric.title} of each model",
        Axis(metric.title, metric.unit),
        Axis("model", Unit.TEXT, categories=tuple(names)),
        tuple(
            Series(name, BARS, (Point(metric.of(profile) or 0, place),), profile.model)
            for place, (name, profile) in enumerate(zip(names, profiles, strict=True))
        ),
        STACKED,  # a bar stands in the middle of its place, because no other is there
        caption=f"{metric.title}: {metric.explained}. Inference of one image at the model's own input.",
        source="Counted by inception_profiler.",
    )
