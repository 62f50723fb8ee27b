"""Charts of measurements: latency with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.chart import POINTS, Axis, Chart, Point, Series
from inception_profiler.records.latency import Benchmark, Environment, Measurement, Setting
from inception_profiler.units import Unit


def benchmark_charts(benchmark: Benchmark) -> Iterator[Chart]:
    """Yield the latencies of a session."""
    if any(entry.median for entry in benchmark.measurements):
        yield latencies(benchmark.measurements)


def latencies(measurements: Sequence[Measurement]) -> Chart:
    """Show the median latency of each measurement with the interval of 95 % that holds it."""
    measured = [entry for entry in measurements if entry.median is not None]
    models: dict[str, list[Point]] = {}
    for place, entry in enumerate(measured):
        low, high = entry.interval or (None, None)
        models.setdefault(entry.model, []).append(Point(entry.median or 0.0, place, low=low, high=high))
    failed = [f"{entry.model}: {entry.failed}" for entry in measurements if entry.failed]
    return Chart(
        "latency",
        f"Latency on {measured[0].environment.device}",
        Axis("latency of a call", Unit.SECONDS),
        Axis("model", Unit.TEXT, categories=tuple(_names(measured))),
        tuple(Series(model, POINTS, tuple(points), model) for model, points in models.items()),
        caption=" ".join(
            (
                "Dot: the median of all calls; bar: what holds the true median with 95 % confidence, by "
                "order statistics.",
                *(f"Without a time: {'; '.join(failed)}." for _ in failed[:1]),
            )
        ),
        source=_environment(measured[0].environment),
    )


def _names(measured: Sequence[Measurement]) -> Iterator[str]:
    """Name the model of each and whatever of its setting differs between them."""
    told = [_told(entry.setting, entry.batch) for entry in measured]
    for entry, own in zip(measured, told, strict=True):
        differs = [text for n, text in enumerate(own) if len({other[n] for other in told}) > 1]
        yield ", ".join((entry.model, *filter(None, differs)))


def _told(setting: Setting, batch: int) -> tuple[str, ...]:
    return (
        f"batch {batch}",
        setting.dtype,
        setting.mode,
        "channels last" if setting.channels_last else "",
        "fused" if setting.fused else "",
        "training" if setting.train else "",
        "cold cache" if setting.cold else "",
        f"{setting.threads} threads",
    )


def _environment(environment: Environment) -> str:
    parts = (
        environment.device,
        f"PyTorch {environment.torch}",
        f"{environment.threads} threads" if environment.kind == "cpu" else environment.driver,
        environment.taken,
    )
    return f"Measured on {', '.join(filter(None, parts))}."
