"""Which points a sweep file has; every expected one is written down by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_profiler.bench.sweep.grid import Plan, plan, read_plan
from inception_profiler.errors import InputError
from inception_profiler.records.latency import Setting
from inception_profiler.records.sweep import Point

FILE = """
time_limit = 5
memory_limit = "2GiB"
models = ["a", "b"]
batch = [1, 8]
dtype = "bf16"

[[pairs]]
models = "a"
vs = ["c", "d"]
batch = 4
time_limit = 7.5
train = [false, true]
"""


def test_every_combination_is_a_point_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sweep.toml"
    path.write_text(FILE)
    usual = Setting(dtype="bf16", threads=0)
    assert read_plan(path) == Plan(
        (
            Point("a", batch=1, setting=usual),
            Point("a", batch=8, setting=usual),
            Point("b", batch=1, setting=usual),
            Point("b", batch=8, setting=usual),
            Point("a", ("c", "d"), batch=4, setting=usual),
            Point("a", ("c", "d"), batch=4, setting=Setting(dtype="bf16", train=True, threads=0)),
        ),
        (5.0, 5.0, 5.0, 5.0, 7.5, 7.5),
        memory_limit=2 * 2**30,
    )


def test_all_axes_multiply() -> None:
    table = {
        "models": ["a", "b"], "batch": [1, 2, 4], "dtype": ["fp32", "bf16"], "mode": ["eager", "compile"],
        "resolution": [0, 96], "device": ["cpu", "cuda:1"], "threads": [1, 2],
    }  # fmt: skip
    points = plan(table).points
    assert len(points) == len(set(points)) == 2 * 3 * 2 * 2 * 2 * 2 * 2
    assert Point("b", (), 4, 96, "cuda:1", Setting(dtype="bf16", mode="compile", threads=2)) in points


def test_a_point_that_is_asked_for_twice_is_one_point() -> None:
    assert len(plan({"models": ["a", "a"], "batch": [1, 1]}).points) == 1


def test_patience_grows_with_what_is_measured() -> None:
    alone, beside = Point("a"), Point("a", ("b", "c"))
    found = plan({"models": ["a"], "time_limit": 5})
    assert (found.patience(alone, 5), found.patience(beside, 5)) == (170, 270)
    assert plan({"models": ["a"], "timeout": 7}).patience(beside, 5) == 7


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("modles = ['a']", "unknown key 'modles' at the top: did you mean 'models'"),
        ("models = ['a']\nqqqqqqq = 1", "unknown key 'qqqqqqq' at the top: known are models, vs"),
        ("[[pairs]]\nmodels = 'a'\nbacth = 1", r"unknown key 'bacth' in \[\[pairs\]\]: did you mean 'batch'"),
        ("[[pairs]]\nmodels = 'a'\ntimeout = 1", r"unknown key 'timeout' in \[\[pairs\]\]"),
        ("models = ['a']\nbatch = 0", "batch is a whole number, 1 or more, not 0"),
        ("models = ['a']\nbatch = true", "batch is a whole number, 1 or more, not True"),
        ("models = ['a']\nbatch = 'one'", "batch is a whole number"),
        ("models = ['a']\ntrain = 1", "train is true or false, not 1"),
        ("models = [1]", "models is the name of a model, not 1"),
        ("models = ['a']\ndtype = ['fp32', 'fp23']", "unknown dtype of a setting 'fp23': did you mean"),
        ("models = ['a']\nmode = 'lazy'", "there is no mode 'lazy': choose eager, cuda-graph, compile"),
        ("[[pairs]]\nmodels = 'a'\nvs = 'b'\nmode = 'lazy'", "there is no mode 'lazy'"),
        ("models = ['']", "models is the name of a model, not ''"),
        ("models = ['a']\ntime_limit = 0", "time_limit is seconds, more than 0"),
        ("models = ['a']\ntime_limit = inf", "time_limit is seconds, more than 0"),
        ("models = ['a']\nmemory_limit = 'much'", "cannot read 'much' as an amount of memory"),
        ("models = ['a']\npairs = 1", r"write \[\[pairs\]\]"),
        ("[[pairs]]\nmodels = 'a'", r"\[\[pairs\]\] names its vs"),
        ("[[pairs]]\nvs = 'a'", r"\[\[pairs\]\] names its models"),
        ("batch = 1", "nothing to measure"),
        ("models = [", "is not TOML"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_file(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "sweep.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=says) as caught:
        read_plan(path)
    assert "sweep.toml" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not a text file"):
        read_plan(tmp_path / "binary.toml")
