"""Whatever becomes of a point's process, the caller gets one row that says it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inception_profiler.bench.sweep.isolate import isolated
from inception_profiler.bench.sweep.job import Job
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.sweep import (
    CRASHED,
    MEASURED,
    OUT_OF_MEMORY,
    REFUSED,
    TIMED_OUT,
    Point,
)
from tests.bench.sweep.points import ENVIRONMENT, MEASURE, executions, pids

PATIENCE = 120.0


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log"
    monkeypatch.setenv("SWEEP_LOG", str(path))
    return path


def job(model: str, *, timeout: float = PATIENCE, memory_limit: int = 0) -> Job:
    return Job("k", Point(model), "The Device", 1.0, timeout, memory_limit, MEASURE)


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    for _ in range(500):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("model", "kind", "says"),
    [
        ("killed", CRASHED, "killed by SIGSEGV"),
        ("exits", CRASHED, "exit status 7: the last words"),
        ("raises", CRASHED, "RuntimeError: the kernel is wrong"),
        ("refused", REFUSED, "no such model"),
        ("fails", OUT_OF_MEMORY, "out of memory"),
        ("python-fills", OUT_OF_MEMORY, "MemoryError"),
    ],
)
def test_a_point_that_fails_is_a_row_that_says_so(model: str, kind: str, says: str, log: Path) -> None:
    outcome = isolated(job(model, memory_limit=2**32))
    assert (outcome.kind, outcome.key) == (kind, "k")
    assert says in outcome.reason
    assert outcome.device in {"The Device", ENVIRONMENT.device}
    assert executions(log) == [f"{model} 1"]


def test_a_tensor_that_memory_does_not_hold_is_a_row(log: Path) -> None:
    outcome = isolated(job("fills", memory_limit=2**32))
    assert outcome.kind == OUT_OF_MEMORY
    assert "allocate" in outcome.reason


def test_a_hang_ends_with_all_of_its_children(log: Path) -> None:
    outcome = isolated(job("hang", timeout=8))
    assert (outcome.kind, outcome.reason) == (TIMED_OUT, "ended after 8 s")
    assert gone(*pids(log))
    assert gone(int(Path(f"{log}.child").read_text()))


def test_what_was_measured_comes_back_whole_to_the_nanosecond(log: Path) -> None:
    outcome = isolated(job("fine"))
    assert outcome.kind == MEASURED
    assert outcome.benchmark is not None
    (measured,) = outcome.benchmark.measurements
    assert measured.seconds[:3] == (0.333333333, 0.166666667, 0.111111111)
    assert len(measured.seconds) == 10
    assert outcome.device == measured.environment.device
    assert outcome.seconds > 0
    assert loads(dumps(outcome)) == outcome


def test_a_point_does_not_outlive_a_caller_that_is_killed(log: Path) -> None:
    code = (
        "from tests.bench.sweep.test_isolate import job\n"
        "from inception_profiler.bench.sweep.isolate import isolated\n"
        "isolated(job('waits'))"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], cwd=Path.cwd(), env={**os.environ})
    while not executions(log):
        assert caller.poll() is None
        time.sleep(0.02)
    caller.kill()
    caller.wait()
    assert gone(*pids(log))
