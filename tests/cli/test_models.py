from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main
from inception_profiler.document.models import NUMBERS


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["models", *words])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_all_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capsys)
    assert (status, err) == (0, "")
    assert {line.split()[0] for line in out.splitlines() if line.startswith(" ")} >= set(ip.models())


def test_one_family_sorted_by_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = called(capsys, "--family", "vgg", "--sort", "params")
    listed = [line.split()[0] for line in out.splitlines() if line.startswith(" vgg")]
    assert listed[0].startswith("vgg19")
    assert "vgg11" in listed
    assert "resnet50" not in out


def test_one_card_by_an_alias(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = called(capsys, "GoogLeNet")
    assert status == 0
    for text in (
        "'GoogLeNet' stands for 'inception_v1'",
        "Going Deeper with Convolutions",
        "6.999 M",
        "Deviations",
    ):
        assert text in out


def test_out_writes_the_list_in_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = [tmp_path / f"models{suffix}" for suffix in (".json", ".csv", ".md")]
    status, _, err = called(capsys, *(word for path in paths for word in ("--out", str(path))))
    assert status == 0
    assert err.count("wrote ") == 3
    cells = [row["cells"] for row in json.loads(paths[0].read_text())["tables"][0]["rows"]]
    assert {row[0] for row in cells} == set(ip.models())
    with paths[1].open(newline="") as file:
        counted = {row["row"]: int(row["params [count]"]) for row in csv.DictReader(file)}
    assert counted["inception_v1"] == ip.profile("inception_v1").params
    assert paths[2].read_text().startswith("## Models")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["googlnet"], "did you mean 'googlenet'"),
        (["--family", "inceptions"], "choose "),
        (["--sort", "mac"], "did you mean 'macs'"),
        (["vgg16", "--sort", "macs"], "leave out NAME"),
        (["vgg16", "--family", "vgg"], "leave out NAME"),
        (["--out", "x.docx"], ".json"),
        (["vgg16", "vgg19"], "unexpected extra argument"),
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


def test_help_names_every_number_to_sort_by(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = called(capsys, "--help")
    for key in NUMBERS:
        assert key in out
    for option in ("NAME", "--family", "--sort", "--out", "--debug"):
        assert option in out
