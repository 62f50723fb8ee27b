"""What all formats of slides have in common: tints, and text that is safe to put into a file."""

from __future__ import annotations

import re

from inception_profiler.render.seen import seen

TINT, BAND = "#EEF3F8", "#F6F8FA"
"""Behind formulas and what is taken home, and behind every other row."""
_ACTS = re.compile(
    r"[=+\-@＝＋－＠]|\{=|<r>|(?:https?|ftps?|file)://|mailto:|(?:in|ex)ternal:", re.IGNORECASE
)
"""How a text begins that a workbook, or what writes it, takes for more: formulas, rich text, links."""


def clean(text: str) -> str:
    """Return a text in signs that can be seen and that XML has a place for, its lines as they are."""
    return "".join("\ufffd" if sign in "\ufffe\uffff" else sign for sign in seen(text))


def line(text: str) -> str:
    r"""Return a text as one line of signs that can be seen.

    >>> line("two\nlines\t")
    'two lines'
    """
    return " ".join(clean(text).split())


def inert(text: str) -> str:
    """Return a text as one line that a spreadsheet takes for text.

    >>> inert("=cmd()"), inert("https://example.org"), inert("memory: 30 GB/s")
    ("'=cmd()", "'https://example.org", 'memory: 30 GB/s')
    """
    text = line(text)
    return f"'{text}" if _ACTS.match(text) else text
