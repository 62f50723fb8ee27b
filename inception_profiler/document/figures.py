"""What a check counted and measured, number by number, for tools that follow numbers over time."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.difference import unit_of
from inception_profiler.records.check import Check
from inception_profiler.records.frozen import record
from inception_profiler.records.metrics import METRICS
from inception_profiler.units import Unit


@record
class Figure:
    """One number of one model, of which less is better.

    ``low`` and ``high`` hold the true value of what was measured with 95 % confidence; a count is exact and
    has neither. ``against`` is what a ratio was measured against, as its limit says it.
    """

    model: str
    metric: str
    unit: Unit
    value: int | float
    low: float | None = None
    high: float | None = None
    against: str = ""


def figures(check: Check) -> Iterator[Figure]:
    """Yield the totals of every model that was counted, and the ratios that were measured."""
    for model in check.models:
        if model.counted is None:
            continue
        for metric, value in model.counted.totals:
            known = METRICS.find(metric)
            if value is not None and (known is None or known.better == "lower"):
                yield Figure(model.name, metric, unit_of(metric), value)
        for entry in model.judgements:
            if entry.low is not None and entry.value is not None:
                unit = unit_of(entry.metric)
                yield Figure(model.name, entry.metric, unit, entry.value, entry.low, entry.high, entry.limit)
