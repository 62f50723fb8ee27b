"""Checks in the Bencher Metric Format: benchmark → measure → value, for ``bencher run --adapter json``."""

from __future__ import annotations

import json

from inception_profiler.document.figures import figures
from inception_profiler.records.check import Check
from inception_profiler.render.report.kinds import report


@report("bencher")
def render(check: Check) -> bytes:
    """Write what a check counted and measured; a model is a benchmark, and a quantity is a measure of it."""
    found: dict[str, dict[str, dict[str, int | float]]] = {}
    for figure in figures(check):
        metric: dict[str, int | float] = {"value": figure.value}
        if figure.low is not None and figure.high is not None:
            metric |= {"lower_value": figure.low, "upper_value": figure.high}
        found.setdefault(figure.model, {})[figure.metric.replace("_", "-")] = metric
    return (json.dumps(found, allow_nan=False) + "\n").encode()
