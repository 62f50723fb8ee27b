"""What a point says is what is measured: its models, batch, resolution and setting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.bench.sweep.measure import measured
from inception_profiler.errors import ProfilerError
from inception_profiler.records.latency import Setting
from inception_profiler.records.sweep import Point

POINT = Point("lenet5", ("lenet5_modern",), 2, 0, "cpu", Setting(threads=1))


def test_the_models_of_a_point_are_measured_side_by_side() -> None:
    found = measured(POINT, 0.2)
    assert [each.model for each in found.measurements] == ["lenet5", "lenet5_modern"]
    assert [(ratio.subject, ratio.reference) for ratio in found.ratios] == [(0, 1)]
    for each in found.measurements:
        assert each.seconds
        assert (each.batch, each.inputs[0].shape) == (2, (2, 1, 32, 32))
        assert (each.setting.threads, each.setting.train, each.environment.kind) == (1, False, "cpu")


def test_resolution_and_training_are_those_of_the_point() -> None:
    found = measured(
        replace(POINT, model="nin", references=(), resolution=64, setting=Setting(train=True)), 0.2
    )
    (each,) = found.measurements
    assert each.inputs[0].shape == (2, 3, 64, 64)
    assert each.setting.train


@pytest.mark.parametrize(
    "point",
    [
        replace(POINT, model="no such model"),
        replace(POINT, device="cuda:99"),
        replace(POINT, setting=Setting(dtype="fp23")),
        replace(POINT, setting=Setting(mode="eagre")),
        replace(POINT, setting=Setting(mode="cuda-graph")),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_line(point: Point) -> None:
    with pytest.raises(ProfilerError) as caught:
        measured(point, 0.2)
    assert "\n" not in str(caught.value)
