"""Raw times as they are kept: to the nanosecond that the clock counts in."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.records.latency import Benchmark, Measurement, Ratio

NANOSECONDS = 9
MILLIONTHS = 6


def rounded(benchmark: Benchmark) -> Benchmark:
    """Return the same measurements with raw seconds rounded to 1 ns and ratios to 1e-6.

    The clock counts nanoseconds and a float prints seventeen digits, most of them of the subtraction: half
    the size, and nothing that was measured is lost. Every sample is kept.
    """
    return replace(
        benchmark,
        measurements=tuple(map(_measurement, benchmark.measurements)),
        ratios=tuple(map(_ratio, benchmark.ratios)),
    )


def _measurement(measurement: Measurement) -> Measurement:
    return replace(
        measurement,
        seconds=tuple(round(value, NANOSECONDS) for value in measurement.seconds),
        device_seconds=tuple(round(value, NANOSECONDS) for value in measurement.device_seconds),
    )


def _ratio(ratio: Ratio) -> Ratio:
    return replace(ratio, ratios=tuple(round(value, MILLIONTHS) for value in ratio.ratios))
