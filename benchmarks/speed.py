"""Measure the profiler against the tools people use, and write ``reports/speed.md``.

Everything is measured on this machine in one run, and the contenders take turns, so that the ratios hold
although absolute times drift. Times are medians over rounds; a ratio is the median of the ratios of each
round.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from contenders import CONTENDERS
from networks import NETWORKS
from torch import nn

import inception_profiler as ip
from inception_profiler.document.blocks import Block, Column, Document, Heading, Prose, Row, Table
from inception_profiler.render.markdown import render
from inception_profiler.units import Unit

ROUNDS = 3
COMMAND_ROUNDS = 5
REPORT = Path(__file__).parents[1] / "reports" / "speed.md"
OURS = "inception_profiler"


def timed(action: Callable[[], Any]) -> float:
    gc.collect()
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        action()
        return time.perf_counter() - start


def prepared(build: Callable[[], nn.Module], shape: tuple[int, ...]) -> dict[str, Callable[[], Any]]:
    """Give every contender a model of its own on its fastest device; leave out who fails on both."""
    actions: dict[str, Callable[[], Any]] = {}
    for name, contender in CONTENDERS.items():
        working: dict[float, Callable[[], Any]] = {}
        for device in ("meta", "cpu"):
            with torch.device(device):
                model = build().eval()
                image = torch.empty(shape) if device == "meta" else torch.zeros(shape)

            def action(run: Any = contender, model: nn.Module = model, image: torch.Tensor = image) -> Any:
                return run(model, image)

            try:
                timed(action)
                working[timed(action)] = action
            except Exception as error:
                print(f"    {name} on {device}: {type(error).__name__}", flush=True)
        if working:
            actions[name] = working[min(working)]
    return actions


def against_tools() -> Table:
    columns = [Column("network", "network", Unit.TEXT), Column("ours", f"{OURS} (ms)", Unit.RATE)]
    columns += [Column(name, name, Unit.RATIO) for name in CONTENDERS]
    columns.append(Column("fastest", "fastest other", Unit.RATIO))
    rows = []
    for name, (build, shape) in NETWORKS.items():
        print(name, flush=True)
        others = prepared(build, shape)
        model = build().eval()
        ours: list[float] = []
        ratios: dict[str, list[float]] = {other: [] for other in others}
        for _ in range(ROUNDS):
            here = statistics.median(timed(partial(ip.profile, model, shape)) for _ in range(3))
            ours.append(here)
            for other, action in others.items():
                ratios[other].append(timed(action) / here)
        medians = {other: statistics.median(values) for other, values in ratios.items()}
        cells = [medians.get(other) for other in CONTENDERS]
        rows.append(Row((name, 1e3 * statistics.median(ours), *cells, min(medians.values()))))
    return Table(
        "Against the tools people use",
        tuple(columns),
        tuple(rows),
        f"One process, full per-layer result: how many times longer each tool takes than {OURS}, on "
        f"the faster device for it (meta where it works there, else the CPU). Medians of {ROUNDS} rounds in "
        "turn; – where a tool fails.",
    )


LAUNCHER = """
import os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(time.perf_counter() - start, usage.ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall seconds and its peak resident bytes.

    A small process launches it: a child's peak counts from the memory of the process that forked it.
    """
    launched = [sys.executable, "-S", "-c", LAUNCHER, *command]
    seconds, peak = subprocess.run(launched, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(peak)


def whole_commands() -> Table:
    profile = str(Path(sys.executable).with_name("profile"))
    commands = {
        "import torch": [sys.executable, "-c", "import torch"],
        "profile inception_v1 --vs vgg16": [profile, "inception_v1", "--vs", "vgg16"],
        "profile --help": [profile, "--help"],
        "profile --version": [profile, "--version"],
    }
    for command in commands.values():
        run(command)
    results = {title: [] for title in commands}  # type: dict[str, list[tuple[float, float]]]
    for _ in range(COMMAND_ROUNDS):
        for title, command in commands.items():
            results[title].append(run(command))
    base = results["import torch"]
    rows = []
    for title, runs in results.items():
        ratio = statistics.median(mine[0] / other[0] for mine, other in zip(runs, base, strict=True))
        memory = statistics.median(peak for _, peak in runs)
        more = memory - statistics.median(peak for _, peak in base)
        rows.append(Row((title, statistics.median(seconds for seconds, _ in runs), ratio, memory, more)))
    columns = (
        Column("command", "command", Unit.TEXT),
        Column("seconds", "seconds", Unit.RATE),
        Column("ratio", "to import torch", Unit.RATIO),
        Column("peak_memory", "peak memory", Unit.BYTES),
        Column("more_memory", "beyond import torch", Unit.BYTES),
    )
    caption = f"Whole processes in turn, medians of {COMMAND_ROUNDS} rounds."
    return Table("The whole command", columns, tuple(rows), caption)


def scaling() -> Table:
    rows = []
    for operations in (200, 2_000, 20_000):
        with torch.device("meta"):
            chain = nn.Sequential(*(nn.Conv2d(4, 4, 1) for _ in range(operations)))
        seconds = statistics.median(timed(partial(ip.profile, chain, (1, 4, 8, 8))) for _ in range(5))
        rows.append(Row((f"{operations:,} convolutions", 1e3 * seconds, 1e6 * seconds / operations)))
    with torch.device("meta"):
        giant = nn.Sequential(*(nn.Linear(100_000, 100_000, bias=False) for _ in range(10)))
    before = resident()
    profiles = []
    seconds = timed(lambda: profiles.append(ip.profile(giant, (1, 100_000))))
    grown = resident() - before
    rows.append(Row((f"{profiles[0].params:,} params in {profiles[0].calls} layers", 1e3 * seconds, None)))
    columns = (
        Column("network", "network", Unit.TEXT),
        Column("milliseconds", "ms", Unit.RATE),
        Column("per_operation", "µs an operation", Unit.RATE),
    )
    caption = (
        f"Resident memory grew by {grown / 2**20:.1f} MiB over the last of them. "
        "Medians of 5 runs (last row: one)."
    )
    return Table("Large networks", columns, tuple(rows), caption)


def resident() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    blocks: list[Block] = [
        Heading("Speed", 1),
        Prose(
            f"Written by make speed with torch {torch.__version__} on {os.cpu_count()} CPU cores. "
            "Absolute times depend on the machine and its load; the ratios were measured side by side."
        ),
        whole_commands(),
        scaling(),
        against_tools(),
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(render(Document("Speed", tuple(blocks))))
    print(REPORT.read_text())


if __name__ == "__main__":
    main()
