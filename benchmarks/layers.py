"""Hold the sum of the layers against the whole, for the Inception family at its own resolutions.

``make layers`` writes reports/layers.md. The machine must have nothing else to do meanwhile; the sum is to
lie within 10 % of the whole.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inception_profiler.bench.busy import Busy
from inception_profiler.bench.device import find_device
from inception_profiler.bench.layers import RULES, layered
from inception_profiler.bench.rules import limited
from inception_profiler.bench.settings import combinations
from inception_profiler.records.roofline import BOUNDS, Roofline

REPORT = Path(__file__).parents[1] / "reports" / "layers.md"
WITHIN = 0.10
SECONDS = 5.0
FAMILY = (
    "inception_v1", "bn_inception", "inception_v2", "inception_v3", "inception_v4", "inception_resnet_v1",
    "inception_resnet_v2", "xception",
)  # fmt: skip


def run(name: str) -> tuple[Roofline, float]:
    from inception_profiler.analysis.subject import subject

    (setting,) = combinations()
    about, busy = subject(name), Busy()
    found = layered(about, setting, find_device("cpu"), rules=limited(RULES, SECONDS))
    return found, busy.share() or 0.0


def row(found: Roofline, others: float) -> str:
    size = "×".join(map(str, found.inputs[0].shape))
    cells = [found.model, size, f"{found.whole_seconds * 1e3:.2f}", f"{found.sum_seconds * 1e3:.2f}"]
    cells += [
        f"{found.explained:.1%}",
        f"{others:.0%}",
        str(len(found.layers)),
        str(found.rounds),
        found.stopped,
    ]
    shares = {group.title: group.seconds / found.sum_seconds for group in found.by_verdict()}
    cells += [f"{shares.get(bound, 0.0):.0%}" for bound in BOUNDS]
    far = [
        f"{group.title} {group.seconds / found.sum_seconds:.0%} at {group.attained:.0%}"
        for group in found.by_op()[:3]
    ]
    above = sum(found.attained(layer) > 1 for layer in found.layers)
    return f"| {' | '.join([*cells, str(above), ', '.join(far)])} |"


def report(rows: list[tuple[Roofline, float]]) -> str:
    first, _ = rows[0]
    place, roofs = first.environment, first.ceilings
    off = max(abs(found.explained - 1) for found, _ in rows)
    cache = f"{roofs.cache_bytes_per_second / 1e9:.1f}" if roofs.cache_bytes_per_second else "–"
    heads = ["model", "input", "whole [ms]", "sum of layers [ms]", "sum / whole", "others"]
    heads += ["calls", "rounds", "stopped", *BOUNDS, "above their roof"]
    heads += ["longest operations, and what they reach of their roof"]
    right = ["---:"]
    ruler = ["---", "---", *right * 6, "---", *right * (len(BOUNDS) + 1), "---"]
    return "\n".join(
        [
            "# Layers against the whole",
            "",
            f"{place.device}, {place.threads} threads, PyTorch {place.torch}, fp32, eager; {place.taken}, "
            f"load {place.load:.1f} when it began.",
            f"Roofs: {roofs.flops_per_second / 1e9:.1f} GFLOP/s, {roofs.bytes_per_second / 1e9:.1f} GB/s "
            f"from memory, {cache} GB/s within the last cache.",
            "Whole: median of runs without instruments; sum of layers: of the medians of all calls in runs",
            "with them, in the same rounds. The columns of the verdicts are shares of the time. Others: what",
            "other processes had of the processors meanwhile, which makes a row worth less.",
            "",
            f"Largest difference of sum and whole: {off:.1%}; wanted are at most {WITHIN:.0%}.",
            "",
            f"| {' | '.join(heads)} |",
            f"| {' | '.join(ruler)} |",
            *(row(*entry) for entry in rows),
            "",
        ]
    )


def main() -> int:
    rows = []
    for name in FAMILY:
        rows.append(run(name))
        print(row(*rows[-1]), file=sys.stderr, flush=True)
        REPORT.write_text(report(rows), encoding="utf-8")
    return int(any(abs(found.explained - 1) > WITHIN for found, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
