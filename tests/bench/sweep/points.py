"""What a sweep measures in tests: nothing, but it is told by the model's name how to fare.

Each execution adds a line to the file that ``SWEEP_LOG`` names.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from inception_profiler.errors import InputError
from inception_profiler.records.latency import Benchmark, Environment, Measurement, Ratio, Setting
from inception_profiler.records.sweep import Point

MEASURE = f"{__name__}:scripted"
THIRDS = tuple(1 / (3 * number) for number in range(1, 11))
ENVIRONMENT = Environment(
    device="Test Device 1 (a/b)", kind="cpu", memory_bytes=None, driver="", torch="2", python="3",
    system="", processor="", cores=1, threads=1, capability="", load=None, clock_mhz=(), temperature=(),
    power_watts=(), throttled=(), others=None, commit="", version="0", taken="2026-01-01T00:00:00+00:00",
)  # fmt: skip


def measurement(
    model: str, point: Point, failed: str = "", seconds: tuple[float, ...] = THIRDS
) -> Measurement:
    """A measurement with made-up seconds."""
    return Measurement(
        model=model, inputs=(), batch=point.batch, setting=Setting(train=point.setting.train),
        environment=ENVIRONMENT, seconds=() if failed else seconds, device_seconds=(), warm_up=3, steady=True,
        stopped="failed" if failed else "time limit", discarded=0, prepared_seconds=None, macs=1, flops=2,
        ceiling=None, failed=failed,
    )  # fmt: skip


def benchmark(point: Point, failed: str = "") -> Benchmark:
    """A benchmark of the point and its references, every ratio a third."""
    names = (point.model, *point.references)
    ratios = tuple(Ratio(0, place, THIRDS) for place in range(1, len(names)))
    return Benchmark(tuple(measurement(name, point, failed) for name in names), () if failed else ratios)


def scripted(point: Point, time_limit: float) -> Benchmark:
    """Fare as the model's name says."""
    log = Path(os.environ["SWEEP_LOG"])
    with log.open("a") as file:
        file.write(f"{point.model} {point.batch} {os.getpid()}\n")
    match point.model.partition(":")[0]:
        case "hang":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            Path(f"{log}.child").write_text(str(child.pid))
            time.sleep(600)
        case "killed":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exits":
            print("the last words", flush=True)
            os._exit(7)
        case "raises":
            raise RuntimeError("the kernel\nis wrong")
        case "refused":
            raise InputError("no such model")
        case "fills":
            import torch

            torch.zeros(2**34, dtype=torch.uint8).fill_(1)  # 16 GiB, where far less is allowed
        case "python-fills":
            bytearray(2**34)
        case "fails":
            return benchmark(point, "out of memory")
        case "waits":  # until the test says so, by a file
            while not Path(f"{log}.go").exists():
                time.sleep(0.02)
    return benchmark(point)


def executions(log: Path) -> list[str]:
    """What was executed, in order: model and batch."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.rsplit(" ", 1)[0] for line in lines]


def pids(log: Path) -> list[int]:
    """The processes that executed, in order."""
    return [int(line.rsplit(" ", 1)[1]) for line in log.read_text().splitlines()]
