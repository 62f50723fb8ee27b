"""The rule of verdict for speeds; every expected verdict is worked out by hand."""

from __future__ import annotations

import pytest

from inception_profiler.claims.speeds import faster, times_faster
from inception_profiler.claims.verdicts import judge
from inception_profiler.errors import InputError
from inception_profiler.records.claim import ABOUT, BETWEEN, FASTER, Quantity, Reading, SpeedRatio


def ratio(low: float, high: float, device: str = "a device", setting: str = "batch 1") -> SpeedRatio:
    return SpeedRatio("one", "two", (low + high) / 2, low, high, device, setting)


COUNTS = [Reading(1, "MACs")]
CLAIM = Quantity("q", "更快", "", FASTER)


@pytest.mark.parametrize(
    ("low", "high", "kind", "says"),
    [
        (0.70, 0.90, "measured here", "faster: on a device faster"),
        (1.10, 1.30, "refuted", "not faster: on a device slower"),
        (0.99, 1.01, "refuted", "not faster: on a device same"),
        (0.90, 1.10, "measured here", "not shown to be faster: on a device unclear"),
        (0.97, 0.985, "measured here", "not shown to be faster: on a device unclear"),  # 2 % is what matters
    ],
)
def test_a_speed_is_judged_by_its_whole_interval(low: float, high: float, kind: str, says: str) -> None:
    found = judge(CLAIM, COUNTS, (ratio(low, high),))
    assert found.verdict.kind == kind
    assert found.verdict.how.startswith(says)
    assert found.measured == (ratio(low, high),)


def test_every_device_and_setting_has_its_say() -> None:
    found = faster(
        (
            ratio(0.4, 0.6, "a CPU"),
            ratio(1.2, 1.4, "a CPU", "batch 8"),
            ratio(0.2, 0.3, "a GPU"),
        )
    )
    assert found.kind == "measured here"
    assert found.how == (
        "faster in 2 of 3: on a CPU faster: one takes 0.500× the time of two (0.400× to 0.600×), batch 1; "
        "slower: one takes 1.30× the time of two (1.20× to 1.40×), batch 8; "
        "on a GPU faster: one takes 0.250× the time of two (0.200× to 0.300×), batch 1"
    )


def test_one_setting_in_which_it_holds_keeps_a_claim_and_none_refutes_it() -> None:
    slower, unclear, quick = ratio(1.2, 1.4), ratio(0.9, 1.1), ratio(0.4, 0.6)
    kinds = [faster(each).kind for each in ((slower, quick), (slower, unclear), (unclear, unclear))]
    assert kinds == ["measured here", "refuted", "measured here"]


@pytest.mark.parametrize(
    ("low", "high", "kind", "says"),
    [
        (0.20, 0.25, "measured here", "3 to 10 times: on a device 3 to 10 times"),  # 4 to 5 times
        (0.50, 0.60, "refuted", "not 3 to 10 times: on a device less than 3 times"),
        (0.05, 0.08, "refuted", "not 3 to 10 times: on a device more than 10 times"),
        (0.30, 0.40, "measured here", "not shown to be 3 to 10 times: on a device unclear"),
    ],
)
def test_so_many_times_faster_is_judged_by_the_quotient(
    low: float, high: float, kind: str, says: str
) -> None:
    found = judge(Quantity("q", "3~10倍", "", BETWEEN), COUNTS, (ratio(low, high),))
    assert (found.verdict.kind, found.claimed) == (kind, 3)
    assert found.verdict.how.startswith(says)
    assert times_faster((ratio(low, high),), 3, 10) == found.verdict


@pytest.mark.parametrize("relation", [FASTER, BETWEEN])
def test_what_was_not_measured_says_so(relation: str) -> None:
    found = judge(Quantity("q", "3~10倍", "", relation), COUNTS, ())
    assert found.verdict.kind == "not measured yet"
    assert found.readings == tuple(COUNTS)


def test_a_speed_has_no_other_relation() -> None:
    with pytest.raises(InputError, match="a speed is faster, or between"):
        judge(Quantity("q", "3", "", ABOUT), COUNTS, ())
