"""Hold the predicted memory of every registered model of at most 150 M params against the CPU's allocator.

``make memory`` writes reports/memory.md. Each run is a process of its own, at batch 2 and the paper's input
size; bytes do not depend on the load of the machine, so others may work meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parents[1] / "reports" / "memory.md"
MOST_PARAMS = 150_000_000
BATCH = 2
RUN = """
import json, sys
from inception_profiler.analysis.memory.measure import measured
from inception_profiler.analysis.subject import subject
name, train = sys.argv[1], sys.argv[2] == "training"
found = measured(subject(name, batch=int(sys.argv[3]), train=train), optimizer="sgd" if train else "")
at = found.peak
print(json.dumps(dict(
    model=name, mode=sys.argv[2], predicted=found.memory.peak_bytes, expected=found.expected_bytes,
    measured=found.peak_bytes, off=found.off_bytes, end=found.end_bytes - found.memory.end_bytes,
    at=f"{at.name} · {at.op}" if at.name else at.op, phase=at.phase, hidden=at.hidden_bytes,
    workspace=at.workspace_bytes, calls=len(found.allocations), library=found.library,
    exact=sum(entry.hidden_bytes == entry.workspace_bytes for entry in found.allocations),
)))
"""


def run(name: str, mode: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, name, mode, str(BATCH)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"model": name, "mode": mode, "failed": lines[-1] if lines else f"exit {done.returncode}"}
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def table(rows: list[dict[str, Any]]) -> list[str]:
    heads = ("model", "predicted", "measured", "gap", "with workspace", "left", "at", "off between calls")
    lines = [f"| {' | '.join(heads)} |", "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |"]
    for row in rows:
        if "failed" in row:
            lines.append(f"| {row['model']} | | | | | | {row['failed']} | |")
            continue
        gap = row["measured"] / row["predicted"] - 1
        left = row["measured"] / row["expected"] - 1
        lines.append(
            f"| {row['model']} | {row['predicted']:,} | {row['measured']:,} | {gap:.2%} "
            f"| {row['expected']:,} | {left:.3%} | {row['phase']}: {row['at']} | {row['off']:,} |"
        )
    return lines


def report(rows: list[dict[str, Any]]) -> str:
    library = next((row["library"] for row in rows if "library" in row), "")
    lines = [
        "# Predicted memory against the allocator",
        "",
        f"Every registered model of at most 150 M params, batch {BATCH}, float32, on the CPU ({library}).",
        "Bytes of the peak that one run takes from PyTorch's allocator, read from the profiler's memory",
        "events; weights, buffers and input apart. *Predicted* is of tensors only. *With workspace* adds",
        "what the convolution library takes inside of a call, by the formula in",
        "`analysis/memory/workspace.py`; *left* is what remains. *Off between calls* is the largest",
        "difference after any call of the forward pass, after the backward pass and at the end: where it is",
        "0 every tensor was predicted to the byte and the gap is all inside of calls. Python numbers that",
        "kernels take as tensors are 4 to 20 bytes of it.",
    ]
    for mode, title in (("inference", "One inference"), ("training", "One step of training (SGD)")):
        part = [row for row in rows if row["mode"] == mode]
        if part:
            lines += ["", f"## {title}", "", *table(part)]
    return "\n".join(lines) + "\n"


def main() -> None:
    from inception_profiler.zoo.card import load

    names = [name for name, (card, _) in load().items() if card.params <= MOST_PARAMS]
    rows: list[dict[str, Any]] = []
    with ThreadPoolExecutor(1) as pool:
        points = [(name, mode) for mode in ("inference", "training") for name in names]
        for row in pool.map(lambda point: run(*point), points):
            rows.append(row)
            print(json.dumps(row), flush=True)
            REPORT.write_text(report(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
