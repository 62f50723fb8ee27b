"""``bench --sweep`` as it is typed: what it writes, what it refuses, and how it is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main
from inception_profiler.records.sweep import Measurements
from tests.bench.sweep.points import MEASURE, executions

NAMED = "inception_profiler.bench.sweep.run.named"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log"
    monkeypatch.setenv("SWEEP_LOG", str(path))
    monkeypatch.setattr("inception_profiler.bench.sweep.job.MEASURE", MEASURE)
    monkeypatch.setattr(NAMED, lambda spellings: dict.fromkeys(spellings, "The Device"))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sweep.toml"
    path.write_text('models = ["one", "raises"]\n[[pairs]]\nmodels = "one"\nvs = "two"\n')
    return path


def status(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["bench", *map(str, arguments)])
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_a_sweep_is_shown_and_each_device_has_its_file(
    log: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("--sweep", file, "--results", tmp_path, "--out", tmp_path / "x.md") == 0
    shown = capsys.readouterr()
    assert "1 crashed" in shown.out
    assert "RuntimeError: the kernel is wrong" in shown.out
    assert "not paired" in shown.out
    assert "not paired" in (tmp_path / "x.md").read_text()
    measured = ip.load(tmp_path / "test-device-1-a-b.json")
    failed = ip.load(tmp_path / "the-device.json")
    assert isinstance(measured, Measurements) and isinstance(failed, Measurements)
    assert [outcome.point.model for outcome in measured.outcomes] == ["one", "one"]
    assert [outcome.point.model for outcome in failed.outcomes] == ["raises"]
    assert len((tmp_path / "sweep.jsonl").read_text().splitlines()) == 3
    assert status("--sweep", file) == 0
    assert len(executions(log)) == 3
    assert status("--sweep", file, "--retry") == 0
    assert executions(log)[3:] == ["raises 1"]


def test_a_line_that_was_cut_is_told_and_measured_again(
    log: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = tmp_path / "other.jsonl"
    status("--sweep", file, "--journal", journal)
    journal.write_bytes(journal.read_bytes()[:-30])
    capsys.readouterr()
    assert status("--sweep", file, "--journal", journal) == 0
    assert "1 line" in capsys.readouterr().err
    assert executions(log) == ["one 1", "raises 1", "one 1", "one 1"]


def test_where_nothing_can_be_measured_the_status_says_so(log: Path, file: Path) -> None:
    file.write_text('models = "raises"')
    assert status("--sweep", file) == 5


def test_control_c_keeps_all_exits_with_130_and_says_how_to_go_on(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text('models = ["one", "waits", "two"]')
    code = f"""
import inception_profiler.bench.sweep.job as job, inception_profiler.bench.sweep.run as run
job.MEASURE = {MEASURE!r}
run.named = lambda spellings: dict.fromkeys(spellings, "The Device")
from inception_profiler.cli.main import main
main(["bench", "--sweep", {str(file)!r}])
"""

    def command() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    first = command()
    while "waits 1" not in executions(log):
        assert first.poll() is None
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGINT)  # as a terminal does, to the whole group in front
    _, said = first.communicate(timeout=60)
    assert first.returncode == 130
    assert f"1 of 3 points are kept in {tmp_path / 'sweep.jsonl'}" in said
    assert "run the same command again" in said
    assert "Traceback" not in said
    Path(f"{log}.go").touch()
    second = command()
    shown, said = second.communicate(timeout=60)
    assert (second.returncode, said) == (0, "")
    assert "3 points: 3 measured" in shown
    assert executions(log) == ["one 1", "waits 1", "waits 1", "two 1"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name what to measure: a model, --sweep FILE or --all-inception"),
        (("lenet5", "--retry"), "--retry belongs to a sweep"),
        (("lenet5", "--engine", "ray"), "--engine belongs to a sweep"),
        (("lenet5", "--results", "."), "--results belongs to a sweep"),
        (("--sweep", "x.toml", "--all-inception"), "choose one"),
        (("--sweep", "x.toml", "--batch", "8"), "--batch would change nothing: x.toml says"),
        (("lenet5", "--sweep", "x.toml"), "MODEL would change nothing"),
        (("--all-inception", "--input", "3x32x32"), "--input has no part in a sweep over the family"),
        (("--sweep", "x.toml"), "cannot read x.toml: No such file"),
    ],
)
def test_what_would_change_nothing_is_refused(
    arguments: tuple[str, ...],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(*arguments) == 2
    assert says in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_is_made_or_refused_before_anything_is_measured(
    log: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("--sweep", file, "--results", file / "none") == 2
    assert f"cannot make the folder {file / 'none'}" in capsys.readouterr().err
    assert executions(log) == []
    assert status("--sweep", file, "--results", tmp_path / "one" / "two") == 0
    assert {path.suffix for path in (tmp_path / "one" / "two").iterdir()} == {".json"}
