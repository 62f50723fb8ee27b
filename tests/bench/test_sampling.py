from __future__ import annotations

from random import Random

import pytest

from inception_profiler.bench.sampling import Contestant, sample
from inception_profiler.records.latency import SAME, SLOWER, Ratio
from tests.bench.fake_clock import FakeClock

SEEDS = range(200)


def verdict(seed: int, factor: float) -> str:
    """Measure two contestants of which the first takes so many times as long, and judge them."""
    clock, random = FakeClock(), Random(seed)
    subject, reference = (Contestant(clock.work(0.02 * times, random)) for times in (factor, 1.0))
    one, other = sample([subject, reference], clock=clock, random=Random(~seed))
    ratios = tuple(a / b for a, b in zip(one.seconds, other.seconds, strict=True))
    return Ratio(0, 1, ratios).verdict()


@pytest.mark.parametrize(("factor", "right"), [(1.0, SAME), (1.05, SLOWER)])
def test_verdicts_are_right(factor: float, right: str) -> None:
    verdicts = [verdict(seed, factor) for seed in SEEDS]
    assert verdicts.count(right) >= 0.95 * len(SEEDS)
