"""How wide text is and where its lines break, by the letters of a real font."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

LEADING = 1.25
"""Height of a line, in sizes of its type."""
_UNITS = 1000
_BETWEEN = 0.25
"""Space where signs that fill a square meet others, in sizes of the type, besides any blank."""
_WIDE = frozenset("WF")
_CLOSING = "，。、；：？！）》”’」』】％%,.;:?!)]}"
_OPENING = "（《“‘「『【([{"
_PIECE = re.compile(r"\s+|[^\s]")


@cache
def _font(bold: bool) -> FreeTypeFont:
    """Open the font that matplotlib brings along: wider than those of offices, so that what fits it fits."""
    from PIL import ImageFont

    found = find_spec("matplotlib")
    assert found is not None and found.submodule_search_locations is not None
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / name
    return ImageFont.truetype(str(path), _UNITS)


@cache
def _advance(sign: str, bold: bool) -> float:
    """Return the width of a sign in sizes of its type; East Asian ones are as wide as they are high."""
    if combining(sign):
        return 0.0
    if wide(sign):
        return 1.0
    return float(_font(bold).getlength(sign)) / _UNITS


def wide(sign: str) -> bool:
    """Tell whether a sign fills a square, as those of Chinese do."""
    return east_asian_width(sign) in _WIDE


def width(text: str, points: float, *, bold: bool = False) -> float:
    """Return the width of a line in inches, with the space that offices put between Chinese and Latin."""
    sides = [wide(sign) for sign in text if not sign.isspace()]
    changes = sum(one is not other for one, other in pairwise(sides))
    return (sum(_advance(sign, bold) for sign in text) + _BETWEEN * changes) * points / 72


def height(lines: int, points: float) -> float:
    """Return the height of lines in inches."""
    return lines * points * LEADING / 72


def lines(text: str, room: float, points: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines of at most ``room`` inches: between words, and between signs of Chinese.

    A word that is wider than a line stands on one of its own, and reaches out of it.
    """
    done: list[str] = []
    line = ""
    for piece in _pieces(text):
        longer = line + piece
        if line and width(longer.rstrip(), points, bold=bold) > room:
            done.append(line.rstrip())
            line = piece.lstrip()
        else:
            line = longer
    if line.strip() or not done:
        done.append(line.rstrip())
    return tuple(done)


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end: after blanks, and around signs that fill a square."""
    pieces = [""]
    before = ""
    for match in _PIECE.finditer(" ".join(text.split())):
        sign = match[0]
        blank = sign.isspace()
        breaks = before.isspace() or ((wide(sign) or (before and wide(before))) and not blank)
        if breaks and sign not in _CLOSING and before not in _OPENING:
            pieces.append("")
        pieces[-1] += " " if blank else sign
        before = " " if blank else sign
    return [piece for piece in pieces if piece]
