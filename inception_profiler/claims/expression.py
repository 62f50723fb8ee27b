"""Formulas that say what they are, show the numbers put in, and know their value."""

from __future__ import annotations

from fractions import Fraction

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUM, _QUOTIENT, _PRODUCT, _POWER, _ATOM = range(5)


class Expression:
    """An exact arithmetic expression: one object gives the letters, the numbers put in, and the value.

    >>> k, c = Expression.symbol("K", 3), Expression.symbol("C", 64)
    >>> (k**2 * c * (c + 1)).formula, (k**2 * c * (c + 1)).numbers, (k**2 * c * (c + 1)).value
    ('K²·C·(C + 1)', '3²·64·(64 + 1)', 37440)
    """

    __slots__ = ("_binding", "_value", "formula", "numbers")

    def __init__(self, formula: str, numbers: str, value: Fraction, binding: int) -> None:
        self.formula = formula
        self.numbers = numbers
        self._value = value
        self._binding = binding

    @classmethod
    def symbol(cls, letter: str, number: int) -> Expression:
        """Return a letter that stands for a whole number."""
        return cls(letter, str(number), Fraction(number), _ATOM)

    @classmethod
    def written(cls, formula: str, numbers: str, value: Fraction) -> Expression:
        """Return an expression that was written down by hand; within another it stands in parentheses."""
        return cls(formula, numbers, value, _SUM)

    @property
    def value(self) -> int | float:
        """The value: an int where it is whole, else the nearest float."""
        exact = self._value
        return exact.numerator if exact.denominator == 1 else float(exact)

    @property
    def exact(self) -> Fraction:
        """The value without rounding."""
        return self._value

    def __add__(self, other: Expression | int) -> Expression:
        return self._joined(" + ", _expression(other), _SUM, _SUM, self.exact + _expression(other).exact)

    def __sub__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        return self._joined(" − ", right, _SUM, _QUOTIENT, self.exact - right.exact)

    def __mul__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        return self._joined("·", right, _PRODUCT, _PRODUCT, self.exact * right.exact)

    def __rmul__(self, other: int) -> Expression:
        return _expression(other) * self

    def __truediv__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        left, below = self._within(_PRODUCT), right._within(_POWER)
        return Expression(
            f"{left[0]} / {below[0]}", f"{left[1]} / {below[1]}", self.exact / right.exact, _QUOTIENT
        )

    def __pow__(self, power: int) -> Expression:
        sign = str(power).translate(_SUPERSCRIPTS)
        left = self._within(_ATOM)
        return Expression(f"{left[0]}{sign}", f"{left[1]}{sign}", self.exact**power, _POWER)

    def _within(self, binding: int) -> tuple[str, str]:
        """Return both texts, in parentheses where this binds less than what it stands in."""
        if self._binding >= binding:
            return self.formula, self.numbers
        return f"({self.formula})", f"({self.numbers})"

    def _joined(self, sign: str, right: Expression, left: int, tight: int, value: Fraction) -> Expression:
        mine, theirs = self._within(left), right._within(tight)
        return Expression(f"{mine[0]}{sign}{theirs[0]}", f"{mine[1]}{sign}{theirs[1]}", value, left)


def _expression(value: Expression | int) -> Expression:
    return value if isinstance(value, Expression) else Expression.symbol(str(value), value)
