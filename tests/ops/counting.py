"""Scalars that count what is done with them: the naive side of every comparison of costs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any


class Counted:
    """A number that writes down every operation it takes part in. A change of sign is free."""

    __slots__ = ("tally", "value")

    def __init__(self, value: float, tally: Counter[str]) -> None:
        self.value, self.tally = value, tally

    def _book(self, kind: str, value: float) -> Counted:
        self.tally[kind] += 1
        return Counted(value, self.tally)

    def __add__(self, other: Any) -> Counted:
        return self._book("adds", self.value + plain(other))

    def __sub__(self, other: Any) -> Counted:
        return self._book("adds", self.value - plain(other))

    def __mul__(self, other: Any) -> Counted:
        return self._book("multiplications", self.value * plain(other))

    def __truediv__(self, other: Any) -> Counted:
        return self._book("divisions", self.value / plain(other))

    def __neg__(self) -> Counted:
        return Counted(-self.value, self.tally)

    def __gt__(self, other: Any) -> bool:
        return self._book("comparisons", 0).value < (self.value > plain(other))

    def __lt__(self, other: Any) -> bool:
        return self._book("comparisons", 0).value < (self.value < plain(other))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> Counted:
        return self._book("adds", plain(other) - self.value)

    def __rtruediv__(self, other: Any) -> Counted:
        return self._book("divisions", plain(other) / self.value)


def plain(number: Any) -> float:
    """The number without its counter."""
    return number.value if isinstance(number, Counted) else number


def function(kind: str, of: Callable[..., float]) -> Callable[..., Counted]:
    """A function that counts as one operation of ``kind`` whatever it does inside."""

    def counted(first: Counted, *others: Any) -> Counted:
        return first._book(kind, of(first.value, *map(plain, others)))

    return counted


def maximum(left: Counted, right: Any) -> Counted:
    """The greater of two, at one comparison."""
    return left if left > right else Counted(plain(right), left.tally)


def minimum(left: Counted, right: Any) -> Counted:
    """The lesser of two, at one comparison."""
    return left if left < right else Counted(plain(right), left.tally)


def choose(condition: bool, left: Any, right: Any) -> Any:
    """One of two that are both worked out, as a kernel without branches does; the choice itself is free."""
    return left if condition else right


exp = function("exponentials", math.exp)
log = function("exponentials", math.log)
sqrt = function("exponentials", math.sqrt)
erf = function("exponentials", math.erf)
power = function("exponentials", math.pow)


def added(numbers: Sequence[Counted]) -> Counted:
    """The sum of n numbers, at n − 1 adds."""
    whole, *rest = numbers
    for number in rest:
        whole = whole + number
    return whole


def counted(numbers: Sequence[float], tally: Counter[str]) -> list[Counted]:
    """Numbers that count into ``tally``."""
    return [Counted(float(number), tally) for number in numbers]
