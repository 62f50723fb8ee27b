"""The process of one point: ``python -m inception_profiler.bench.sweep.worker FOLDER WATCHED``.

It reads the job from the folder, measures, and writes the outcome there; ``WATCHED`` is the descriptor of a
pipe that ends when who started it is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from inception_profiler.bench.sweep.identity import name_of
from inception_profiler.bench.sweep.isolate import DEVICE, JOB, OUTCOME
from inception_profiler.bench.sweep.job import Job
from inception_profiler.bench.sweep.rounded import rounded
from inception_profiler.errors import ProfilerError
from inception_profiler.records.archive import save
from inception_profiler.records.latency import Benchmark
from inception_profiler.records.sweep import CRASHED, MEASURED, OUT_OF_MEMORY, REFUSED, Outcome

_EXHAUSTED = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "bad_alloc",
)
"""What PyTorch's allocators, the C++ library and the system say where there is no more."""


def work(folder: Path) -> None:
    """Measure the point of a folder and write its outcome there."""
    job = Job.read((folder / JOB).read_text(encoding="utf-8"))
    kind, reason, benchmark = measured(job, folder)
    device = folder / DEVICE
    name = device.read_text(encoding="utf-8") if device.exists() else job.device
    if benchmark is not None and benchmark.measurements:
        name = benchmark.measurements[0].environment.device
    save(Outcome(job.key, job.point, kind, reason, 0.0, name, benchmark), folder / OUTCOME)


def measured(job: Job, folder: Path) -> tuple[str, str, Benchmark | None]:
    """Return what became of a point, in one line why, and the measurements."""
    try:
        measure = job.function()
        if not job.device:
            (folder / DEVICE).write_text(name_of(job.point.device), encoding="utf-8")
        if job.memory_limit:
            limit(job.memory_limit)
        benchmark = rounded(measure(job.point, job.time_limit))
    except ProfilerError as error:
        return REFUSED, _line(error), None
    except Exception as error:
        if exhausted(error):
            return OUT_OF_MEMORY, _line(error), None
        return CRASHED, f"{type(error).__name__}: {_line(error)}", None
    failed = next((each.failed for each in benchmark.measurements if each.failed), "")
    if not failed:
        return MEASURED, "", benchmark
    return OUT_OF_MEMORY if exhausted(failed) else CRASHED, failed, benchmark


def exhausted(error: Exception | str) -> bool:
    """Tell whether an error says that memory has run out, on the host or on the device.

    >>> exhausted(MemoryError()), exhausted("CUDA out of memory. Tried to allocate 2 GiB"), exhausted("no")
    (True, True, False)
    """
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _EXHAUSTED)


def limit(nbytes: int) -> None:
    """Let this process take no more than ``nbytes`` of memory of its own.

    What is limited is data (``RLIMIT_DATA``), not addresses: libraries and drivers map far more of those
    than they use.
    """
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = nbytes if hard == resource.RLIM_INFINITY else min(nbytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def watch(descriptor: int) -> None:
    """End this process and its children as soon as the pipe at ``descriptor`` ends."""

    def wait() -> None:
        os.read(descriptor, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:300] or type(error).__name__


if __name__ == "__main__":
    watch(int(sys.argv[2]))
    work(Path(sys.argv[1]))
