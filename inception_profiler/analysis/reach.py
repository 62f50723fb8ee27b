"""Which input positions an output position reaches, along one axis, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

Taps = tuple[tuple[int, ...], ...]
"""For each phase of the output, the positions that an operation reads there; empty where it reads none."""


class Reach(NamedTuple):
    """The span of input positions that each position of a tensor's axis depends on.

    A position ``o = period · m + r`` reaches from ``lows[r] + advance · m`` up to ``highs[r] + advance · m``,
    both included, of an input without borders. One period is one position but after upsampling, whose outputs
    are not all alike. A span is infinite where everything is seen, and ends before it begins (``inf``,
    ``-inf``) where nothing is.
    """

    advance: int
    period: int
    lows: tuple[float, ...]
    highs: tuple[float, ...]

    @property
    def step(self) -> int | float:
        """Input positions from one output position to the next."""
        whole, rest = divmod(self.advance, self.period)
        return whole if rest == 0 else self.advance / self.period

    @property
    def size(self) -> float:
        """Input positions that the widest span covers; infinite where everything is seen."""
        return max(0, *[high - low + 1 for low, high in zip(self.lows, self.highs, strict=True)])

    @property
    def everything(self) -> bool:
        """Whether every position depends on the whole axis."""
        return self.size == math.inf

    def steps_like(self, other: Reach) -> bool:
        """Whether neighbours lie as far apart as those of the other."""
        return self.advance * other.period == other.advance * self.period

    def at(self, position: int) -> tuple[float, float]:
        """Return the span of one position."""
        turn, phase = divmod(position, self.period)
        return self.lows[phase] + turn * self.advance, self.highs[phase] + turn * self.advance

    def through(self, advance: int, taps: Taps) -> Reach:
        """Return what is reached through an operation.

        Its output ``o = len(taps) · m + r`` reads the positions ``taps[r]``, each moved on by
        ``advance · m``.
        """
        turns = self.period // math.gcd(self.period, advance)
        lows, highs = [], []
        for phase in range(len(taps) * turns):
            turn, tap = divmod(phase, len(taps))
            moved = turn * advance
            low, high = math.inf, -math.inf
            read = taps[tap]
            # with one phase, the spans of the outermost taps enclose all
            for position in read if self.period > 1 else (read[0], read[-1]) if read else ():
                first, last = self.at(position + moved)
                low, high = min(low, first), max(high, last)
            lows.append(low)
            highs.append(high)
        onward = self.advance * advance * turns // self.period
        return Reach(onward, len(taps) * turns, tuple(lows), tuple(highs)).reduced()

    def reduced(self) -> Reach:
        """Return the same spans with the smallest period."""
        for period in range(1, self.period):
            if self.period % period or self.advance * period % self.period:
                continue
            advance = self.advance * period // self.period
            spans = [_moved(self, phase, -advance * (phase // period)) for phase in range(self.period)]
            if all(span == spans[phase % period] for phase, span in enumerate(spans)):
                return Reach(advance, period, self.lows[:period], self.highs[:period])
        return self

    def seeing_everything(self) -> Reach:
        """Return the same steps with every position depending on the whole axis."""
        return Reach(self.advance, self.period, *everything(self.period))


def _moved(reach: Reach, phase: int, by: int) -> tuple[float, float]:
    return reach.lows[phase] + by, reach.highs[phase] + by


def everything(period: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the spans of a period that sees everything."""
    return (-math.inf,) * period, (math.inf,) * period


ITSELF = Reach(1, 1, (0,), (0,))
"""What an input's own position reaches."""


def joined(reaches: Sequence[Reach]) -> Reach:
    """Return the spans that enclose those of several branches that step alike."""
    first = reaches[0]
    if all(reach == first for reach in reaches):
        return first
    period = math.lcm(*[reach.period for reach in reaches])
    advance = first.advance * period // first.period
    lows, highs = zip(
        *(
            (min(low for low, _ in spans), max(high for _, high in spans))
            for spans in ([reach.at(position) for reach in reaches] for position in range(period))
        ),
        strict=True,
    )
    return Reach(advance, period, lows, highs).reduced()


@cache
def window(kernel: int, dilation: int, before: int) -> Taps:
    """Return the taps of a sliding window with ``before`` positions of padding in front."""
    return (tuple(range(-before, dilation * (kernel - 1) - before + 1, dilation)),)


@cache
def spread(kernel: int, stride: int, dilation: int, before: int) -> Taps:
    """Return the taps of a transposed convolution: ``i = (o + P − D·k) / S`` wherever that is whole."""
    return tuple(
        tuple(
            sorted(
                (phase + before - dilation * k) // stride
                for k in range(kernel)
                if (phase + before - dilation * k) % stride == 0
            )
        )
        for phase in range(stride)
    )


@cache
def divided(given: int, wanted: int) -> tuple[int, Taps]:
    """Return how far an adaptive pooling moves on in a period, and its taps.

    Output i of n over a side of H reads from ⌊i·H/n⌋ up to ⌈(i+1)·H/n⌉.
    """
    common = math.gcd(given, wanted)
    phases = wanted // common
    return given // common, tuple(
        tuple(range(i * given // wanted, -(-(i + 1) * given // wanted))) for i in range(phases)
    )
