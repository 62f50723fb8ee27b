"""Numbers as people read and write them: counts and times in SI, bytes in IEC prefixes, 3x224x224."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from inception_profiler.errors import InputError


class Unit(Enum):
    """What a number measures; the value is the word that stands in a machine-readable header."""

    COUNT = "count"
    BYTES = "bytes"
    PIXELS = "pixels"
    SECONDS = "seconds"
    FLOP_RATE = "flops per second"
    JOULES = "joules"
    SHARE = "share"
    RATIO = "ratio"
    RATE = "rate"
    EXACT = "exact"
    TEXT = "text"


_PREFIXES = {
    Unit.COUNT: [(1, ""), (10**3, "k"), (10**6, "M"), (10**9, "G"), (10**12, "T"), (10**15, "P")],
    Unit.BYTES: [(2 ** (10 * n), name) for n, name in enumerate(["B", "KiB", "MiB", "GiB", "TiB", "PiB"])],
    Unit.SECONDS: [(1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1, "s")],
    Unit.FLOP_RATE: [
        (factor, f"{prefix}FLOP/s")
        for factor, prefix in ((1, ""), (10**6, "M"), (10**9, "G"), (10**12, "T"), (10**15, "P"))
    ],
    Unit.JOULES: [(1e-3, "mJ"), (1, "J")],
}
_CONTINUOUS = frozenset({Unit.SECONDS, Unit.FLOP_RATE, Unit.JOULES})
_SUFFIXES = {
    name.lower(): factor for unit in (Unit.COUNT, Unit.BYTES) for factor, name in _PREFIXES[unit]
} | {"b": 10**9}
_MEMORY = {name.lower(): factor for factor, name in _PREFIXES[Unit.BYTES]} | {
    prefix.lower() + ending: factor
    for factor, prefix in _PREFIXES[Unit.COUNT]
    for ending in (("b", "") if prefix else ("",))
}
_FIXED: dict[Unit, tuple[float, str, int | None, bool]] = {
    Unit.SHARE: (0.01, "%", 1, False),
    Unit.RATIO: (1, "×", None, False),
    Unit.RATE: (1, "", 1, False),
    Unit.EXACT: (1, "", None, True),
}
MOST_DECIMALS = 3
_NEARLY = 1e-3
_TIGHT = frozenset({"×", "%"})


@dataclass(frozen=True, slots=True)
class Scale:
    """One magnitude for a whole column: ``printed = value / factor``, with a fixed number of decimals.

    ``decimals`` None prints three significant digits instead, as ratios need; ``exact`` prints every digit of
    what is whole and five significant ones, without zeros at the end, of what is not; as many as show that it
    is not 1 where it nearly is.
    """

    factor: float
    symbol: str
    decimals: int | None
    exact: bool = field(default=False, repr=False)

    def text(self, value: float) -> str:
        """Print ``value`` without its symbol; what is too small for the decimals is shown as such.

        >>> Scale(10**6, "M", 3).text(6_998_552)
        '6.999'
        >>> Scale(10**6, "M", 3).text(12)
        '<0.001'
        >>> Scale(1, "×", None).text(0.050584)
        '0.0506'
        >>> scale_for((), Unit.EXACT).text(589_824)
        '589,824'
        """
        if not math.isfinite(value):
            return "∞" if value > 0 else "–"
        if value == 0:
            return "0"
        scaled = value / self.factor
        if self.decimals is None:
            if self.exact and isinstance(value, int):
                return f"{value:,}"
            places = max(0, (4 if self.exact else 2) - math.floor(math.log10(abs(scaled))))
            if self.exact and 0 < abs(scaled - 1) < _NEARLY:
                places = 1 - math.floor(math.log10(abs(scaled - 1)))
            text = f"{scaled:,.{places}f}"
            return text.rstrip("0").rstrip(".") if places and self.exact else text
        if abs(scaled) < 0.5 * 10**-self.decimals:
            return f"<{10**-self.decimals:.{self.decimals}f}"
        return f"{scaled:,.{self.decimals}f}"

    def full(self, value: float) -> str:
        """Print ``value`` with its symbol: ``6.999 M``, ``25.0%``, ``0.102×``."""
        text = self.text(value)
        if not math.isfinite(value) or not self.symbol:
            return text
        return f"{text}{self.symbol}" if self.symbol in _TIGHT else f"{text} {self.symbol}"


def scale_for(values: Iterable[float], unit: Unit) -> Scale:
    """Choose the one magnitude in which all of ``values`` read best.

    The prefix is the largest one that keeps the (low) median of the non-zero values at 1 or more; the
    decimals give that median four significant digits, three decimals at most, none for whole units.

    >>> scale_for([9_408, 4_096, 110_592], Unit.COUNT)
    Scale(factor=1000, symbol='k', decimals=3)
    >>> scale_for([1_582_671_872, 15_470_264_320], Unit.COUNT).full(1_582_671_872)
    '1.583 G'
    >>> scale_for([0.0123, 0.0456, 1.5], Unit.SECONDS).full(0.0123)
    '12.30 ms'
    """
    if unit in _FIXED:
        return Scale(*_FIXED[unit])
    sizes = sorted(abs(value) for value in values if value and math.isfinite(value))
    if not sizes:
        return Scale(1, "", 0)
    prefixes = _PREFIXES.get(unit, [(1, "")])
    median = sizes[(len(sizes) - 1) // 2]
    factor, symbol = max((entry for entry in prefixes if entry[0] <= median), default=prefixes[0])
    if factor == 1 and unit not in _CONTINUOUS:
        return Scale(1, symbol, 0 if all(float(size).is_integer() for size in sizes) else 2)
    digits = math.floor(math.log10(median / factor)) + 1
    return Scale(factor, symbol, max(1, min(MOST_DECIMALS, 4 - digits)))


MOST_ELEMENTS = 2**60
"""What a tensor can have: its bytes are counted in 64 bits."""


def parse_shape(text: str) -> tuple[int, ...]:
    """Read ``3x224x224`` (also with ``×``, ``,`` or spaces between) as positive sizes.

    >>> parse_shape("3x299x299")
    (3, 299, 299)

    Raises:
        InputError: nothing to read, or a part that is not a positive whole number.
    """
    parts = re.split(r"\s*[x×,*]\s*|\s+", text.strip().lower())
    if not all(re.fullmatch(r"[0-9]+", part) and int(part) > 0 for part in parts):
        raise InputError(
            f"cannot read {text!r} as a shape: write positive sizes with x between, like 3x224x224"
        )
    return possible(tuple(int(part) for part in parts))


def possible(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Return ``sizes`` themselves.

    Raises:
        InputError: a tensor of so many elements cannot be addressed.
    """
    if math.prod(sizes) > MOST_ELEMENTS:
        raise InputError(f"an input of {'x'.join(map(str, sizes))} has more elements than can be addressed")
    return sizes


