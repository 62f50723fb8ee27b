"""The second engine: PyTorch's own ``FlopCounterMode``, its FLOPs halved, its declared faults foretold."""

from __future__ import annotations

from typing import Any

import torch

from inception_profiler.analysis.audit.complex_convolution import declare
from inception_profiler.analysis.audit.operators import contraction_macs
from inception_profiler.analysis.audit.passes import watch
from inception_profiler.analysis.audit.places import Place
from inception_profiler.analysis.audit.tally import Fault, Tally
from inception_profiler.analysis.subject import Subject
from inception_profiler.records.profile import Profile

TITLE = "FlopCounterMode"
METHOD = "PyTorch's counter on a copy without data, FLOPs / 2"
GROUPED = "weight gradients of grouped convolutions × groups"
FUSED = "fused attention on the CPU counted as 0"
UNKNOWN = "does not know"
_FUSED = frozenset({
    "aten::_scaled_dot_product_flash_attention_for_cpu",
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward",
})  # fmt: skip
_UNKNOWN = {
    "aten::mv": "mv",
    "aten::dot": "dot",
    "aten::vdot": "vdot",
    "aten::addmv": "addmv",
    "aten::_trilinear": "bilinear",
    "aten::mul": "outer products",
}
"""Contractions that it has no formula for, and so counts as 0."""


def version() -> str:
    """Return the version of what counts."""
    return f"torch {torch.__version__}"


def count(about: Subject, ours: Profile) -> Tally:
    """Count a subject; on real tensors in a copy where its forward pass needs data.

    The counter books an operator after it has run, and so its total is read when the next one runs.
    """
    from torch.utils.flop_counter import FlopCounterMode

    counter: Any = FlopCounterMode(display=False)
    flops, right = Tally(), Tally()
    wrong: dict[Place, int] = {}
    names: dict[Place, dict[str, None]] = {}
    last: list[Any] = [Place("", backward=False), 0]

    def settle() -> None:
        total = counter.get_total_flops()
        flops.add(last[0], total - last[1])
        last[1] = total

    def seen(place: Place, operator: Any, args: tuple[Any, ...], output: Any) -> None:
        settle()
        last[0] = place
        macs = contraction_macs(operator, args, output)
        if macs:
            right.add(place, macs)
            faulty, name = _faulty(str(operator._schema.name), args, macs)
            wrong[place] = wrong.get(place, 0) + faulty
            if name:
                names.setdefault(place, {})[name] = None

    watch(about, seen, real=bool(ours.fallback), inner=counter)
    settle()
    faults = {
        place: Fault("; ".join(found), wrong[place], right.macs[place]) for place, found in names.items()
    }
    tally = Tally({place: number // 2 for place, number in flops.macs.items() if number}, faults)
    declare(tally, ours)
    return tally


def _faulty(name: str, args: tuple[Any, ...], macs: int) -> tuple[int, str]:
    """Return what the counter makes of an operator of so many MACs, and the fault that explains it."""
    if name in _FUSED:
        return 0, FUSED
    if name.removesuffix("_") in _UNKNOWN:
        return 0, f"{UNKNOWN} {_UNKNOWN[name.removesuffix('_')]}"
    if name == "aten::convolution_backward" and args[9] > 1 and args[10][1]:
        each = macs // sum(map(bool, args[10][:2]))
        return macs + (args[9] - 1) * each, GROUPED
    return macs, ""
