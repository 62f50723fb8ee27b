"""Formulas in plain signs as LaTeX, for the formats that set mathematics."""

from __future__ import annotations

import re

_SIGNS = {"·": r"\cdot ", "×": r"\times ", "−": "-", "→": r"\to ", "Σ": r"\sum ", "≤": r"\le ", "%": r"\%"}
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_POWERS, "0123456789")
_LETTER = rf"[^\W\d_{_POWERS}]"
_PART = re.compile(
    rf"(?P<power>[{_POWERS}]+)|_(?P<index>(?:{_LETTER}|\d)+)|(?P<word>{_LETTER}{{2,}})"
    r"|(?P<number>\d{1,3}(?:,\d{3})+)|(?P<other>.)",
    re.DOTALL,
)
_INERT = str.maketrans(dict.fromkeys("\\${}#&~^<>`!") | {"\n": " ", "\r": " "})


def latex(text: str) -> str:
    r"""Set a formula in LaTeX: indices, powers, signs, words upright, and the commas within numbers.

    >>> print(latex("K²·C_in / 1,000 = ratio"))
    K^{2}\cdot C_{\mathrm{in}} / 1{,}000 = \mathrm{ratio}
    """
    written, scripts = [], frozenset[str]()
    for part in _PART.finditer(text.translate(_INERT)):
        kind = str(part.lastgroup)
        if kind in scripts:  # TeX allows one power and one index at a time: a second stands at nothing
            written.append("{}")
            scripts = frozenset()
        written.append(_set(part, kind))
        scripts = scripts | {kind} if kind in {"power", "index"} else frozenset()
    return "".join(written)


def _set(part: re.Match[str], kind: str) -> str:
    match kind:
        case "power":
            return f"^{{{part['power'].translate(_DIGITS)}}}"
        case "index":
            return f"_{{{_upright(part['index'])}}}"
        case "word":
            return _upright(part["word"])
        case "number":
            return part["number"].replace(",", "{,}")
        case _:
            return r"\_" if part[0] == "_" else _SIGNS.get(part[0], part[0])


def _upright(word: str) -> str:
    return rf"\mathrm{{{word}}}" if len(word) > 1 and word.isalpha() else word
