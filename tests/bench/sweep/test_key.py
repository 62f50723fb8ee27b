"""A point is known again exactly where its result would be the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.bench.sweep import key as home
from inception_profiler.bench.sweep.key import key
from inception_profiler.records.latency import Setting
from inception_profiler.records.sweep import Point

POINT = Point("a", ("b",), 2, 64, "cpu", Setting(threads=0))
OTHERS = [
    replace(POINT, model="c"),
    replace(POINT, references=()),
    replace(POINT, references=("c",)),
    replace(POINT, batch=3),
    replace(POINT, resolution=65),
    replace(POINT, device="cuda"),
    *(
        replace(POINT, setting=replace(POINT.setting, **change))
        for change in (
            {"dtype": "bf16"}, {"mode": "compile"}, {"channels_last": True}, {"fused": True}, {"train": True},
            {"cold": True}, {"threads": 1}, {"cudnn_benchmark": True},
        )
    ),
]  # fmt: skip


def test_every_field_of_a_point_tells_it_from_others() -> None:
    keys = [key(point, "x") for point in (POINT, *OTHERS)]
    assert len(set(keys)) == len(keys)


def test_the_same_point_has_the_same_key() -> None:
    assert key(POINT, "x") == key(replace(POINT), "x")


@pytest.mark.parametrize("what", ["device", "torch", "package"])
def test_what_else_decides_the_result_is_in_the_key(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(POINT, "x")
    if what == "torch":
        monkeypatch.setattr(home, "torch_version", lambda: "0.0.1")
    elif what == "package":
        monkeypatch.setattr(home, "__version__", "0.0.1")
    assert key(POINT, "y" if what == "device" else "x") != before
