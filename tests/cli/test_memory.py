"""``profile --memory`` and what goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import profile_command


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        profile_command(words)
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_memory_shows_peak_and_tenants(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    others = ("--vs", "nin", "--vs", "lenet5")
    status, text, _ = called(capsys, "lenet5", "--memory", "--batch", "4", "--out", str(path), *others)
    assert status == 0
    assert "Alive at the peak" in text
    assert "all that must fit" in text
    comparison = ip.load(path)
    assert comparison.subject == ip.memory("lenet5", batch=4)  # type: ignore[union-attr]


def test_training(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "memory.csv"
    arguments = ("--memory", "--train", "--optimizer", "adam", "--dtype", "bf16", "--top", "3")
    status, text, _ = called(capsys, "lenet5", *arguments, "--out", str(path))
    assert status == 0
    assert "optimizer's step" in text
    assert "Shown are the 3 of" in " ".join(text.split())
    assert "saved_bytes" in path.read_text()


def test_largest_batch(capsys: pytest.CaptureFixture[str]) -> None:
    status, text, _ = called(
        capsys, "lenet5", "--largest-batch", "2MiB", "--train", "--optimizer", "momentum"
    )
    assert status == 0
    fit = ip.largest_batch("lenet5", "2MiB", train=True, optimizer="momentum")
    assert f"lenet5: batch {fit.batch} fits into 2.000 MiB" in text


def test_measure(capsys: pytest.CaptureFixture[str]) -> None:
    status, text, _ = called(capsys, "lenet5", "--memory", "--measure", "--batch", "2")
    assert status == 0
    assert "measured peak" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--memory", "--optimizer", "adam"), "add --train"),
        (("--memory", "--train", "--optimizer", "adan"), "did you mean 'adam'"),
        (("--measure", "--vs", "nin"), "leave out --vs"),
        (("--largest-batch", "1GiB", "--batch", "2"), "leave out --measure and --batch"),
        (("--largest-batch", "much"), "cannot read 'much' as an amount of memory"),
        (("--largest-batch", "100KiB"), "not even one example fits"),
        (("--largest-batch", "1PiB"), "more than 16,777,216 examples fit"),
        (("--optimizer", "adam", "--train"), "add --memory"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = called(capsys, "lenet5", *arguments)
    assert status == 2
    assert says in err
