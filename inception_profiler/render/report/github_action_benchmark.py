"""Checks for the action github-action-benchmark, tool ``customSmallerIsBetter``: a chart over all commits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from inception_profiler.document.difference import quantity
from inception_profiler.document.figures import Figure, figures
from inception_profiler.records.check import Check
from inception_profiler.render.report.kinds import report
from inception_profiler.units import Unit


@report("github-action-benchmark")
def render(check: Check) -> bytes:
    """Write what a check counted and measured as a list of names, units and values."""
    return (json.dumps(list(_entries(check)), allow_nan=False) + "\n").encode()


def _entries(check: Check) -> Iterator[dict[str, Any]]:
    for figure in figures(check):
        yield {
            "name": f"{figure.model}: {quantity(figure.metric)}",
            "unit": _unit(figure),
            "value": figure.value,
            **({} if figure.low is None else {"range": f"{figure.low:.4g} … {figure.high:.4g}"}),
            **({"extra": figure.against} if figure.against else {}),
        }


def _unit(figure: Figure) -> str:
    return {Unit.BYTES: "bytes", Unit.RATIO: "×"}.get(figure.unit, "count")