def parse_quantity(text: str) -> int:
    """Read a count or a size as people write it: ``1.6G``, ``7M``, ``16GiB``, ``512``.

    >>> parse_quantity("1.6G"), parse_quantity("16 GiB")
    (1600000000, 17179869184)

    Raises:
        InputError: no number, or a suffix that is neither an SI nor an IEC prefix.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)\s*", text)
    if match is None or match[2].lower() not in _SUFFIXES:
        raise InputError(
            f"cannot read {text!r} as a quantity: write a number with k, M, G, T or KiB, MiB, GiB, like 1.6G"
        )
    factor: int = _SUFFIXES[match[2].lower()]
    return round(float(match[1]) * factor)


def parse_bytes(text: str) -> int:
    """Read an amount of memory as people write it: ``16GiB`` is 16 · 2³⁰ bytes, ``16GB`` is 16 · 10⁹.

    >>> parse_bytes("16GiB"), parse_bytes("1.5 GB"), parse_bytes("512")
    (17179869184, 1500000000, 512)

    Raises:
        InputError: no number, an unknown suffix, or less than one byte.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)\s*", text)
    factor = _MEMORY.get(match[2].lower(), 0) if match else 0
    size = round(float(match[1]) * factor) if match else 0
    if size < 1:
        raise InputError(f"cannot read {text!r} as an amount of memory: write bytes, or like 16GiB or 16GB")
    return size


_MOST_POINTS = 1000


def parse_points(text: str, of: str = "") -> tuple[int, ...]:
    """Read points of an axis: single ones and ranges with both ends, separated by commas.

    ``of`` is the option or the axis that they were typed for, which a mistake names.

    >>> parse_points("128..256:64,299"), parse_points("1,2,4")
    ((128, 192, 256, 299), (1, 2, 4))

    Raises:
        InputError: nothing to read, an empty range, or more points than anyone looks at.
    """
    points: dict[int, None] = {}
    whose = f"{of}: " if of else ""
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-?[0-9]+)\s*(?:\.\.\s*(-?[0-9]+)\s*(?::\s*(-?[0-9]+)\s*)?)?", part)
        if match is None:
            raise InputError(
                f"{whose}cannot read {part.strip()!r} as points: write 128..512:32 or 224,299,331"
            )
        first, last, step = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
        if first < 1 or step < 1:
            raise InputError(f"{whose}{part.strip()!r} is too small: points and steps are 1 or more")
        if last < first:
            raise InputError(
                f"{whose}{part.strip()!r} holds no points: write the smaller one first, 128..512:32"
            )
        if (last - first) // step + len(points) >= _MOST_POINTS:
            raise InputError(f"{whose}{text!r} makes more than {_MOST_POINTS} points: take larger steps")
        points |= dict.fromkeys(range(first, last + 1, step))
    return tuple(points)


def parse_axis(text: str) -> tuple[str, tuple[int, ...]]:
    """Read an axis and its points, ``input=128..512:32``.

    Raises:
        InputError: no ``=``, or points that cannot be read.
    """
    axis, equals, points = text.partition("=")
    if not equals or not axis.strip():
        raise InputError(f"cannot read {text!r} as an axis: write input=128..512:32 or batch=1,2,4")
    return axis.strip(), parse_points(points, axis.strip())
