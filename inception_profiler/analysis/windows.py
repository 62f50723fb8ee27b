"""How an operation moves over the positions of one axis: which of them each output reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

from inception_profiler.analysis.reach import Reach, Taps, divided, spread, window
from inception_profiler.records.frozen import record
from inception_profiler.records.trace import Call

_MOST_PARTS = 1000  # in which the denominator of a scale factor is looked for


@record
class Moved:
    """The taps of an operation along one axis, how far they move on, and whether they cover it whole."""

    advance: int
    taps: Taps
    whole: bool = False

    STILL: ClassVar[Moved]

    def applied(self, reach: Reach) -> Reach:
        """Return what is reached through the operation."""
        through = reach.through(self.advance, self.taps)
        return through.seeing_everything() if self.whole else through


Moved.STILL = Moved(1, ((0,),))


def moved(call: Call, settings: Mapping[str, Any], back: int, given: int, made: int) -> Moved | None:
    """Say how ``call`` moves over its ``back``-th last dimension, from ``given`` to ``made`` positions.

    A window that has room for one position only, and covers the whole side without padding, reads everything.
    None where the operation is not understood.
    """
    op = call.op
    if op == "pad":
        pads = settings["pad"]
        return _shifted(pads[2 * back - 2] if 2 * back <= len(pads) else 0)
    if op.startswith(("aten.reflection_pad", "aten.replication_pad")):
        return _shifted((made - given) // 2)
    if op.startswith("adaptive") or settings.get("mode") == "area":
        return Moved(*divided(given, made), whole=made == 1 and given > 1)
    if op == "interpolate":
        scale = None if settings["recompute_scale_factor"] else settings["scale"]
        scale = scale[-back] if isinstance(scale, tuple) else scale
        return _sampled(given, made, settings["mode"], settings["align_corners"], scale)
    if op == "pixel_shuffle":
        return Moved(1, ((0,),) * (made // given)) if back <= 2 else Moved.STILL
    if op == "pixel_unshuffle":
        return Moved(given // made, window(given // made, 1, 0)) if back <= 2 else Moved.STILL
    if "kernel" not in settings:
        return None
    kernel, stride, dilation = (settings[name][-back] for name in ("kernel", "stride", "dilation"))
    extent = dilation * (kernel - 1)
    padding = settings["padding"]
    before = padding[-back] if not isinstance(padding, str) else extent // 2 if padding == "same" else 0
    if op.startswith("conv_transpose"):
        return Moved(1, spread(kernel, stride, dilation, before))
    whole = made == 1 and before == 0 and extent + 1 == given > 1
    return Moved(stride, window(kernel, dilation, before), whole)


def _shifted(before: int) -> Moved:
    return Moved(1, ((-before,),)) if before else Moved.STILL


@cache
def _sampled(given: int, made: int, mode: str, aligned: bool, scale: float | None) -> Moved:
    """Return the taps of an interpolation; those of weight zero are not read."""
    if aligned:
        ratio = Fraction(given - 1, max(made - 1, 1))
    elif scale is None:
        ratio = Fraction(given, made)
    else:
        ratio = 1 / Fraction(scale).limit_denominator(_MOST_PARTS)
    half = Fraction(0 if aligned or mode == "nearest" else 1, 2)
    taps: list[tuple[int, ...]] = []
    for phase in range(ratio.denominator):
        source = (phase + half) * ratio
        if mode.startswith("nearest"):
            taps.append((math.floor(source),))
            continue
        source -= half
        base, between = math.floor(source), source.denominator > 1
        reach = range(base - 1, base + 3) if mode == "bicubic" else range(base, base + 2)
        taps.append(tuple(reach) if between else (base,))
    return Moved(ratio.numerator, tuple(taps))
