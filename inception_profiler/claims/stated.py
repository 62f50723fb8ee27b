"""Reading a number as a document prints it: its value, its precision, and what its prefix may mean."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_CHINESE = "[一二两三四五六七八九十]"
_PART = re.compile(f"({_CHINESE})分之({_CHINESE})")
_NUMBER = re.compile(
    r"([0-9][0-9,]*(?:\.[0-9]+)?)(?:\s*(MB|KB|GB|K|k|million|M|billion|G|Bn|万|亿|w|%|倍|times|x|×)(?![a-zA-Z0-9]))?"
)
_COEFFICIENT = re.compile(r"([0-9]+)C(?:2|²|\^2)(?:HW)?")
_PRODUCT = re.compile(r"[0-9()]+(?:[×*][0-9()]+){2,}")
_AS_PRINTED: tuple[str, ...] = ("", "倍", "times", "x", "×")


@record
class Prefix:
    """What a prefix multiplies by, and the convention under which it does; the default has none."""

    factor: Fraction
    convention: str


def _prefixes(*factors: tuple[int | Fraction, str]) -> tuple[Prefix, ...]:
    return tuple(Prefix(Fraction(factor), convention) for factor, convention in factors)


PREFIXES: dict[str, tuple[Prefix, ...]] = {
    **dict.fromkeys(_AS_PRINTED, _prefixes((1, ""))),
    "%": _prefixes((Fraction(1, 100), "")),
    **dict.fromkeys(("K", "k"), _prefixes((10**3, ""), (2**10, "K is 2¹⁰"))),
    **dict.fromkeys(("M", "million"), _prefixes((10**6, ""))),
    **dict.fromkeys(("G", "Bn", "billion"), _prefixes((10**9, ""))),
    **dict.fromkeys(("w", "万"), _prefixes((10**4, ""))),
    "亿": _prefixes((10**8, "")),
    "KB": _prefixes((10**3, ""), (2**10, "KB is 2¹⁰ bytes")),
    "MB": _prefixes((10**6, ""), (2**20, "MB is 2²⁰ bytes")),
    "GB": _prefixes((10**9, ""), (2**30, "GB is 2³⁰ bytes")),
}
"""What each prefix may mean, in the order in which it is tried."""
_SYMBOLS = dict.fromkeys(("倍", "times", "x"), "×")


@record
class Stated:
    """A number as printed.

    Attributes:
        number: before its prefix.
        place: what one unit of its last significant digit is worth; 0 for a fraction, which is exact.
        open: whether it ends in zeros that may or may not be significant, as 16000 does.
        prefixes: what the prefix may multiply it by.
        symbol: the prefix as it is shown.
    """

    number: Fraction
    place: Fraction
    open: bool
    prefixes: tuple[Prefix, ...]
    symbol: str = ""

    @property
    def value(self) -> Fraction:
        """The number in base units, by the usual meaning of its prefix."""
        return self.number * self.prefixes[0].factor


def stated(printed: str, scale: str = "") -> tuple[Stated, ...]:
    """Read the numbers of a text in their order: ``7.5 MB``, ``8.9x``, ``560w``, ``3~10倍``, ``九分之一``.

    A product of three or more, such as ``20×200×200×(3×3)``, is worked out; it states a whole number exactly,
    and so does a coefficient, as that of ``25C2``.

    Args:
        printed: the text.
        scale: the prefix of a number that does not carry one itself, as in ``MFLOP: 418``.

    Raises:
        InputError: there is no number in it, or no such prefix.
    """
    if scale not in PREFIXES:
        raise InputError(f"unknown prefix {scale!r}: choose {', '.join(filter(None, PREFIXES))}")
    part = _PART.search(printed)
    if part is not None:
        whole, piece = part.groups()
        return (Stated(Fraction(_DIGITS[piece], _DIGITS[whole]), Fraction(0), False, PREFIXES[""]),)
    coefficient = _COEFFICIENT.fullmatch(printed)
    if coefficient is not None:
        return (Stated(Fraction(coefficient[1]), Fraction(0), False, PREFIXES[""]),)
    if _PRODUCT.fullmatch(printed):
        product = math.prod(map(int, re.findall(r"[0-9]+", printed)))
        return (Stated(Fraction(product), Fraction(1), False, PREFIXES[""]),)
    found = [_read(match[1], match[2] or scale) for match in _NUMBER.finditer(printed)]
    if not found:
        found = [_read(str(_DIGITS[sign]), scale) for sign in re.findall(_CHINESE, printed)]
    if not found:
        raise InputError(f"there is no number in {printed!r}")
    return tuple(found)


def _read(digits: str, prefix: str) -> Stated:
    plain = digits.replace(",", "")
    number = Fraction(plain)
    decimals = len(plain.partition(".")[2])
    zeros = len(plain) - len(plain.rstrip("0")) if not decimals and number else 0
    return Stated(
        number, Fraction(10) ** (zeros - decimals), zeros > 0, PREFIXES[prefix], _SYMBOLS.get(prefix, prefix)
    )
