"""The rule of verdict, case by case; every expected verdict is worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_profiler.claims.verdicts import agreement, exchanged, judge
from inception_profiler.errors import InputError
from inception_profiler.records.claim import (
    ABOUT,
    AT_LEAST,
    BETWEEN,
    FASTER,
    LESS,
    MORE,
    Quantity,
    Reading,
)


def verdict(printed: str, *values: float, scale: str = "", relation: str = "equals", bound: str = ""):
    """Judge by the values: the first by default, the others under conventions named by their position."""
    readings = [Reading(value, "", str(place) if place else "") for place, value in enumerate(values)]
    return judge(Quantity("q", printed, "", relation, scale, bound), readings)


@pytest.mark.parametrize(
    ("value", "number", "place", "open", "how"),
    [
        (589_824, 589_824, 1, False, "exact"),
        (16_384, 16_000, 1_000, True, "rounded"),
        (36_864, 36_000, 1_000, True, "truncated"),
        (36_864, 37_000, 1_000, True, "rounded"),
        (589_824, 589_000, 1_000, True, "truncated"),
        (589_824, 600_000, 100_000, True, "rounded"),
        (69_632, 70_000, 10_000, True, "rounded"),
        (8.4706, 10, 10, True, ""),  # it rounds to 10, and is 15 % off
        (0.9617, Fraction(9, 10), Fraction(1, 10), True, ""),  # it is cut off to 90 %, and is 7 % off
        (0.25, Fraction(3, 10), Fraction(1, 10), False, "rounded"),  # half goes up
        (0.25, Fraction(2, 10), Fraction(1, 10), False, "truncated"),
        (25 / 9, Fraction(278, 100), Fraction(1, 100), False, "rounded"),
        (25 / 9, Fraction(277, 100), Fraction(1, 100), False, "truncated"),
        (1 / 9, Fraction(1, 9), 0, False, "exact"),
        (0.112, Fraction(1, 9), 0, False, ""),
        (2.27, 3, 1, False, ""),
        (2.5, 3, 1, False, "rounded"),
        (22, 22, 1, False, "exact"),
        (21, 22, 1, False, ""),
        (0, 0, 1, False, "exact"),
    ],
)
def test_agreement(value: float, number: object, place: object, open: bool, how: str) -> None:
    assert agreement(value, Fraction(number), Fraction(place), open=open) == how


@pytest.mark.parametrize(
    ("printed", "values", "kind", "decisive", "convention"),
    [
        ("5607184", [5_607_184], "exact", 0, ""),
        ("560w", [5_607_184], "rounded", 0, ""),
        ("16000", [16_384], "rounded", 0, ""),
        ("8.9x", [8.87], "rounded", 0, ""),
        ("8.9x", [13.9, 8.9], "convention", 1, "1"),
        ("8.9x", [13.9, 9.2, 8.93], "convention", 2, "2"),
        ("7.5 MB", [7_500_000, 7.5 * 2**20], "exact", 0, ""),
        ("7.5 MB", [7_827_456], "convention", 0, "MB is 2²⁰ bytes"),
        ("7.5 MB", [11_000_000, 7_827_456], "convention", 1, "1 · MB is 2²⁰ bytes"),
        ("112K", [112 * 2**10], "convention", 0, "K is 2¹⁰"),
        ("1.1M", [1_735_488], "refuted", -1, ""),
        ("九分之一", [1 / 9], "exact", 0, ""),
        ("10倍", [589_824 / 69_632], "refuted", -1, ""),
        ("90%", [0.9617], "refuted", -1, ""),
        ("90%", [0.894], "rounded", 0, ""),
    ],
)
def test_the_first_reading_that_agrees_decides(
    printed: str, values: list[float], kind: str, decisive: int, convention: str
) -> None:
    found = verdict(printed, *values)
    assert (found.verdict.kind, found.decisive, found.verdict.convention) == (kind, decisive, convention)


def test_truncation_is_told_apart_in_words() -> None:
    assert verdict("36000", 36_864).verdict.how == (
        "36,864 is cut off to 36,000; rounded to the nearest 1,000 it is 37,000"
    )
    assert verdict("16000", 16_384).verdict.how == "16,384 rounded to the nearest 1,000 is 16,000"
    million = "60.965 million rounded to the nearest 10 million is 60 million"
    assert verdict("60 million", 60_965_224).verdict.how == million
    assert verdict("7.5 MB", 7_827_456).verdict.how == "7.4648 MB rounds to 7.5 MB"


def test_the_right_value_stands_in_a_refutation() -> None:
    assert verdict("418", 480_836_608, scale="M").verdict.how == "480.84 M, not 418 M"
    assert verdict("418", 9e8, 480_836_608, scale="M").verdict.how == "900 M, not 418 M; 480.84 M [1]"


@pytest.mark.parametrize(
    ("relation", "printed", "bound", "value", "kind"),
    [
        (MORE, "超过 1000", "", 1_152, "exact"),
        (MORE, "超过 1000", "", 1_000, "refuted"),
        (LESS, "更少", "1", 0.9444, "exact"),
        (LESS, "更少", "1", 1.0, "refuted"),
        (MORE, "集中在", "0.5", 0.58, "exact"),
        (AT_LEAST, "不会降低", "1", 1.0, "exact"),
        (AT_LEAST, "不会降低", "1", 0.6, "refuted"),
        ("equals", "相同", "1", 1.0, "exact"),
        ("equals", "相同", "1", 1.001, "refuted"),  # words are not rounded
        (BETWEEN, "3~10倍", "", 3.0, "exact"),
        (BETWEEN, "3~10倍", "", 10.0, "exact"),
        (BETWEEN, "3~10倍", "", 10.1, "refuted"),
        (BETWEEN, "3~10倍", "", 2.9, "refuted"),
        (ABOUT, "接近", "1", 1.1, "refuted"),  # the float lies above eleven tenths
        (ABOUT, "接近", "1", 1.099, "exact"),
        (ABOUT, "接近", "1", 0.91, "exact"),
        (
            ABOUT,
            "接近",
            "1",
            0.9,
            "refuted",
        ),  # 1/0.9 is more than 1.1: who is held against whom does not matter
        (ABOUT, "about 100", "100", 94, "exact"),
        (ABOUT, "about 100", "100", 85, "refuted"),
    ],
)
def test_comparisons(relation: str, printed: str, bound: str, value: float, kind: str) -> None:
    assert verdict(printed, value, relation=relation, bound=bound).verdict.kind == kind


@pytest.mark.parametrize(
    ("printed", "value", "read_off", "to_the_unit"),
    [
        ("380K", 388_736, "convention", "convention"),
        ("840K", 868_352, "convention", "refuted"),
        ("1000K", 1_024_000, "rounded", "convention"),
        ("112K", 114_944, "convention", "convention"),
        ("2.7K", 2_712, "rounded", "rounded"),
    ],
)
def test_zeros_count_in_a_column_of_numbers(
    printed: str, value: int, read_off: str, to_the_unit: str
) -> None:
    kinds = [
        judge(Quantity("q", printed, "", to_the_unit=strict), [Reading(value, "")]).verdict.kind
        for strict in (False, True)
    ]
    assert kinds == [read_off, to_the_unit]


def test_a_meaning_of_the_prefix_that_rounds_goes_before_one_that_cuts_off() -> None:
    found = verdict("1.9 MB", 1_968_384).verdict
    assert (found.how, found.convention) == ("1.8772 MB rounds to 1.9 MB", "MB is 2²⁰ bytes")
    assert verdict("1.9 MB", 1_990_000).verdict.how.startswith("1.8978 MB rounds")
    assert verdict("2.0 MB", 2_090_000).verdict.how.startswith("1.9932 MB rounds")


def test_a_reading_that_explains_decides_nothing_and_gives_the_reason() -> None:
    readings = [Reading(9_335, "MACs"), Reading(7_485, "MACs", "that of VGG-13", explains=True)]
    found = judge(Quantity("q", "7485", ""), readings)
    assert (found.verdict.kind, found.decisive) == ("refuted", 1)
    assert found.verdict.reason == "it is that of VGG-13: 7,485 as stated"
    assert found.reading is readings[0]
    assert found.explanation is readings[1]


def test_exchanged_digits_are_a_reason() -> None:
    found = judge(
        Quantity("q", "418", "", scale="M"), [Reading(968e6, ""), Reading(480_836_608, "", "papers")]
    )
    assert found.verdict.reason == "418 is 481 [papers] with two digits exchanged"
    assert found.explanation is found.readings[1]


@pytest.mark.parametrize(
    ("right", "printed", "said"),
    [
        ("481", "418", True),
        ("481", "841", True),
        ("481", "148", False),  # all three have moved
        ("481", "481", False),
        ("48", "84", False),  # two digits prove nothing
        ("481", "482", False),
        ("4810", "481", False),
    ],
)
def test_exchanged(right: str, printed: str, said: bool) -> None:
    assert exchanged(right, printed) is said


def test_a_speed_without_a_measurement_says_so_and_shows_the_counts() -> None:
    counts = Reading(0.9, "×")
    found = judge(Quantity("q", "更快", "", FASTER), [counts], ())
    assert found.verdict.kind == "not measured yet"
    assert found.reading is counts


def test_what_is_reported_is_not_computed() -> None:
    found = judge(Quantity("q", "6.67%", "", reported="ILSVRC 2014"))
    assert (found.verdict.kind, found.claimed, found.readings) == ("reported", None, ())
    assert "ILSVRC 2014" in found.verdict.how


@pytest.mark.parametrize(
    ("quantity", "readings"),
    [
        (Quantity("q", "3", "", "resembles"), [Reading(3, "")]),
        (Quantity("q", "3", ""), []),
        (Quantity("q", "3", ""), [Reading(3, "", explains=True)]),
        (Quantity("q", "3倍", "", BETWEEN), [Reading(3, "")]),
        (Quantity("q", "更少", "", LESS), [Reading(3, "")]),
    ],
)
def test_a_quantity_that_cannot_be_judged_is_refused(quantity: Quantity, readings: list[Reading]) -> None:
    with pytest.raises(InputError):
        judge(quantity, readings)
