"""The letters, the numbers and the value of an expression say the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.claims.expression import Expression

DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def evaluated(text: str, **letters: int) -> Fraction:
    """Compute a formula as it is printed: by Python's own parser, with exact division."""
    text = re.sub(r"([0-9]+)", r"Fraction(\1)", text.replace(",", ""))
    for digit, sign in enumerate(DIGITS):
        text = text.replace(sign, f"**{digit}")
    text = text.replace("·", "*").replace("−", "-")
    found = eval(text, {"Fraction": Fraction}, {name: Fraction(value) for name, value in letters.items()})
    return Fraction(found)


WAYS: list[Callable[[Expression, Expression], Expression]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: b / (a + b),
    lambda a, b: (a + b) / (2 * b),
    lambda a, b: a * (b / 3),
    lambda a, b: a / b / 2,
    lambda a, b: a**2 * b,
    lambda a, b: (a - b) ** 2,
    lambda a, b: 2 * a - (b - a),
    lambda a, b: (a + b) * (a - b),
]


@given(st.integers(1, 9), st.integers(1, 9), st.lists(st.sampled_from(WAYS), min_size=1, max_size=4))
def test_what_is_printed_is_what_it_is_worth(
    a: int, b: int, ways: list[Callable[[Expression, Expression], Expression]]
) -> None:
    left, right = Expression.symbol("A", a), Expression.symbol("B", b)
    made = left
    for way in ways:
        if (made + right).exact == 0:
            return
        made = way(made, right)
    assert evaluated(made.formula, A=a, B=b) == made.exact
    assert evaluated(made.numbers) == made.exact


def test_a_whole_value_is_an_int() -> None:
    nine, three = Expression.symbol("A", 9), Expression.symbol("B", 3)
    assert type((nine / three).value) is int
    assert (three / nine).value == pytest.approx(1 / 3)
