"""The sweep over the family names every registered network of it."""

from __future__ import annotations

import pytest

from inception_profiler.bench.sweep.family import inception_plan
from inception_profiler.errors import InputError
from inception_profiler.zoo.card import load


def test_the_family_and_what_it_was_compared_with() -> None:
    points = inception_plan({"dtype": ["fp32", "bf16"], "time_limit": 3}).points
    models = {point.model for point in points}
    assert models >= {
        "inception_v1",
        "bn_inception",
        "inception_v3",
        "inception_v4",
        "xception",
        "vgg16",
        "alexnet",
    }
    assert models <= set(load())
    assert {(point.batch, point.setting.dtype) for point in points} == {
        (1, "fp32"), (1, "bf16"), (8, "fp32"), (8, "bf16"),
    }  # fmt: skip
    assert {point.batch for point in inception_plan({"batch": [2]}).points} == {2}


def test_a_value_that_an_axis_cannot_have_is_refused() -> None:
    with pytest.raises(InputError, match="batch is a whole number"):
        inception_plan({"batch": [0]})
