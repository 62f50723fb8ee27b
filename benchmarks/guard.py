"""Measure what it takes to check a hundred small models, and write ``reports/guard.md``.

The check and ``import torch`` run as whole processes in turn, in one run, so that their difference holds
although absolute times drift. Times are medians over rounds; a difference is the median of the differences of
each round. Processor time is shown beside: a machine that does other things changes it less.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from inception_profiler.document.blocks import Column, Document, Heading, Prose, Row, Table
from inception_profiler.render.markdown import render
from inception_profiler.units import Unit

MODELS = 100
ROUNDS = 5
GOAL = 3.0
"""Seconds beyond ``import torch``."""
REPORT = Path(__file__).parents[1] / "reports" / "guard.md"
NETWORK = """
from torch import nn

def block(inside, outside):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.ReLU())

def build(width):
    return nn.Sequential(
        block(3, width), nn.MaxPool2d(2), block(width, 2 * width), nn.MaxPool2d(2),
        block(2 * width, 4 * width), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, 10),
    )
"""


def repository(folder: Path) -> None:
    """Write a file with the models, and a configuration that names them all."""
    functions = "".join(f"\ndef net{n}():\n    return build({n + 4})\n" for n in range(MODELS))
    (folder / "nets.py").write_text(NETWORK + functions)
    entries = "".join(f'    {{ model = "nets:net{n}", input = "3x32x32" }},\n' for n in range(MODELS))
    (folder / "pyproject.toml").write_text(f"[tool.inception-profiler]\nmodels = [\n{entries}]\n")


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command that must succeed; return its wall seconds and its processor seconds."""
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with status {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def main() -> None:
    script = str(Path(sys.executable).with_name("inception-profiler"))
    base, check = [sys.executable, "-c", "import torch"], [script, "check"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder)
        run([script, "check", "--update"], folder)
        run(base, folder)
        rounds = [(run(base, folder), run(check, folder)) for _ in range(ROUNDS)]
    rows = []
    for title, at in (("wall", 0), ("processor", 1)):
        torch_seconds = statistics.median(one[at] for one, _ in rounds)
        check_seconds = statistics.median(other[at] for _, other in rounds)
        beyond = statistics.median(other[at] - one[at] for one, other in rounds)
        rows.append(Row((title, torch_seconds, check_seconds, beyond, 1e3 * beyond / MODELS)))
    columns = (
        Column("clock", "clock", Unit.TEXT),
        Column("torch", "import torch (s)", Unit.RATE),
        Column("check", "check (s)", Unit.RATE),
        Column("beyond", "beyond import torch (s)", Unit.RATE),
        Column("each", "ms a model", Unit.RATE),
    )
    caption = (
        f"Whole processes in turn, medians of {ROUNDS} rounds; the goal is {GOAL:.0f} s beyond import torch."
    )
    table = Table(f"{MODELS} small models", columns, tuple(rows), caption)
    words = (
        f"Written by make guard with torch {torch.__version__} on {os.cpu_count()} CPU cores. Each model is "
        "a small convolutional network that is built, counted, and held against the lock file. Absolute "
        "times depend on the machine and its load."
    )
    REPORT.write_bytes(render(Document("Guard", (Heading("Guard", 1), Prose(words), table))))
    print(REPORT.read_text())
    met = rows[0].cells[3]
    print("the goal is met" if isinstance(met, float) and met < GOAL else "the goal is missed")


if __name__ == "__main__":
    main()
