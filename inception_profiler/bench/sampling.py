"""Latency that can be believed: steady before it counts, side by side in random order, until it is known.

Pure: time comes from a clock that is given, work from callables; no device is known here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import NamedTuple, TypeVar

from inception_profiler.bench.rules import RULES, Rules
from inception_profiler.bench.stopping import Stopping
from inception_profiler.bench.warm_up import warm_up
from inception_profiler.records.latency import FAILED, INTERRUPTED, TIME

__all__ = ["Contestant", "Rules", "Samples", "sample"]

T = TypeVar("T")
_Call = tuple[float, float | None]
_Row = tuple[_Call | None, ...]


class Contestant(NamedTuple):
    """One setting of one model.

    Attributes:
        run: makes one call and waits until it is done; returns the device's own seconds, None if it has none.
        before: what happens before each call and is not timed: synchronise, overwrite the cache.
    """

    run: Callable[[], float | None]
    before: Callable[[], None] | None = None


class Samples(NamedTuple):
    """What was measured of one contestant.

    Attributes:
        seconds: of each round, by the clock; equal places of two contestants are of one round.
        device_seconds: of the same calls; empty where the device has no time of its own.
        warm_up: calls before the first round.
        steady: whether the warm-up ended because two windows agreed.
        stopped: why sampling stopped, one of `STOPS`; FAILED for this contestant alone.
        discarded: rounds that were taken again because the clock of the device had dropped.
        suspect: rounds in which it had dropped as well, kept because so many had been taken again.
        error: what this contestant raised, without its traceback, which would keep its tensors; it has the
            rounds before.
    """

    seconds: tuple[float, ...]
    device_seconds: tuple[float, ...]
    warm_up: int
    steady: bool
    stopped: str
    discarded: int
    suspect: int = 0
    error: Exception | None = None


class _Lane:
    """A contestant and what has become of it so far."""

    def __init__(self, contestant: Contestant, clock: Callable[[], float]) -> None:
        self.contestant = contestant
        self.clock = clock
        self.warm: list[float] = []
        self.steady = False
        self.error: Exception | None = None

    def call(self) -> _Call:
        """Make one call; return its seconds and the device's."""
        if self.contestant.before:
            self.contestant.before()
        begun = self.clock()
        device = self.contestant.run()
        return self.clock() - begun, device

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do something that may fail; where it does, this contestant is out, and nobody else."""
        try:
            return act()
        except Exception as error:
            self.error = _bare(error)
            return None

    def get_warm(self, rules: Rules) -> None:
        """Call until steady, or until the time for it is over."""
        self.steady = warm_up(lambda: self.call()[0], self.warm, clock=self.clock, rules=rules)


def sample(
    contestants: Sequence[Contestant],
    *,
    clock: Callable[[], float],
    random: Random,
    rules: Rules = RULES,
    accepted: Callable[[], bool] | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> tuple[Samples, ...]:
    """Measure all contestants side by side.

    Each is warmed up until it is steady. Then, round by round, each is called once, in an order drawn anew:
    what drifts or comes in bursts strikes all alike, and the ratios of two within each round remain. Where
    two are truly the same, either is as likely to be the slower of a round, independently of all other rounds
    and whatever the noise is; so the order-statistic interval of their ratio holds 1 with its confidence.

    Sampling stops when the interval of every median, and of the ratio of the first to each other contestant,
    is narrow enough; when those that are not no longer become narrower; or at the time limit. Who is faster
    is not looked at. A contestant that raises an exception drops out, the others go on. ``KeyboardInterrupt``
    ends the sampling and is not raised again: the complete rounds are returned, marked `INTERRUPTED`.

    Args:
        contestants: the first is the subject of the ratios.
        clock: the host's time in seconds, from any beginning.
        random: draws the orders.
        rules: when it is warm, and when it is enough.
        accepted: asked after each round whether the device still runs at its clock; a round in which it does
            not is discarded, counted and taken again.
        progress: told after each round how many there are, and half of the widest interval as a share of its
            median, infinite at first; a round 0 is the warm-up.
    """
    lanes = [_Lane(contestant, clock) for contestant in contestants]
    rows: list[_Row] = []
    tally = _Tally(rules, accepted)
    try:
        reason = _run(lanes, rows, tally, rules, clock=clock, random=random, progress=progress)
    except KeyboardInterrupt:
        reason = INTERRUPTED
    columns = ([row[place] for row in rows] for place in range(len(lanes)))
    return tuple(_samples(lane, calls, tally, reason) for lane, calls in zip(lanes, columns, strict=True))


class _Tally:
    """Counts the rounds in which the clock of the device had dropped."""

    def __init__(self, rules: Rules, accepted: Callable[[], bool] | None) -> None:
        self.accepted = accepted
        self.left = rules.discards
        self.discarded = self.suspect = 0

    def keeps(self, last: bool) -> bool:
        """Whether a round is kept; the last chance to have one is."""
        if self.accepted is None or self.accepted():
            return True
        if self.discarded < self.left and not last:
            self.discarded += 1
            return False
        self.suspect += 1
        return True


def _run(
    lanes: list[_Lane],
    rows: list[_Row],
    tally: _Tally,
    rules: Rules,
    *,
    clock: Callable[[], float],
    random: Random,
    progress: Callable[[int, float], None] | None,
) -> str:
    """Warm up, take rounds, and return why they stopped."""
    end = clock() + rules.time_limit * len(lanes)
    for lane in lanes:
        if progress:
            progress(0, math.inf)
        lane.attempt(partial(lane.get_warm, rules))
    stopping, measured = Stopping(rules), 0.0
    while any(lane.error is None for lane in lanes):
        row = _round(lanes, random)
        late = clock() >= end
        if any(row) and tally.keeps(last=late and not rows):
            rows.append(row)
            measured += sum(call[0] for call in row if call)
            reason = stopping.look(_columns(lanes, rows)) if stopping.due(len(rows), measured) else None
            if progress:
                progress(len(rows), stopping.widest)
            if reason:
                return reason
        if late:
            return TIME
    return FAILED


def _columns(lanes: list[_Lane], rows: list[_Row]) -> dict[int, list[float]]:
    """Return the seconds of every contestant that is still there."""
    there = [place for place, lane in enumerate(lanes) if lane.error is None]
    return {place: [call[0] for row in rows if (call := row[place])] for place in there}


def _round(lanes: list[_Lane], random: Random) -> _Row:
    """Call every contestant that is still there once, in random order."""
    row: list[_Call | None] = [None] * len(lanes)
    for place in random.sample(range(len(lanes)), len(lanes)):
        if lanes[place].error is None:
            row[place] = lanes[place].attempt(lanes[place].call)
    return tuple(row)


def _samples(lane: _Lane, calls: list[_Call | None], tally: _Tally, reason: str) -> Samples:
    made = [call for call in calls if call]
    own = [device for _, device in made if device is not None]
    return Samples(
        seconds=tuple(seconds for seconds, _ in made),
        device_seconds=tuple(own) if len(own) == len(made) else (),
        warm_up=len(lane.warm),
        steady=lane.steady,
        stopped=FAILED if lane.error else reason,
        discarded=tally.discarded,
        suspect=tally.suspect,
        error=lane.error,
    )


def _bare(error: Exception) -> Exception:
    """Take the tracebacks off an error and its causes: their frames hold what the model was computing."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
