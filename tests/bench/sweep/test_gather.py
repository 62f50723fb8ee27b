"""What was found is kept device by device, in the order of the sweep."""

from __future__ import annotations

import pytest

from inception_profiler.bench.sweep.gather import file_name, gathered
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.sweep import CRASHED, MEASURED, Measurements, Outcome, Point
from tests.bench.sweep.points import ENVIRONMENT, benchmark


def outcome(model: str, device: str, kind: str = MEASURED) -> Outcome:
    point = Point(model)
    return Outcome(model, point, kind, "", 1.0, device, benchmark(point) if kind == MEASURED else None)


def test_each_device_has_its_outcomes_in_order() -> None:
    a, b, c, d = outcome("a", "x", CRASHED), outcome("b", "y"), outcome("c", "x"), outcome("d", "", CRASHED)
    found = gathered((a, b, c, d))
    assert found == (
        Measurements("x", ENVIRONMENT, (a, c)),
        Measurements("y", ENVIRONMENT, (b,)),
        Measurements("unknown device", None, (d,)),
    )
    assert tuple(loads(dumps(one)) for one in found) == found


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("AMD EPYC", "amd-epyc.json"),
        ("NVIDIA H100 80GB HBM3", "nvidia-h100-80gb-hbm3.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ("a" * 300, "a" * 80 + ".json"),
        ("名前", "device.json"),
        ("", "device.json"),
    ],
)
def test_the_name_of_a_device_becomes_one_of_a_file(device: str, name: str) -> None:
    assert file_name(device) == name
