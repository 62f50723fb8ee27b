"""Find the law that a few exact counts follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from inception_profiler.records.scaling import Law, Number

_FEWEST = 3
"""Points that a law must meet before it says anything: two points lie on a line always."""


def law(metric: str, variable: str, at: Sequence[int], values: Sequence[Number | None]) -> Law:
    """Return what ``values`` do over ``at``.

    In this order: ``constant``, if all values are equal; ``linear``, if ``value = a + b · x`` holds at every
    point without any rounding; ``power``, the least-squares line through the logarithms::

        log value ≈ log factor + exponent · log x

    with the largest relative deviation of a point from it.
    """
    told = {x: value for x, value in zip(at, values, strict=True) if value is not None}
    if len(told) < _FEWEST:
        return Law(metric, "none", variable)
    found = list(told.items())
    if len(set(told.values())) == 1:
        return Law(metric, "constant", variable, constant=found[0][1])
    (first, low), (last, high) = min(found), max(found)
    factor = (Fraction(high) - Fraction(low)) / (last - first)
    constant = Fraction(low) - factor * first
    if all(constant + factor * x == value for x, value in found):
        return Law(metric, "linear", variable, constant=_plain(constant), factor=_plain(factor))
    if min(told.values()) <= 0:
        return Law(metric, "none", variable)
    return _power(metric, variable, found)


def _power(metric: str, variable: str, found: Sequence[tuple[int, Number]]) -> Law:
    rows = [(math.log(x), math.log(value)) for x, value in found]
    across, up = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    spread = sum((x - across) ** 2 for x, _ in rows)
    exponent = sum((x - across) * (y - up) for x, y in rows) / spread
    factor = math.exp(up - exponent * across)
    deviation = max(abs(value / (factor * x**exponent) - 1) for x, value in found)
    return Law(metric, "power", variable, factor=factor, exponent=exponent, deviation=deviation)


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else float(number)
