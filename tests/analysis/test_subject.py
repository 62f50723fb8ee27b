"""From what a user types to what is counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.analysis.resolve import module_name
from inception_profiler.analysis.subject import subject
from inception_profiler.errors import InputError

CODE = """
from torch import nn

class Net(nn.Sequential):
    def __init__(self, width):
        super().__init__(nn.Conv2d(3, width, 3))
    @classmethod
    def small(cls):
        return cls(4)

class Free(nn.Sequential):
    def __init__(self, *parts, width=2, **rest):
        super().__init__(nn.Conv2d(3, width, 3))

made = Net(5)
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "code_of_a_user.py"
    path.write_text(CODE)
    return path


@pytest.mark.parametrize(
    ("name", "width", "owned"), [("Net.small", 4, True), ("Free", 2, True), ("made", 5, False)]
)
def test_names_in_code(code: Path, name: str, width: int, owned: bool) -> None:
    about = subject(f"{code}:{name}", (3, 8, 8))
    assert about.network[0].out_channels == width
    assert about.owned is owned


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Net", r"Net needs arguments \(width\): write a function without any.*return Net\(width=…\)"),
        ("Net.large", "Net has no 'large'; it has small"),
        ("made.weight", "has no 'weight'"),
        ("nets.Net", "has no 'nets'; it has Net"),
    ],
)
def test_names_that_build_nothing(code: Path, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        subject(f"{code}:{name}", (3, 8, 8))


def test_a_module_of_the_users_own_is_converted_in_a_copy(code: Path) -> None:
    about = subject(f"{code}:made", (3, 8, 8), dtype="bf16")
    assert about.owned
    assert about.network[0].weight.dtype is torch.bfloat16
    assert sys.modules[module_name(code)].made[0].weight.dtype is torch.float32


def test_of_two_files_of_one_name_neither_is_taken_for_the_other(tmp_path: Path) -> None:
    for folder, width in (("one", 4), ("two", 7)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one_of_two.py").write_text(f"{CODE}made = Net({width})\n")
        about = subject(f"{tmp_path / folder / 'one_of_two.py'}:made", (3, 8, 8))
        assert about.network[0].out_channels == width
        assert type(about.network) is vars(sys.modules[type(about.network).__module__])["Net"]
    assert "one_of_two" not in sys.modules


def test_of_a_file_that_fails_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text("class Net: ...\nraise ValueError('no luck')\n")
    before = set(sys.modules)
    with pytest.raises(InputError, match=r"cannot import .*fails\.py: ValueError: no luck"):
        subject(f"{tmp_path / 'fails.py'}:Net", (3, 8, 8))
    assert set(sys.modules) == before


def test_types_are_for_names() -> None:
    result = ip.profile("inception_v1", dtype="fp16")
    assert {spec.tensor.dtype for spec in result.parameters} == {result.inputs[0].dtype} == {"float16"}
    assert result.weight_bytes == 2 * result.params
    with pytest.raises(InputError, match=r"model\.half\(\)"):
        ip.profile(nn.Linear(2, 2), (1, 2), dtype="fp16")
    with pytest.raises(InputError, match="floating-point"):
        ip.profile("inception_v1", dtype="int8")


def test_inputs_for_names() -> None:
    for inputs in ("3x192x192", [(2, 3, 192, 192)], [torch.zeros(2, 3, 192, 192)], {"x": "3x192x192"}):
        result = ip.profile("inception_v1", inputs=inputs, batch=2)
        assert result.inputs[0].shape == (2, 3, 192, 192)
    assert subject("inception_v1", batch=5).inputs.tensors[0].shape == (5, 3, 224, 224)
    assert subject(nn.Linear(2, 2), (7, 2), batch=5).inputs.tensors[0].shape == (5, 2)
