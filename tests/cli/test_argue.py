"""``inception-profiler argue`` as a user types it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main
from tests.test_public import CALLED, HEAVY, modules_after


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["argue", *words])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_alone_it_lists_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = called(capsys)
    assert status == 0
    for name in ip.arguments():
        assert f"\n {name} " in out


@pytest.mark.parametrize("words", [["--help"], ["bottleneck", "--help"], []])
def test_help_and_the_list_import_nothing_heavy(words: list[str]) -> None:
    assert not modules_after(f"{CALLED}main({['argue', *words]})") & (set(HEAVY) - {"rich"})


def test_other_commands_do_not_import_the_calculators() -> None:
    loaded = modules_after(f"{CALLED}main(['profile', '--help'])")
    loaded -= {"inception_profiler.records", "inception_profiler.records.display"}  # the hook for notebooks
    assert not any(
        name.startswith(("inception_profiler.claims", "inception_profiler.records")) for name in loaded
    )


@pytest.mark.parametrize("name", ip.arguments())
def test_help_names_every_option(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from inception_profiler.claims.calculator import load

    status, out, _ = called(capsys, name, "--help")
    assert status == 0
    for asked in load().get(name).parameters:
        assert (asked.name.upper() if asked.positional else f"--{asked.option}") in out
    assert ".json" in out


@pytest.mark.parametrize(
    ("name", "default"), [("factorize", "3,3"), ("head", "4096,4096"), ("kernel", "28x28")]
)
def test_help_shows_sizes_as_they_are_typed(
    name: str, default: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = called(capsys, name, "--help")
    assert f"[default: {default}]" in " ".join(out.split())


def test_out_takes_the_channels_and_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = [tmp_path / f"argument{suffix}" for suffix in (".json", ".csv", ".md")]
    words = ["--in", "256", "--reduce", "64", "--out", "200", "--kernel", "3", "--size", "28x28"]
    status, out, err = called(
        capsys, "bottleneck", *words, *(word for path in paths for word in ("--out", str(path)))
    )
    assert status == 0
    assert err.count("wrote") == 3
    assert "3²·256·200·28·28" in out
    argument = ip.argue("bottleneck", out_channels=200)
    assert ip.load(paths[0]) == argument
    data = json.loads(paths[0].read_text())
    assert data["formulas"][0] == argument.steps[0].formula
    with paths[1].open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == "Derivation"]
    values = [int(row["value [exact]"]) for row in rows if row["value [exact]"]]
    assert values == [step.value for side in argument.sides for step in side.steps]
    assert "$$K^{2}" in paths[2].read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["botleneck"], "botleneck"),
        (["bottleneck", "--reduce", "300"], "reduce 300 is more"),
        (["bottleneck", "--out", "x.docx"], ".json"),
        (["factorize", "--kernel", "7", "--into", "3,3"], "take 3,3,3"),
        (["asymmetric", "--size", "ax3"], "cannot read 'ax3'"),
        (["asymmetric", "--kernel", "x"], "kernel"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    status, out, err = called(capsys, *words)
    assert (status, out) == (2, "")
    assert says in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
