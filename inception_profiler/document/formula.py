"""Formulas in plain signs as LaTeX, for the formats that set mathematics."""

from __future__ import annotations

import re

_SIGNS = {"·": r"\cdot ", "×": r"\times ", "−": "-", "→": r"\to ", "Σ": r"\sum ", "≤": r"\le ", "%": r"\%"}
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORD = re.compile(r"[^\W\d_]{2,}")
_INERT = str.maketrans(dict.fromkeys("\\${}#&~^<>") | {"\n": " ", "\r": " "})


def latex(text: str) -> str:
    r"""Set a formula in LaTeX: indices, powers, signs, and words upright.

    >>> print(latex("K²·C_in / 2 = ratio"))
    K^{2}\cdot C_{\mathrm{in}} / 2 = \mathrm{ratio}
    """
    text = text.translate(_INERT)
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda power: f"^{{{power[1].translate(_DIGITS)}}}", text)
    text = _WORD.sub(lambda word: rf"\mathrm{{{word[0]}}}", text)
    text = re.sub(r"_(\\mathrm\{\w+\}|\w+)", r"_{\1}", text)
    return "".join(_SIGNS.get(sign, sign) for sign in text)
