from __future__ import annotations

import pytest

from inception_profiler.errors import InputError, ProfilerError, UnknownNameError
from inception_profiler.guard.limits import parse_limit


@pytest.mark.parametrize(
    ("metric", "text", "baseline", "least_over", "most_within"),
    [
        ("params", "<= 7M", None, 7_000_001, 7_000_000),
        ("params", "< 7M", None, 7_000_000, 6_999_999),
        ("params", "7_000_000", None, 7_000_001, 7_000_000),
        ("params", 7_000_000, None, 7_000_001, 7_000_000),
        ("macs", "<= 1.6G ± 0", None, 1_600_000_001, 1_600_000_000),
        ("macs", "<=1.6G+-1%", None, 1_616_000_001, 1_616_000_000),
        ("macs", "<= 100 ± 7", None, 108, 107),
        ("macs", "<= baseline", 12, 13, 12),
        ("macs", "<= baseline + 1%", 200, 203, 202),
        ("macs", "<= baseline + 1.5 %", 1000, 1016, 1015),
        ("macs", "<= baseline + 2k", 200, 2201, 2200),
        ("macs", "<= baseline - 10%", 200, 181, 180),
        ("peak_activation_bytes", "<= 16KiB", None, 16_385, 16_384),
        ("saved_bytes", "<= 16 kB", None, 16_001, 16_000),
        ("macs", "== 10 ± 1", None, 12, 11),
        ("macs", "≤ 1.5e6", None, 1_500_001, 1_500_000),
        ("macs", 1e22, None, 10**22 + 1, 10**22),
        ("params", "<= 7B", None, 7_000_000_001, 7_000_000_000),
    ],
)
def test_a_limit_holds_up_to_its_bound(
    metric: str, text: object, baseline: int | None, least_over: int, most_within: int
) -> None:
    limit = parse_limit(metric, text)
    bound = limit.bound(baseline)
    assert bound is not None
    assert limit.holds(most_within, bound)
    assert not limit.holds(least_over, bound)


def test_a_lower_limit_and_an_exact_one_hold_from_below() -> None:
    lower, exact = parse_limit("params", ">= 5"), parse_limit("params", "== 5")
    assert [lower.holds(value, lower.amount) for value in (4, 5, 6)] == [False, True, True]
    assert [exact.holds(value, exact.amount) for value in (4, 5, 6)] == [False, True, False]


def test_a_limit_of_the_baseline_needs_one() -> None:
    assert parse_limit("params", "<= baseline + 1%").bound(None) is None


def test_a_share_of_a_large_number_is_exact() -> None:
    limit = parse_limit("macs", "<= baseline + 1%")
    bound = limit.bound(10**18)
    assert bound is not None
    assert limit.holds(101 * 10**16, bound)
    assert not limit.holds(101 * 10**16 + 1, bound)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "<=",
        "7 apples",
        "<= 1%",
        "=> 7M",
        "baseline 7",
        "<= 7M ±",
        "<= -3",
        None,
        True,
        [],
        "nan",
        "7MiB",
        "7 kB",
        "<= 5×",
        "1e999999999",
    ],
)
def test_what_is_no_limit_is_one_clear_line(written: object) -> None:
    with pytest.raises(InputError, match="params") as caught:
        parse_limit("params", written)
    assert "\n" not in str(caught.value)


def test_an_unknown_quantity_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'macs'"):
        parse_limit("mac", "<= 1")
    assert issubclass(UnknownNameError, ProfilerError)
