"""What all formats of slides have in common: tints, and text that is safe to put into a file."""

from __future__ import annotations

TINT, BAND = "#EEF3F8", "#F6F8FA"
"""Behind formulas and what is taken home, and behind every other row."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(text: str) -> str:
    """Return a text without the characters that XML has no place for."""
    return "".join(sign for sign in text if (sign >= " " and sign not in "\ufffe\uffff") or sign in "\n\t")


def inert(text: str) -> str:
    """Return a text as one line that a spreadsheet does not take for a formula."""
    text = " ".join(clean(text).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
