"""Results as pandas tables; the one file that needs pandas."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from inception_profiler.records.latency import Measurement
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile

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

    setting = {field.name: getattr(measurement.setting, field.name) for field in fields(measurement.setting)}
    clocks = {"host": measurement.seconds, "device": measurement.device_seconds}
    return pandas.DataFrame(
        [
            {
                "clock": clock,
                "round": number,
                "seconds": seconds,
                "model": measurement.model,
                "batch": measurement.batch,
                **setting,
            }
            for clock, calls in clocks.items()
            for number, seconds in enumerate(calls)
        ]
    )
