"""The rule of verdict: from what is printed and what is measured to exact, rounded, convention or refuted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from inception_profiler.claims.speeds import faster, times_faster
from inception_profiler.claims.stated import Stated, stated
from inception_profiler.errors import InputError
from inception_profiler.records.claim import (
    ABOUT,
    AT_LEAST,
    BETWEEN,
    CLOSE,
    CONVENTION,
    EQUALS,
    EXACT,
    FASTER,
    LESS,
    MORE,
    REFUTED,
    RELATIONS,
    REPORTED,
    ROUNDED,
    SHARE,
    Judgement,
    Quantity,
    Reading,
    SpeedRatio,
    Verdict,
)
from inception_profiler.units import Unit, scale_for

ROUND_NUMBER = Fraction(1, 20)
"""How far a number that ends in zeros may lie from the truth: 600000 states one digit, and so would 10."""

TRUNCATED = "truncated"
"""How a number agrees that is cut off where it should be rounded; its verdict is `ROUNDED`, and says so."""

_TIGHT = frozenset({"%", "×"})
_TEXT = scale_for((), Unit.EXACT).text


def judge(
    quantity: Quantity, readings: Sequence[Reading] = (), measured: Sequence[SpeedRatio] | None = None
) -> Judgement:
    """Judge one quantity.

    The readings are tried in their order, each with every meaning of the printed prefix; the first that
    agrees decides. A reading that ``explains`` decides nothing: where none agrees, it gives the reason.

    Args:
        quantity: what is claimed.
        readings: every way to measure it, the default first.
        measured: for a speed, the ratios measured here; None for what is counted.

    Raises:
        InputError: the quantity states no number where it must, or there is no reading of it.
    """
    if quantity.relation not in RELATIONS:
        raise InputError(f"unknown relation {quantity.relation!r}: choose {', '.join(RELATIONS)}")
    rows = tuple(readings)
    if quantity.reported:
        return Judgement(quantity, None, rows, -1, Verdict(REPORTED, f"source: {quantity.reported}"))
    if quantity.relation == FASTER or measured is not None:
        return _timed(quantity, rows, tuple(measured or ()))
    if not rows or rows[0].explains:
        raise InputError(f"{quantity.name}: a quantity that is not reported needs a reading by default")
    numbers = stated(quantity.bound or quantity.printed, quantity.scale)
    if quantity.bound:  # words are held against a number that nobody has rounded
        numbers = tuple(replace(number, place=Fraction(0), open=False) for number in numbers)
    if quantity.to_the_unit:
        numbers = tuple(
            replace(number, place=min(number.place, Fraction(1)), open=False) for number in numbers
        )
    if quantity.relation == BETWEEN and len(numbers) != 2:
        raise InputError(f"{quantity.name}: an interval has two numbers, and {quantity.printed!r} has not")
    for position, reading in enumerate(rows):
        for how, convention in () if reading.explains else _agreements(quantity.relation, reading, numbers):
            kind = CONVENTION if convention else ROUNDED if how[0] != EXACT else EXACT
            verdict = Verdict(kind, how[1], convention)
            return Judgement(quantity, _plain(numbers[0].value), rows, position, verdict)
    decisive, reason = _reason(rows, numbers) if quantity.relation == EQUALS else (-1, "")
    verdict = Verdict(REFUTED, _right(rows, numbers, quantity.relation), reason=reason)
    return Judgement(quantity, _plain(numbers[0].value), rows, decisive, verdict)


def _timed(quantity: Quantity, rows: tuple[Reading, ...], measured: tuple[SpeedRatio, ...]) -> Judgement:
    """Judge a quantity of time by what was measured; the counts decide nothing."""
    if quantity.relation == FASTER:
        return Judgement(quantity, None, rows, -1, faster(measured), measured)
    if quantity.relation != BETWEEN:
        raise InputError(f"{quantity.name}: a speed is faster, or between two factors")
    low, high = (float(number.value) for number in stated(quantity.printed))
    return Judgement(quantity, low, rows, -1, times_faster(measured, low, high), measured)


def agreement(value: float, number: Fraction, place: Fraction, *, open: bool = False) -> str:
    """Say how a measured value agrees with a printed number: ``exact``, ``rounded``, ``truncated`` or not.

    Rounding is half up to ``place``, the worth of the last printed digit; ``open`` marks a number whose zeros
    at the end may not be significant, which must lie within a twentieth of the value as well.
    """
    true = Fraction(value)
    if true == number or float(true) == float(number):
        return EXACT
    if not place or (open and abs(true - number) > ROUND_NUMBER * number):
        return ""
    if math.floor(true / place + Fraction(1, 2)) * place == number:
        return ROUNDED
    return TRUNCATED if math.floor(true / place) * place == number else ""


def _agreements(
    relation: str, reading: Reading, numbers: Sequence[Stated]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every way in which a reading agrees: how, in words, and under which convention.

    A number that is cut off comes after every meaning of the prefix by which it is rounded.
    """
    cut = []
    for prefix in numbers[0].prefixes:
        convention = " · ".join(filter(None, (reading.convention, prefix.convention)))
        if relation == EQUALS:
            number, factor = numbers[0], prefix.factor
            how = agreement(reading.value, number.number * factor, number.place * factor, open=number.open)
            if how:
                found = (how, _words(how, reading.value, number, factor)), convention
                if how != TRUNCATED:
                    yield found
                else:
                    cut.append(found)
        else:
            how = _compares(relation, reading, [number.number * prefix.factor for number in numbers])
            if how:
                yield (EXACT, how), convention
    yield from cut


