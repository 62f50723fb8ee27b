"""A sweep that is disturbed goes on, and one that is run again measures what remains, once."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from inception_profiler.bench.sweep.engines.engine import engine
from inception_profiler.bench.sweep.grid import Plan, plan
from inception_profiler.bench.sweep.journal import opened
from inception_profiler.bench.sweep.run import jobs, sweep
from inception_profiler.errors import InputError
from inception_profiler.records.sweep import (
    CRASHED,
    MEASURED,
    OUT_OF_MEMORY,
    REFUSED,
    TIMED_OUT,
    Outcome,
    Point,
)
from tests.bench.sweep.points import MEASURE, executions, pids


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log"
    monkeypatch.setenv("SWEEP_LOG", str(path))
    monkeypatch.setattr(
        "inception_profiler.bench.sweep.run.named", lambda spellings: dict.fromkeys(spellings, "The Device")
    )
    return path


class Told:
    """Keeps what a sweep tells of itself."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    def begun(self, known: int, remaining: int) -> None:
        self.said.append((known, remaining))

    def started(self, point: Point) -> None:
        self.said.append(point.model)

    def ended(self, outcome: Outcome) -> None:
        self.said.append(outcome.kind)


def run(asked: Plan, path: Path, *, retry: bool = False, told: Told | None = None) -> tuple[Outcome, ...]:
    with opened(path) as journal, engine("local") as here:
        return sweep(jobs(asked, here.name, MEASURE), journal, here, retry=retry, watch=told)


def test_what_fails_is_a_row_and_the_rest_is_measured_in_order(log: Path, tmp_path: Path) -> None:
    names = ["one", "killed", "raises", "refused", "python-fills", "hang", "two"]
    asked = plan({"models": names, "timeout": 6, "memory_limit": "2GiB"})
    found = run(asked, tmp_path / "j")
    kinds = [MEASURED, CRASHED, CRASHED, REFUSED, OUT_OF_MEMORY, TIMED_OUT, MEASURED]
    assert [outcome.kind for outcome in found] == kinds
    assert executions(log) == [f"{name} 1" for name in names]
    told = Told()
    again = run(asked, tmp_path / "j", told=told)
    assert again == found
    assert executions(log) == [f"{name} 1" for name in names], "nothing is measured twice"
    assert told.said == [(7, 0)]


def test_retry_measures_only_what_failed(log: Path, tmp_path: Path) -> None:
    asked = plan({"models": ["one", "raises", "two"]})
    run(asked, tmp_path / "j")
    told = Told()
    run(asked, tmp_path / "j", retry=True, told=told)
    assert executions(log) == ["one 1", "raises 1", "two 1", "raises 1"]
    assert told.said == [(2, 1), "raises", CRASHED]


def test_points_that_are_added_are_measured_and_the_others_kept(log: Path, tmp_path: Path) -> None:
    run(plan({"models": ["one"], "batch": [1, 8]}), tmp_path / "j")
    found = run(plan({"models": ["zero", "one"], "batch": [8, 2]}), tmp_path / "j")
    assert executions(log) == ["one 1", "one 8", "zero 8", "zero 2", "one 2"]
    assert [(outcome.point.model, outcome.point.batch) for outcome in found] == [
        ("zero", 8), ("zero", 2), ("one", 8), ("one", 2),
    ]  # fmt: skip


def test_a_journal_with_a_corrupt_last_line_loses_only_that_point(log: Path, tmp_path: Path) -> None:
    asked = plan({"models": ["one", "two", "three"]})
    found = run(asked, tmp_path / "j")
    content = (tmp_path / "j").read_bytes()
    (tmp_path / "j").write_bytes(content[: -len(content.splitlines()[-1]) // 2])
    again = run(asked, tmp_path / "j")
    assert again[:2] == found[:2]
    assert executions(log) == ["one 1", "two 1", "three 1", "three 1"]


def when(log: Path, count: int, act: Any) -> threading.Thread:
    """Act as soon as so many points were begun."""

    def wait() -> None:
        while len(executions(log)) < count:
            time.sleep(0.01)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_worker_that_is_killed_amid_its_point_is_a_row(log: Path, tmp_path: Path) -> None:
    killer = when(log, 2, lambda: os.kill(pids(log)[1], signal.SIGKILL))
    found = run(plan({"models": ["one", "waits", "two"]}), tmp_path / "j")
    killer.join()
    assert [outcome.kind for outcome in found] == [MEASURED, CRASHED, MEASURED]
    assert found[1].reason.startswith("killed by SIGKILL")
    assert executions(log) == ["one 1", "waits 1", "two 1"]


def test_an_interrupt_keeps_what_was_measured_and_the_next_run_does_the_rest(
    log: Path, tmp_path: Path
) -> None:
    asked = plan({"models": ["one", "waits", "two"]})
    sender = when(log, 2, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        run(asked, tmp_path / "j")
    sender.join()
    with opened(tmp_path / "j") as journal:
        assert [outcome.point.model for outcome in journal.outcomes.values()] == ["one"]
    Path(f"{log}.go").touch()
    found = run(asked, tmp_path / "j")
    assert [outcome.kind for outcome in found] == [MEASURED] * 3
    assert executions(log) == ["one 1", "waits 1", "waits 1", "two 1"]


def test_only_models_of_one_process_make_a_ratio(log: Path, tmp_path: Path) -> None:
    asked = plan({"models": ["one", "two"], "pairs": [{"models": "one", "vs": ["two"]}]})
    alone, other, beside = (outcome.benchmark for outcome in run(asked, tmp_path / "j"))
    assert alone is not None and other is not None and beside is not None
    assert (alone.ratios, other.ratios, len(beside.ratios)) == ((), (), 1)
    assert [each.model for each in beside.measurements] == ["one", "two"]


@pytest.mark.parametrize("spelling", ["loacl", "dask", "dask://", "ray://", "local://x", ""])
def test_an_unknown_engine_lists_those_there_are(spelling: str) -> None:
    with pytest.raises(InputError, match="write local, dask://HOST:PORT, ray"):
        engine(spelling)
