"""How often verdicts are wrong, counted over seeded runs on a clock that stands still."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from random import Random

import pytest

from inception_profiler.bench.rules import RULES
from inception_profiler.bench.sampling import Contestant, Rules, sample
from inception_profiler.records.latency import FASTER, SAME, SLOWER, UNCLEAR, Ratio
from tests.bench.fake_clock import FakeClock, bursts, drift

SEEDS = range(200)
WORLDS = ("noise", "spikes", "drift", "bursts")
Run = Callable[[], None]


def paired(clock: FakeClock, seed: int, *runs: Run, **options) -> Ratio:
    """Measure two contestants side by side, and put each round of the one over that of the other."""
    contestants = [Contestant(run) for run in runs]
    one, other = sample(contestants, clock=clock, random=Random(seed), **options)
    return Ratio(0, 1, tuple(a / b for a, b in zip(one.seconds, other.seconds, strict=True)))


def contest(seed: int, world: str, factor: float, rules: Rules = RULES, noise: float = 0.025) -> Ratio:
    """Measure two contestants of which the first takes so many times as long."""
    clock, random = FakeClock(), Random(f"noise {seed}")
    options = {}
    if world == "spikes":
        options["spikes"] = 0.03
    elif world == "drift":
        options["weather"] = drift(0.03)
    elif world == "bursts":
        options["weather"] = bursts(Random(f"bursts {seed}"), every=0.4, length=0.2, factor=1.6)
    runs = [clock.work(0.02 * times, random, noise=noise, **options) for times in (factor, 1.0)]
    return paired(clock, seed, *runs, rules=rules)


@cache
def contests(world: str, factor: float) -> tuple[Ratio, ...]:
    return tuple(contest(seed, world, factor) for seed in SEEDS)


@pytest.mark.parametrize("world", WORLDS)
def test_the_same_is_called_different_in_a_twentieth_of_all_runs_at_most(world: str) -> None:
    verdicts = [ratio.verdict() for ratio in contests(world, 1.0)]
    assert verdicts.count(FASTER) + verdicts.count(SLOWER) <= 0.05 * len(SEEDS)
    assert verdicts.count(SAME) >= 0.9 * len(SEEDS)


@pytest.mark.parametrize("world", WORLDS)
def test_a_twentieth_slower_is_found_in_nineteen_of_twenty_runs(world: str) -> None:
    assert [ratio.verdict() for ratio in contests(world, 1.05)].count(SLOWER) >= 0.95 * len(SEEDS)


def test_stopping_when_an_interval_is_narrow_does_not_make_it_lie() -> None:
    """Without a practical threshold, intervals of 95 % exclude the truth in a twentieth of all runs at most.

    With little noise and no least time sampling stops after some 20 rounds, where chance narrows most.
    """
    rules = Rules(least_seconds=0.0)
    intervals = [contest(seed, "noise", 1.0, rules, noise=0.01).interval for seed in range(1000)]
    assert sum(not low <= 1 <= high for low, high in intervals) <= 50


def test_a_difference_below_the_threshold_is_no_difference() -> None:
    verdicts = [contest(seed, "noise", 1.005).verdict() for seed in range(60)]
    assert verdicts.count(FASTER) + verdicts.count(SLOWER) == 0


def test_too_much_noise_for_the_time_is_unclear_and_not_wrong() -> None:
    short = Rules(time_limit=1.0)
    verdicts = [contest(seed, "bursts", 1.0, short, noise=0.3).verdict() for seed in SEEDS]
    assert verdicts.count(FASTER) + verdicts.count(SLOWER) <= 0.05 * len(SEEDS)
    assert verdicts.count(UNCLEAR) >= 0.9 * len(SEEDS)


@pytest.mark.parametrize("size", [5.0, 1000.0])
def test_a_single_spike_changes_no_verdict(size: float) -> None:
    for seed, factor, right in ((1, 1.0, SAME), (2, 1.05, SLOWER), (3, 0.95, FASTER)):
        for struck in range(0, 60, 7):
            clock, random, calls = FakeClock(), Random(seed), 0
            plain = clock.work(0.02 * factor, random, noise=0.01)

            def spiked(struck: int = struck, plain: Run = plain, clock: FakeClock = clock) -> None:
                nonlocal calls
                calls += 1
                plain()
                clock.now += 0.02 * size if calls == struck else 0

            other = clock.work(0.02, random, noise=0.01)
            assert paired(clock, seed, spiked, other, rules=Rules(time_limit=60)).verdict() == right


def test_what_strikes_the_first_of_each_round_strikes_no_one_more_than_another() -> None:
    """A call just after the pause between two rounds takes 10 % longer."""
    wrong, runs = 0, 40
    for seed in range(runs):
        clock, random = FakeClock(), Random(f"noise {seed}")
        paused = True

        def run(clock: FakeClock = clock, random: Random = random) -> None:
            nonlocal paused
            clock.now += 0.02 * math.exp(random.gauss(0, 0.01)) * (1.1 if paused else 1.0)
            paused = False

        def pause(*_: object) -> None:
            nonlocal paused
            paused = True

        ratio = paired(clock, seed, run, run, rules=Rules(time_limit=4), progress=pause)
        wrong += ratio.verdict() in {FASTER, SLOWER}
    assert wrong <= 0.05 * runs
