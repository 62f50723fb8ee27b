"""Charts of two counts of one network: the layers that differ, before and now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from inception_profiler.document.chart import BARS, MIRRORED, Axis, Chart, Point, Series
from inception_profiler.records.check import Check
from inception_profiler.records.difference import Difference, LayerChange, ModelDifference
from inception_profiler.records.metrics import METRICS
from inception_profiler.units import Unit

ROWS = 24
"""How many layers have a row, the largest differences; the others share one."""
MODELS = 12
"""How many models have a chart."""
_METRICS = ("macs", "params", "flops", "activation_bytes")
"""What is shown: the first of them that differs."""


def difference_charts(difference: Difference) -> Iterator[Chart]:
    """Yield the layers that differ, model by model, for as many models as a reader looks at."""
    return model_charts(difference.models, difference.old, difference.new)


def check_charts(check: Check) -> Iterator[Chart]:
    """Yield the layers that differ from the lock, model by model."""
    models = [model.difference for model in check.models if model.difference is not None]
    return model_charts(models, check.lock, "the recount")


def model_charts(models: Sequence[ModelDifference], old: str, new: str) -> Iterator[Chart]:
    """Yield the layers that differ in the first of these models that have any."""
    charts = (chart for model in models if (chart := layers(model, old, new)) is not None)
    return islice(charts, MODELS)


def layers(model: ModelDifference, old: str, new: str) -> Chart | None:
    """Show the layers of one model that cost something else, before to the left and now to the right."""
    found = next((key for key in _METRICS if any(_delta(change, key) for change in model.layers)), None)
    if found is None:
        return None
    metric = METRICS.get(found)
    changes = [change for change in model.layers if _delta(change, found)]
    largest = sorted(changes, key=lambda change: -abs(_delta(change, found)))
    shown = largest if len(changes) <= ROWS else largest[: ROWS - 1]
    rows = [(change.title, [change]) for change in changes if change in shown]
    left = [change for change in changes if change not in shown]
    if left:
        rows.append((f"{len(left)} more", left))
    return Chart(
        f"difference-{model.name}",
        f"{model.name}: {metric.title} of the layers that differ",
        Axis(metric.title, metric.unit),
        Axis("layer", Unit.TEXT, categories=tuple(title for title, _ in rows)),
        tuple(
            Series(
                name,
                BARS,
                tuple(
                    Point(sum(_amount(change, found)[side] for change in group), place)
                    for place, (_, group) in enumerate(rows)
                ),
                colour,
            )
            for side, (name, colour) in enumerate((("before", "first side"), ("now", "second side")))
        ),
        MIRRORED,
        caption=(
            f"{metric.title}: {metric.explained}. From top to bottom in the order of execution; a layer that "
            "appeared was nothing before."
        ),
        source=f"Before: {old}; now: {new}.",
    )


def _amount(change: LayerChange, key: str) -> tuple[int, int]:
    """Return a count before and now, 0 where there was or is no layer."""
    before, now = (0 if layer is None else int(getattr(layer, key)) for layer in (change.old, change.new))
    return before, now


def _delta(change: LayerChange, key: str) -> int:
    before, now = _amount(change, key)
    return now - before