def _words(how: str, value: float, number: Stated, factor: Fraction) -> str:
    """Say how a value agrees with a number, both in the unit that is printed.

    Where zeros at the end were read as insignificant, the place that the number is rounded to is named.
    """
    true, claimed = _shown(value, number, factor), _shown(number.number * factor, number, factor)
    if how == EXACT:
        return f"{true} as stated"
    nearest = _shown(_nearest(value, number.place * factor), number, factor)
    to = f" to the nearest {_shown(number.place * factor, number, factor)}" if number.open else ""
    if how == ROUNDED:
        return f"{true} rounded{to} is {nearest}" if to else f"{true} rounds to {nearest}"
    return f"{true} is cut off to {claimed}; rounded{to} it is {nearest}"


def _shown(value: float | Fraction, number: Stated, factor: Fraction) -> str:
    scaled = _plain(Fraction(value) / factor)
    gap = "" if number.symbol in _TIGHT else " "
    return f"{_TEXT(scaled)}{gap}{number.symbol}".strip()


def _compares(relation: str, reading: Reading, bounds: Sequence[Fraction]) -> str:
    value = reading.value
    ends = (_plain(bound) for bound in (bounds[0], bounds[-1]))
    true, first, last = (_told(number, reading.unit) for number in (value, *ends))
    if relation == MORE and value > bounds[0]:
        return f"{true} > {first}"
    if relation == LESS and value < bounds[0]:
        return f"{true} < {first}"
    if relation == AT_LEAST and value >= bounds[0]:
        return f"{true} ≥ {first}"
    if relation == ABOUT and bounds[0] / CLOSE <= Fraction(value) <= bounds[0] * CLOSE:
        return f"{true} is within a factor of {_TEXT(float(CLOSE))} of {first}"
    if relation == BETWEEN and bounds[0] <= value <= bounds[1]:
        return f"{first} ≤ {true} ≤ {last}"
    return ""


def _told(value: float, unit: str) -> str:
    """Print a number of some unit; a share in percent."""
    return f"{_TEXT(100 * value)}%" if unit == SHARE else _TEXT(value)


def _right(readings: Sequence[Reading], numbers: Sequence[Stated], relation: str) -> str:
    """Give the right value, by the default and by every convention that was tried."""
    first, factor = numbers[0], numbers[0].prefixes[0].factor
    true = _shown(readings[0].value, first, factor)
    low, high = (_shown(number.value, first, factor) for number in (numbers[0], numbers[-1]))
    claimed = low if relation == EQUALS else f"{relation} {low}"
    tried = ((reading, prefix) for reading in readings if not reading.explains for prefix in first.prefixes)
    others = (
        f"; {_shown(reading.value, first, prefix.factor)} [{convention}]"
        for reading, prefix in tried
        if (convention := " · ".join(filter(None, (reading.convention, prefix.convention))))
    )
    return f"{true}, not {f'between {low} and {high}' if relation == BETWEEN else claimed}{''.join(others)}"


def _reason(readings: Sequence[Reading], numbers: Sequence[Stated]) -> tuple[int, str]:
    """Say where a wrong figure comes from: another quantity that it is, or two digits exchanged."""
    for position, reading in enumerate(readings):
        if reading.explains:
            for how, convention in _agreements(EQUALS, reading, numbers[:1]):
                return position, f"it is {convention}: {how[1]}"
    printed = numbers[0]
    for position, reading in enumerate(readings):
        for prefix in printed.prefixes if printed.place else ():
            right = _nearest(reading.value, printed.place * prefix.factor) / prefix.factor
            if exchanged(_digits(right), _digits(printed.number)):
                under = f" [{reading.convention}]" if reading.convention else ""
                return position, (
                    f"{_TEXT(_plain(printed.number))} is {_TEXT(_plain(right))}{under} "
                    "with two digits exchanged"
                )
    return -1, ""


def exchanged(right: str, printed: str) -> bool:
    """Tell whether two numbers of three digits or more differ by the exchange of two digits.

    >>> exchanged("481", "418"), exchanged("481", "841"), exchanged("481", "148")
    (True, True, False)
    """
    if len(right) != len(printed) or len(right) < 3 or sorted(right) != sorted(printed):
        return False
    return sum(a != b for a, b in zip(right, printed, strict=True)) == 2


def _digits(number: Fraction) -> str:
    return str(int(number)) if number.denominator == 1 else str(float(number))


def _nearest(value: float, place: Fraction) -> Fraction:
    return math.floor(Fraction(value) / place + Fraction(1, 2)) * place


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)
