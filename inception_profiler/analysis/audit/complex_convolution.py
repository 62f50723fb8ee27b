"""The one difference in unit: we count complex multiply-accumulates, the engines real ones."""

from __future__ import annotations

from inception_profiler.analysis.audit.places import Place
from inception_profiler.analysis.audit.tally import Fault, Tally
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call

REAL = 3
"""Real convolutions that PyTorch runs for a complex one: Gauss's ``(a+bi)(c+di)`` in three products."""
THREE = "counts 3 real MACs for each complex one of a convolution"


def is_complex_convolution(call: Call) -> bool:
    """Whether a call is a convolution of complex numbers."""
    return call.kind == "convolution" and call.outputs[0].dtype.startswith("complex")


def declare(tally: Tally, ours: Profile) -> None:
    """Declare at each place with complex convolutions that three real MACs stand for each of theirs.

    A fault already declared there was foretold from the real operators, and leads on from their number.
    """
    right: dict[Place, int] = {}
    real: dict[Place, int] = {}
    for layer in ours.layers:
        times = REAL if is_complex_convolution(layer.call) else 1
        for place, macs in (
            (Place(layer.path, backward=False), layer.macs),
            (Place(layer.path, backward=True), layer.backward_macs),
        ):
            right[place] = right.get(place, 0) + macs
            real[place] = real.get(place, 0) + macs * times
    for place, macs in real.items():
        before = tally.faults.get(place)
        if macs == right[place]:
            continue
        if before is None:
            tally.faults[place] = Fault(THREE, macs, right[place])
        elif before.right == macs:
            tally.faults[place] = Fault(f"{before.name}; {THREE}", before.wrong, right[place])
