from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["claims", *words])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_one_claim_is_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capsys, "stem-googlenet")
    assert (status, err) == (0, "")
    for text in ("MFLOP: 418", "In English", "418 is 481", "refuted", "480,836,608", "conv1/7x7_s2"):
        assert text in out


def test_the_refuted_claims_of_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = called(capsys, "--document", "001", "--verdict", "refuted")
    assert status == 0
    assert "stem-vgg16" in out
    assert "stem-size" not in out


def test_out_writes_the_ledger_in_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = [tmp_path / f"claims{suffix}" for suffix in (".json", ".csv", ".md")]
    words = [word for path in paths for word in ("--out", str(path))]
    status, _, err = called(capsys, "--document", "lecture8-notes", *words)
    assert status == 0
    assert err.count("wrote ") == 3
    assert ip.load(paths[0]) == ip.ledger("001")
    assert json.loads(paths[0].read_text())["tables"][0]["title"] == "Claims"
    with paths[1].open(newline="") as file:
        measured = {row["row"]: row["measured [exact]"] for row in csv.DictReader(file)}
    assert "224" in measured.values()
    assert "stem" in paths[2].read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["stem-vgg"], "did you mean 'stem-vgg16'"),
        (["--document", "lecture-notes"], "did you mean 'lecture8-notes'"),
        (["--document", "007"], "unknown document '007'"),
        (["--verdict", "wrong"], "choose reported, exact"),
        (["stem-size", "--verdict", "exact"], "leave out NAME"),
        (["--out", "x.docx"], ".json"),
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
