"""Results as pandas tables; the one file that needs pandas."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from inception_profiler.records.latency import Benchmark, Measurement, Setting
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.records.roofline import Roofline

if TYPE_CHECKING:
    import pandas


def layer_frame(profile: Profile) -> pandas.DataFrame:
    """Return the layers of a profile, one row a call and one column a metric, in base units."""
    import pandas

    rows = [
        {
            "layer": layer.name,
            "path": layer.path,
            "op": layer.op,
            "stage": layer.stage,
            "resolution": layer.resolution_title,
            "output": layer.call.outputs[0].shape if layer.call.outputs else (),
            **{metric.key: metric.of(layer) for metric in METRICS.values()},
        }
        for layer in profile.layers
    ]
    return pandas.DataFrame(rows)


def measurement_frame(measurement: Measurement) -> pandas.DataFrame:
    """Return the calls of a measurement, one row each, with the model and the whole setting.

    ``clock`` is ``host`` for what a caller waited, ``device`` for what the device worked in calls of its own.
    """
    import pandas

    return pandas.DataFrame(_calls(measurement), columns=_CALL)


def benchmark_frame(benchmark: Benchmark) -> pandas.DataFrame:
    """Return the calls of all measurements of a benchmark, as `measurement_frame` does.

    ``measurement`` is the position of their measurement, by which a ratio knows its two sides.
    """
    import pandas

    rows = [
        (number, *call)
        for number, measurement in enumerate(benchmark.measurements)
        for call in _calls(measurement)
    ]
    return pandas.DataFrame(rows, columns=["measurement", *_CALL])


def roofline_frame(roofline: Roofline) -> pandas.DataFrame:
    """Return the layers of a roofline in the order of execution, one row each, in base units."""
    import pandas

    rows = [
        {
            "layer": layer.name,
            "path": layer.path,
            "op": layer.op,
            "output": layer.output.shape if layer.output else (),
            "seconds": layer.seconds,
            "bound_seconds": roofline.bound_seconds(layer),
            "lost_seconds": roofline.lost_seconds(layer),
            "attained": roofline.attained(layer),
            "verdict": roofline.verdict(layer),
            "macs": layer.macs,
            "flops": layer.flops,
            "bytes": layer.bytes,
            "intensity": layer.intensity,
            "flops_per_second": layer.flops_per_second,
        }
        for layer in roofline.layers
    ]
    return pandas.DataFrame(rows)


_SETTING = [field.name for field in fields(Setting)]
_CALL = ["clock", "round", "seconds", "model", "batch", *_SETTING]


def _calls(measurement: Measurement) -> list[tuple[object, ...]]:
    """Return a row for each call, with the columns of `_CALL`."""
    setting = [getattr(measurement.setting, name) for name in _SETTING]
    clocks = {"host": measurement.seconds, "device": measurement.device_seconds}
    return [
        (clock, number, seconds, measurement.model, measurement.batch, *setting)
        for clock, calls in clocks.items()
        for number, seconds in enumerate(calls)
    ]
