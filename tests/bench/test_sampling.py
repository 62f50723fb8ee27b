"""Sampling on a clock that stands still: everything is seeded, and no time passes but what a test wants."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from random import Random

import pytest

from inception_profiler.bench.sampling import Contestant, Rules, Samples, sample
from inception_profiler.bench.stopping import Stopping
from inception_profiler.records.latency import CONVERGED, FAILED, INTERRUPTED, NOISE, TIME
from tests.bench.fake_clock import FakeClock


def constant(clock: FakeClock, seconds: float) -> Callable[[], None]:
    return clock.work(seconds, Random(0), noise=0.0)


def scripted(clock: FakeClock, *seconds: float) -> Callable[[], None]:
    """Take these times one after the other, the last one for ever."""
    left = list(seconds)

    def run() -> None:
        clock.now += left.pop(0) if len(left) > 1 else left[0]

    return run


def measured(clock: FakeClock, *runs: Callable[[], float | None], **options) -> tuple[Samples, ...]:
    return sample([Contestant(run) for run in runs], clock=clock, random=Random(7), **options)


def failing(clock: FakeClock, after: int, error: BaseException) -> Callable[[], None]:
    made = 0

    def run() -> None:
        nonlocal made
        made += 1
        if made > after:
            raise error
        clock.now += 0.01

    return run


# What a round is


def test_every_round_calls_everyone_once_in_an_order_drawn_anew() -> None:
    clock, called = FakeClock(), []

    def run(name: str) -> None:
        called.append(name)
        clock.now += 0.01

    samples = measured(clock, lambda: run("a"), lambda: run("b"), lambda: run("c"))
    rounds = called[sum(one.warm_up for one in samples) :]
    groups = [tuple(rounds[at : at + 3]) for at in range(0, len(rounds), 3)]
    assert all(sorted(group) == ["a", "b", "c"] for group in groups)
    assert len(set(groups)) > 3
    assert [len(one.seconds) for one in samples] == [len(groups)] * 3


def test_equal_places_are_of_one_round() -> None:
    """In round i everyone takes i ms, whoever comes first."""
    clock, calls = FakeClock(), 0

    def run() -> None:
        nonlocal calls
        calls += 1
        clock.now += 0.01 if calls <= 20 else 0.001 * ((calls - 21) // 2 + 1)

    one, other = measured(clock, run, run, rules=Rules(warm_calls=10, warm_seconds=0, time_limit=20))
    assert one.warm_up == other.warm_up == 10
    assert len(one.seconds) > 10
    expected = [0.001 * (number + 1) for number in range(len(one.seconds))]
    assert one.seconds == pytest.approx(expected) == other.seconds


def test_what_comes_before_a_call_is_done_each_time_and_not_timed() -> None:
    clock, cleared, calls = FakeClock(), 0, 0

    def before() -> None:
        nonlocal cleared
        cleared += 1
        clock.now += 5e-3

    def run() -> None:
        nonlocal calls
        calls += 1
        assert cleared == calls
        clock.now += 0.01

    (samples,) = sample([Contestant(run, before)], clock=clock, random=Random(1))
    assert samples.seconds == pytest.approx([0.01] * len(samples.seconds))
    assert samples.warm_up + len(samples.seconds) == calls


def test_the_devices_own_time_is_kept_beside() -> None:
    clock = FakeClock()

    def run() -> float:
        clock.now += 0.01
        return clock.now

    (samples,) = measured(clock, run)
    assert len(samples.device_seconds) == len(samples.seconds)
    assert samples.device_seconds[-1] == clock.now
    (samples,) = measured(clock, constant(clock, 0.01))
    assert samples.device_seconds == ()


def test_a_device_that_does_not_always_say_its_time_has_none() -> None:
    clock, calls = FakeClock(), 0

    def run() -> float | None:
        nonlocal calls
        calls += 1
        clock.now += 0.01
        return 0.01 if calls % 20 else None

    (samples,) = measured(clock, run)
    assert len(samples.seconds) > 20
    assert samples.device_seconds == ()


# Warm-up


def test_calls_that_become_faster_are_warm_when_they_no_longer_do() -> None:
    clock = FakeClock()
    (samples,) = measured(clock, scripted(clock, 3.0, *(0.05 * 0.9**call for call in range(30)), 0.002))
    assert samples.steady
    assert samples.warm_up >= 30
    assert max(samples.seconds) == pytest.approx(0.002)


def test_a_trend_that_two_calls_do_not_show_is_seen() -> None:
    """The n-th call takes (1 + 1 / n) · 10 ms: from one to the next little changes, and much is to come."""
    clock, calls = FakeClock(), 0

    def run() -> None:
        nonlocal calls
        calls += 1
        clock.now += 0.01 * (1 + 1 / calls)

    (samples,) = measured(clock, run)
    assert samples.steady
    assert samples.seconds[0] < 0.0103


def test_a_steady_contestant_is_warm_after_few_calls_and_a_tenth_of_a_second() -> None:
    clock = FakeClock()
    (slow,) = measured(clock, constant(clock, 0.2))
    assert slow.steady
    assert slow.warm_up == 4
    (fast,) = measured(clock, constant(clock, 0.001))
    assert fast.steady
    assert 100 <= fast.warm_up <= 120


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_does_not_keep_a_contestant_cold(seed: int) -> None:
    clock = FakeClock()
    (samples,) = measured(clock, clock.work(0.01, Random(seed), noise=0.03, spikes=0.02))
    assert samples.steady
    assert samples.warm_up < 100


def test_what_never_becomes_steady_says_so_and_is_measured() -> None:
    clock = FakeClock()
    taken = 0.01

    def run() -> None:
        nonlocal taken
        taken *= 1.02
        clock.now += taken if taken < 10 else 10

    (samples,) = measured(clock, run, rules=Rules(time_limit=4))
    assert not samples.steady
    assert samples.seconds
    assert sum(0.01 * 1.02**call for call in range(1, samples.warm_up)) < 0.25 * 4


def test_a_call_longer_than_the_whole_warm_up_is_made_once() -> None:
    clock = FakeClock()
    (samples,) = measured(clock, constant(clock, 50.0))
    assert (samples.warm_up, samples.steady, samples.stopped) == (1, False, TIME)
    assert samples.seconds == (50.0,)


# Stopping


def test_it_stops_when_the_intervals_are_narrow() -> None:
    clock = FakeClock()
    (samples,) = measured(clock, constant(clock, 0.1))
    assert samples.stopped == CONVERGED
    assert 10 <= len(samples.seconds) <= 12
    (samples,) = measured(clock, constant(clock, 0.001))
    assert samples.stopped == CONVERGED
    assert 0.5 <= sum(samples.seconds) <= 0.501


@pytest.mark.parametrize("noise", [0.01, 0.03])
def test_more_noise_takes_more_rounds(noise: float) -> None:
    clock = FakeClock()
    (samples,) = measured(clock, clock.work(0.05, Random(3), noise=noise))
    assert samples.stopped == CONVERGED
    assert (len(samples.seconds) > 20) == (noise > 0.02)


def test_it_stops_when_the_noise_no_longer_shrinks() -> None:
    """The machine has two speeds and is in either as often: no number of rounds brings them together."""
    clock, random = FakeClock(), Random(5)

    def run() -> None:
        clock.now += random.choice([0.010, 0.012])

    (samples,) = measured(clock, run)
    assert samples.stopped == NOISE
    assert sum(samples.seconds) < 15


def test_noise_that_does_shrink_is_waited_for() -> None:
    reasons = []
    for seed in range(20):
        clock = FakeClock()
        (samples,) = measured(clock, clock.work(0.001, Random(seed), noise=0.2))
        reasons.append(samples.stopped)
    assert reasons.count(CONVERGED) >= 19


def test_it_stops_at_the_time_limit_for_each_contestant() -> None:
    clock, random = FakeClock(), Random(2)
    begun = clock.now
    wild = clock.work(0.05, random, noise=0.5)
    one, other = measured(clock, wild, wild, rules=Rules(time_limit=3))
    assert one.stopped == other.stopped == TIME
    assert 6 <= clock.now - begun < 7
    assert one.seconds


def test_a_ratio_must_be_known_as_well() -> None:
    """Each alone is known; their ratio is to be known twenty times better."""
    clock = FakeClock()
    runs = [clock.work(0.05, Random(seed), noise=0.01) for seed in (1, 2)]
    few, _ = measured(clock, *runs)
    many, _ = measured(clock, *runs, rules=Rules(practical=0.001))
    assert few.stopped == CONVERGED
    assert len(many.seconds) > 10 * len(few.seconds)


def test_looks_are_few() -> None:
    stopping, looks, seconds = Stopping(Rules()), 0, []
    random = Random(4)
    for rounds in range(1, 2_001):
        seconds.append(random.lognormvariate(0, 5))
        if stopping.due(rounds, sum(seconds[:2]) + 1):
            stopping.look({0: seconds})
            looks += 1
    assert 20 <= looks <= 35


# What may go wrong


def test_who_fails_drops_out_and_the_others_go_on() -> None:
    clock = FakeClock()
    error = MemoryError("not enough")
    fails, called = failing(clock, 18, error), [0]

    def run() -> None:
        called[0] += 1
        fails()

    one, other, third = measured(clock, constant(clock, 0.01), run, constant(clock, 0.02))
    assert (one.stopped, other.stopped, third.stopped) == (CONVERGED, FAILED, CONVERGED)
    assert other.warm_up + len(other.seconds) == 18
    assert called == [19]
    assert other.error is error
    assert len(one.seconds) == len(third.seconds) > len(other.seconds) > 0
    assert one.error is None


def test_who_fails_cold_has_no_rounds() -> None:
    clock = FakeClock()
    one, other = measured(clock, failing(clock, 1, ValueError("no")), constant(clock, 0.01))
    assert (one.stopped, one.seconds, one.warm_up, one.steady) == (FAILED, (), 1, False)
    assert other.stopped == CONVERGED


def test_when_all_fail_it_ends() -> None:
    clock = FakeClock()
    samples = measured(*[clock, *(failing(clock, after, ValueError("no")) for after in (0, 15, 30))])
    assert [one.stopped for one in samples] == [FAILED] * 3


def test_an_error_does_not_keep_what_was_computed() -> None:
    class Tensor:
        pass

    clock, kept = FakeClock(), []

    def run() -> None:
        tensor = Tensor()
        kept.append(weakref.ref(tensor))
        try:
            {}["first"]
        except KeyError as error:
            raise MemoryError("then") from error

    (samples,) = measured(clock, run)
    gc.collect()
    assert isinstance(samples.error, MemoryError)
    assert isinstance(samples.error.__cause__, KeyError)
    assert kept[0]() is None


@pytest.mark.parametrize("after", [0, 3, 25, 26])
def test_ctrl_c_keeps_complete_rounds(after: int) -> None:
    clock = FakeClock()
    one, other = measured(clock, constant(clock, 0.01), failing(clock, after, KeyboardInterrupt()))
    assert one.stopped == other.stopped == INTERRUPTED
    assert len(one.seconds) == len(other.seconds) == max(0, after - other.warm_up)


# The device's clock


def test_a_round_at_a_lower_clock_is_taken_again() -> None:
    clock = FakeClock()
    slow = scripted(clock, *[0.05] * 4, 0.05, 0.08, 0.08, 0.05)
    asked = iter([True, False, False])
    (samples,) = measured(clock, slow, accepted=lambda: next(asked, True))
    assert samples.warm_up == 4
    assert samples.discarded == 2
    assert samples.suspect == 0
    assert max(samples.seconds) == pytest.approx(0.05)


def test_too_many_such_rounds_are_kept_and_said() -> None:
    clock = FakeClock()
    (samples,) = measured(clock, constant(clock, 0.05), accepted=lambda: False, rules=Rules(discards=5))
    assert samples.discarded == 5
    assert samples.suspect == len(samples.seconds) >= 10
    assert samples.stopped == CONVERGED


def test_the_only_round_that_there_is_time_for_is_kept() -> None:
    clock = FakeClock()
    (samples,) = measured(clock, constant(clock, 50.0), accepted=lambda: False)
    assert (samples.seconds, samples.discarded, samples.suspect) == ((50.0,), 0, 1)


def test_progress_is_told_after_each_round() -> None:
    clock, told = FakeClock(), []
    (samples,) = measured(
        clock,
        clock.work(0.05, Random(8), noise=0.02),
        progress=lambda rounds, width: told.append((rounds, width)),
    )
    rounds, widths = zip(*told, strict=True)
    assert list(rounds) == list(range(len(samples.seconds) + 1))
    assert widths[0] == float("inf")
    assert 0 < widths[-1] <= 0.01


def test_the_same_seed_is_the_same_measurement() -> None:
    def run() -> tuple[Samples, ...]:
        clock = FakeClock()
        return measured(clock, clock.work(0.05, Random(8)), clock.work(0.06, Random(9)))

    assert run() == run()
