from __future__ import annotations

from fractions import Fraction

import pytest

from inception_profiler.claims.stated import stated
from inception_profiler.errors import InputError


@pytest.mark.parametrize(
    ("printed", "scale", "value", "place", "open"),
    [
        ("16000", "", 16_000, 1_000, True),
        ("589000", "", 589_000, 1_000, True),
        ("5607184", "", 5_607_184, 1, False),
        ("6,998,552", "", 6_998_552, 1, False),
        ("7.5 MB", "", 7_500_000, Fraction(1, 10), False),
        ("42.9 MB (5.7x)", "", 42_900_000, Fraction(1, 10), False),
        ("5.7x", "", Fraction(57, 10), Fraction(1, 10), False),
        ("12×", "", 12, 1, False),
        ("2.78 倍", "", Fraction(278, 100), Fraction(1, 100), False),
        ("12倍", "", 12, 1, False),
        ("90%", "", Fraction(9, 10), 10, True),
        ("0.6%", "", Fraction(6, 1000), Fraction(1, 10), False),
        ("1.1M", "", 1_100_000, Fraction(1, 10), False),
        ("124K", "", 124_000, 1, False),
        ("560w", "", 5_600_000, 10, True),
        ("500万个", "", 5_000_000, 100, True),
        ("60 million个参数", "", 60_000_000, 10, True),
        ("1.5 billion", "", 1_500_000_000, Fraction(1, 10), False),
        ("418", "M", 418_000_000, 1, False),
        ("784", "KB", 784_000, 1, False),
        ("25C2", "", 25, 0, False),
        ("18C2HW", "", 18, 0, False),
        ("22层", "", 22, 1, False),
        ("两个", "", 2, 1, False),
        ("5个阶段", "", 5, 1, False),
        ("九分之一", "", Fraction(1, 9), 0, False),
        ("20×200×200×(3×3)", "", 7_200_000, 1, False),
        ("5*5*200*30*40*55", "", 330_000_000, 1, False),
        ("7x7", "", 7, 1, False),
        ("5×5", "", 5, 1, False),
        ("3×3的池化", "", 3, 1, False),
    ],
)
def test_a_number_is_read_with_its_precision(
    printed: str, scale: str, value: object, place: object, open: bool
) -> None:
    number = stated(printed, scale)[0]
    assert (number.value, number.place, number.open) == (value, place, open)


def test_an_interval_has_two_numbers() -> None:
    assert [number.value for number in stated("提速3~10倍")] == [3, 10]


def test_a_prefix_that_may_mean_two_things_has_both() -> None:
    assert [prefix.factor for prefix in stated("7.5 MB")[0].prefixes] == [10**6, 2**20]
    assert [prefix.factor for prefix in stated("159K")[0].prefixes] == [10**3, 2**10]
    assert [prefix.convention for prefix in stated("159K")[0].prefixes] == ["", "K is 2¹⁰"]


@pytest.mark.parametrize(("printed", "scale"), [("几乎", ""), ("", ""), ("418", "MFLOP")])
def test_what_states_no_number_is_refused(printed: str, scale: str) -> None:
    with pytest.raises(InputError):
        stated(printed, scale)
