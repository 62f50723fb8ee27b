"""What a model is given on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import inception_profiler as ip
from tests.cli.test_commands import called

NETS = """
import torch
from torch import nn

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 8, 3), nn.Linear(10, 8)
    def forward(self, image, label):
        return self.conv(image).mean((2, 3)) + self.fc(label)

class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.fc = nn.Embedding(50, 8), nn.Linear(8, 5)
    def forward(self, ids, mask=None):
        x = self.words(ids)
        return self.fc(x if mask is None else x.masked_fill(mask[..., None], 0))

class Unknown(nn.Module):
    def forward(self, x):
        return torch.linalg.inv(x)
"""


@pytest.fixture
def nets(tmp_path: Path) -> Path:
    path = tmp_path / "nets_with_inputs.py"
    path.write_text(NETS)
    return path


def test_several_inputs_in_their_order(capsys: pytest.CaptureFixture[str], nets: Path) -> None:
    status, out, _ = called(capsys, f"{nets}:Two", "--input", "3x8x8", "--input", "10", "--batch", "4")
    assert status == 0
    assert "inputs 4×3×8×8 float32 and 4×10 float32, " in out
    assert "31.424 k" in out  # 4 · (8 · 27 · 36 + 80)


def test_tokens_and_named_inputs(capsys: pytest.CaptureFixture[str], nets: Path, tmp_path: Path) -> None:
    _, out, _ = called(capsys, f"{nets}:Tokens", "--input", "int64:1x128")
    assert "input 1×128 int64, " in out
    assert "N×C" not in out
    saved = tmp_path / "tokens.json"
    _, out, _ = called(
        capsys,
        *(f"{nets}:Tokens", "--input", "ids=int64:6", "--input", "mask=bool:6", "--batch", "2"),
        *("--out", str(saved)),
    )
    assert "inputs ids 2×6 int64 and mask 2×6 bool, " in out
    result = ip.load(saved)
    assert isinstance(result, ip.Profile)
    assert result.macs == 2 * 6 * 8 * 5
    assert result.input_names == ("ids", "mask")


def test_inputs_apply_to_every_model(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--input", "3x256x256", "--dtype", "bf16")
    _, out, _ = called(capsys, "inception_v1", "--vs", "inception_v1_naive", *words)
    assert out.count("1×3×256×256 bfloat16 (N×C×H×W)") == 2


def test_unknown_operations_are_an_error_only_if_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], nets: Path
) -> None:
    words = (f"{nets}:Unknown", "--input", "Nx4x4")
    status, out, _ = called(capsys, *words)
    assert status == 0
    assert "aten::linalg_inv_ex" in out
    assert called(capsys, *words, "--strict")[:2] == (3, out)
    scaled = (*words, "--scale", "batch=1,2")
    assert [called(capsys, *scaled, *more)[0] for more in ((), ("--strict",))] == [0, 3]
    assert called(capsys, f"{nets}:Tokens", "--vs", *words, "--strict")[0] == 2  # floats are no indices
    assert called(capsys, f"{nets}:Tokens", "--input", "int64:4x4", "--strict")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--input", "3x8x8"], "missing 1 required positional argument: 'label'"),
        (["--input", "3x8x8", "--input", "10", "--input", "4"], "takes 3 positional arguments"),
        (["--input", "3x8x8", "--input", "labels=10"], "unexpected keyword argument 'labels'"),
        (["--input", "int64:1x3x8x8", "--input", "10"], "layer conv: F.conv2d: cannot take 1×3×8×8"),
        (["--input", "int63:4"], "no type 'int63'"),
        (["--input", "3x8x"], "cannot read '3x8x' as a shape"),
        (["--input", "2y=10"], "cannot read '2y' as the name of an input"),
        (["--input", "a=10", "--input", "a=10"], "'a' is given twice"),
        (["--input", "3x8x8", "--dtype", "fp17"], "no type 'fp17'"),
        (["--input", "3x8x8", "--dtype", "int8"], "weights are floating-point numbers, not int8"),
    ],
)
def test_a_wrong_input_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], nets: Path, words: list[str], says: str
) -> None:
    status, _, err = called(capsys, f"{nets}:Two", *words)
    assert status == 2
    assert says in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
