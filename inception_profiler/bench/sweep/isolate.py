"""Measure one point in a process of its own, and say what became of it, whatever that was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from inception_profiler.bench.sweep.job import Job
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import load
from inception_profiler.records.sweep import CRASHED, TIMED_OUT, Outcome

WORKER = "inception_profiler.bench.sweep.worker"
JOB, DEVICE, OUTCOME = "job.json", "device.txt", "outcome.json"
"""The files of the folder that a point's process shares with who started it."""

_LONGEST = 300


def isolated(job: Job) -> Outcome:
    """Measure a point in a new process, which is ended with all of its children when it takes too long.

    The process leads a group of its own, so that an interrupt at the terminal reaches only the caller. It
    watches a pipe whose other end is held here: should the caller be killed, it ends itself.
    """
    began = time.monotonic()
    with TemporaryDirectory(prefix="inception-profiler-") as name:
        folder = Path(name)
        (folder / JOB).write_text(job.text(), encoding="utf-8")
        status = _run(folder, job.timeout)
        found = _found(folder, job, status)
    return replace(found, seconds=round(time.monotonic() - began, 3))


def _run(folder: Path, timeout: float) -> int | None:
    """Return the exit status of the process; None where it had to be ended."""
    watched, held = os.pipe()
    try:
        with (folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", WORKER, str(folder), str(watched)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=(watched,),
                start_new_session=True,
            )
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    finally:
        os.close(watched)
        os.close(held)


def _found(folder: Path, job: Job, status: int | None) -> Outcome:
    """Return what the process wrote, or else how it ended."""
    with suppress(ArchiveError):  # a process that ended before it could write has none
        written = load(folder / OUTCOME)
        if isinstance(written, Outcome):
            return written
    device = folder / DEVICE
    kind, reason = (
        (TIMED_OUT, f"ended after {job.timeout:g} s") if status is None else (CRASHED, _end(status))
    )
    last = "" if status is None else _last_line(folder / "said.txt")
    return Outcome(
        key=job.key,
        point=job.point,
        kind=kind,
        reason=f"{reason}: {last}" if last else reason,
        seconds=0.0,
        device=device.read_text(encoding="utf-8") if device.exists() else job.device,
        benchmark=None,
    )


def _end(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    hint = ", which the system sends where memory runs out" if name == "SIGKILL" else ""
    return f"killed by {name}{hint}"


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((" ".join(line.split())[:_LONGEST] for line in reversed(lines) if line.strip()), "")
