"""Hold the predicted memory of every registered model of at most 150 M params against the CPU's allocator.

``make memory`` writes reports/memory.md: batch 2 and the paper's input size. Bytes do not depend on the load
of the machine, so others may work meanwhile.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from inception_profiler.errors import ProfilerError

REPORT = Path(__file__).parents[1] / "reports" / "memory.md"
MOST_PARAMS = 150_000_000
BATCH = 2


def run(name: str, mode: str) -> dict[str, Any]:
    from inception_profiler.analysis.memory.measure import measured
    from inception_profiler.analysis.subject import subject

    train = mode == "training"
    row: dict[str, Any] = {"model": name, "mode": mode}
    try:
        found = measured(subject(name, batch=BATCH, train=train), optimizer="sgd" if train else "")
    except ProfilerError as error:
        return row | {"failed": str(error)}
    at = found.peak
    return row | {
        "predicted": found.memory.peak_bytes,
        "expected": found.expected_bytes,
        "measured": found.peak_bytes,
        "off": found.off_bytes,
        "at": f"{at.name} · {at.op}" if at.name else at.op,
        "phase": at.phase,
        "library": found.library,
    }


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


def report(rows: list[dict[str, Any]], models: int) -> str:
    library = next((row["library"] for row in rows if "library" in row), "")
    lines = [
        "# Predicted memory against the allocator",
        "",
        f"Registered models of at most 150 M params, batch {BATCH}, float32, on the CPU ({library}).",
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
            lines += ["", f"## {title}: {len(part)} of {models} models", "", *table(part)]
    return "\n".join(lines) + "\n"


def main() -> None:
    from inception_profiler.zoo.card import load

    names = [name for name, (card, _) in load().items() if card.params <= MOST_PARAMS]
    rows: list[dict[str, Any]] = []
    for mode in ("inference", "training"):
        for name in names:
            rows.append(run(name, mode))
            print(rows[-1], file=sys.stderr, flush=True)
            REPORT.write_text(report(rows, len(names)), encoding="utf-8")


if __name__ == "__main__":
    main()
