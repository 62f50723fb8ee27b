"""What was measured on a device, written by hand in every number: what its document is tested on."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.records.latency import Benchmark
from inception_profiler.records.sweep import CRASHED, MEASURED, OUT_OF_MEMORY, Measurements, Outcome, Point
from tests.fixed_latency import PLACE, SETTING, alone, raced


def outcome(point: Point, kind: str, reason: str = "", benchmark: Benchmark | None = None) -> Outcome:
    return Outcome(point.model, point, kind, reason, 2.5, PLACE.device, benchmark)


def swept() -> Measurements:
    """Two models side by side, one alone, one that did not fit and one that crashed."""
    pair = Point("small", ("large",), batch=1, setting=SETTING)
    single = replace(alone().measurements[0], environment=PLACE)
    return Measurements(
        PLACE.device,
        PLACE,
        (
            outcome(pair, MEASURED, benchmark=raced()),
            outcome(Point("small", batch=2), MEASURED, benchmark=Benchmark((single,))),
            outcome(replace(pair, batch=64), OUT_OF_MEMORY, "it needs more than there is"),
            outcome(Point("broken", resolution=64), CRASHED, "killed by signal 11"),
        ),
    )
