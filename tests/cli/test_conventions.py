from __future__ import annotations

import json
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main, profile_command


def run(command: object, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        command(words)  # type: ignore[operator]
    return int(left.value.code or 0)


def test_the_number_of_another_tool(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(profile_command, "resnet50", "--as", "thop") == 0
    assert "4,133,742,592" in capfd.readouterr().out


def test_ratios_under_a_convention_are_written_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ratios.json"
    assert (
        run(
            profile_command,
            "alexnet_torchvision",
            "--vs",
            "resnet50",
            "--as",
            "fvcore,paper",
            "--out",
            str(out),
        )
        == 0
    )
    loaded = ip.load(out)
    assert loaded.ratio(1) == 714_188_480 / 4_089_184_256
    assert json.loads(out.read_text())["tables"][0]["title"] == "Numbers and ratios"
    assert "0.175×" in capfd.readouterr().out


def test_why_tools_disagree(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "why.csv"
    assert run(main, "explain", "inception_v3", "--tools", "fvcore,thop", "--out", str(out)) == 0
    shown = capfd.readouterr().out
    assert "5,731,282,144" in shown
    assert "batch_norm" in shown
    assert "35869952" in out.read_text()


def test_all_tools_are_shown_unless_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(main, "explain", "lenet5_modern") == 0
    shown = capfd.readouterr().out
    for tool in ("fvcore", "torchinfo", "thop", "calflops", "torchprofile", "flopcounter"):
        assert tool in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("resnet50", "--as", "fvcor"), "did you mean 'fvcore'"),
        (("resnet50", "--as", ","), "at least one"),
        (("resnet50", "--as", "thop", "--train", "--batch", "2"), "eval mode"),
    ],
)
def test_a_mistake_is_one_line(words: tuple[str, ...], says: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(profile_command, *words) == 2
    error = capfd.readouterr().err
    assert says in error
    assert error.count("\n") == 1
