"""Formulas in plain signs as HTML, which breaks where a line ends and can be copied and searched."""

from __future__ import annotations

import re

from inception_profiler.render.html.escaping import text

_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_POWERS, "0123456789")
_LETTER = rf"[^\W\d_{_POWERS}]"
_PART = re.compile(
    rf"(?P<power>[{_POWERS}]+)|_(?P<index>(?:{_LETTER}|\d)+)|(?P<word>{_LETTER}{{2,}})"
    rf"|(?P<letter>{_LETTER})|(?P<other>.)",
    re.DOTALL,
)


def formula(plain: str) -> str:
    """Set a formula: letters in italics, words upright, powers and indices raised and lowered.

    >>> formula("K²·C_in = ratio")
    '<i>K</i><sup>2</sup>·<i>C</i><sub>in</sub> = ratio'
    """
    return "".join(_set(part) for part in _PART.finditer(plain))


def _set(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "power":
            return f"<sup>{part['power'].translate(_DIGITS)}</sup>"
        case "index":
            return f"<sub>{text(part['index'])}</sub>"
        case "letter":
            return f"<i>{text(part['letter'])}</i>"
        case _:
            return text(part[0])
