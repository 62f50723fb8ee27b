"""Profiles as pandas tables; the one file that needs pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
