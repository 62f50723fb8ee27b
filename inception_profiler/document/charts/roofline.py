"""The roofline of a model: every layer by its intensity and its rate, under the roofs of the device."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.chart import BARS, LINE, LOG, POINTS, STACKED, Axis, Chart, Point, Series
from inception_profiler.document.setting import common, environment_words
from inception_profiler.records.roofline import CACHE, COMPUTE, MEMORY, OVERHEAD, LayerTime, Roofline
from inception_profiler.units import Unit, scale_for

OPERATIONS = 16
"""How many operations, those that take longest, have a bar."""
NAMED = 6
"""How many layers, those that take longest, are named."""
_LIMITS = {
    COMPUTE: "limited by arithmetic",
    MEMORY: "limited by memory",
    CACHE: "limited by the cache",
    OVERHEAD: "limited by overhead",
}
_LEVELS = (0.15, 0.4, 0.7, 1.0)


def roofline_charts(roofline: Roofline) -> Iterator[Chart]:
    """Yield where the time goes, and the roofline where any layer computes something."""
    if any(layer.seconds for layer in roofline.layers):
        yield time_by_op(roofline)
    if has_roofline(roofline):
        yield roofline_chart(roofline)


def has_roofline(roofline: Roofline) -> bool:
    """Tell whether any call has a place under the roofs: it computes something with what it reads."""
    return any(layer.flops and layer.bytes and layer.seconds for layer in roofline.layers)


def time_by_op(roofline: Roofline) -> Chart:
    """Show the time of each operation, all of its calls together, by what limits them."""
    spent: dict[str, dict[str, float]] = {}
    for layer in roofline.layers:
        mine = spent.setdefault(layer.op, {})
        mine[roofline.verdict(layer)] = mine.get(roofline.verdict(layer), 0.0) + layer.seconds
    ops = sorted(spent, key=lambda op: -sum(spent[op].values()))[:OPERATIONS]
    rows = {op: place for place, op in enumerate(ops)}
    return Chart(
        "time-by-op",
        f"{roofline.model}: where its time goes",
        Axis("time of all calls", Unit.SECONDS),
        Axis("operation", Unit.TEXT, categories=tuple(rows)),
        tuple(
            Series(
                title,
                BARS,
                tuple(Point(spent[op][bound], place) for op, place in rows.items() if bound in spent[op]),
                bound,
            )
            for bound, title in _LIMITS.items()
            if any(bound in spent[op] for op in rows)
        ),
        STACKED,
        caption=(
            "Each call timed in an instrumented run. Limited by overhead: neither the FLOPs nor the bytes "
            f"explain the time. All calls together take {roofline.explained:.0%} of the time of the whole "
            "model in a run of its own."
        ),
        source=environment_words(roofline.environment),
    )


def roofline_chart(roofline: Roofline) -> Chart:
    """Show FLOP/s over FLOPs per byte, dots as large as the time that each layer takes."""
    layers = [layer for layer in roofline.layers if layer.flops and layer.bytes and layer.seconds]
    slowest = sorted(layers, key=lambda layer: -layer.seconds)[:NAMED]
    sized = Axis("time", Unit.SECONDS)
    series = []
    for bound, title in _LIMITS.items():
        points = tuple(
            Point(
                layer.intensity,
                layer.flops / layer.seconds,
                _name(layer) if layer in slowest else "",
                layer.seconds,
            )
            for layer in layers
            if roofline.verdict(layer) == bound
        )
        if points:
            series.append(Series(title, POINTS, points, bound, sized))
    ceilings = roofline.ceilings
    return Chart(
        "roofline",
        f"{roofline.model} under the roofs of {ceilings.device}",
        Axis("intensity", Unit.RATE, "FLOP/byte", LOG),
        Axis("rate", Unit.FLOP_RATE, divided=LOG),
        (*series, *_roofs(roofline, [layer.intensity for layer in layers])),
        caption=(
            "A dot is a call of the model, as large as the time that it takes; the slowest are named. Roofs "
            f"are measured, in {ceilings.dtype}: a large matrix product and large copies. Bytes: inputs, "
            "outputs and parameters, each once."
        ),
        source=f"{common((roofline,))}. {environment_words(roofline.environment)}",
    )


def _roofs(roofline: Roofline, intensities: list[float]) -> Iterator[Series]:
    """Yield the slopes of the memory and of the cache, and the flat roof of the arithmetic."""
    ceilings = roofline.ceilings
    slopes = [("memory", ceilings.bytes_per_second)]
    if ceilings.cache_bytes_per_second:
        slopes.append(("cache", ceilings.cache_bytes_per_second))
    ridges = [ceilings.flops_per_second / rate for _, rate in slopes]
    low, high = min(*intensities, *ridges) / 2, max(*intensities, *ridges) * 2
    peak = scale_for((ceilings.flops_per_second,), Unit.FLOP_RATE).full(ceilings.flops_per_second)
    flat = tuple(Point(at, ceilings.flops_per_second) for at in (min(ridges), high))
    yield Series(peak, LINE, flat, "roof", faint=True)
    for (name, rate), ridge in zip(slopes, ridges, strict=True):
        said = scale_for((rate,), Unit.COUNT).full(rate)
        places = [low * (ridge / low) ** share for share in (0.0, *_LEVELS)]
        yield Series(
            f"{name}: {said}B/s", LINE, tuple(Point(at, at * rate) for at in places), "roof", faint=True
        )


def _name(layer: LayerTime) -> str:
    return layer.name or layer.op
