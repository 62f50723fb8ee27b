"""Names become text that TeX prints and never reads as a command, with signs of every script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from inception_profiler.document import formula

SPACE = "\u200b"
"""Where a line of Chinese may end; the head of a file tells TeX what it does."""

_MATH = {
    "×": r"\times", "·": r"\cdot", "÷": r"\div", "±": r"\pm", "−": "-", "≤": r"\le", "≥": r"\ge",
    "≈": r"\approx", "≠": r"\ne", "∞": r"\infty", "→": r"\to", "←": r"\leftarrow", "√": r"\surd",
    "∂": r"\partial", "′": "'", "°": r"^\circ", "µ": r"\mu",
    "Σ": r"\Sigma", "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor",
    "⌋": r"\rfloor", "‖": r"\|", "ⁿ": "^n", "⁻": "^-", "ᵀ": "^T", "ᵢ": "_i", "½": r"\frac12", "∈": r"\in",
    "|": r"\vert", "~": r"\sim", "\u2003": r"\quad",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi",
    "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi",
    "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Π": r"\Pi",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    **{sign: f"^{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: f"_{digit}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
"""Signs that every engine has in mathematics."""
_TEXT = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\symbol{34}", "`": r"\textasciigrave{}",
    "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": r"\ldots{}", "\u00a0": " ",
    "[": "{[}", "]": "{]}", "*": "{*}",
}  # fmt: skip
_LIGATURE = re.compile(r"(?<=[-,'])(?=[-,'])")
_LONG = re.compile(r"[^\s\u2e80-\uffef]{25,}")
_ENDS = re.compile(r"(?<=[/._:\\-])(?=[^/._:\\-])|(?<=\S{16})(?=\S{16})")
_NOT_IN_T1 = frozenset("ĦħĸŉĿŀŦŧſ")
_REPLACEMENT = "\ufffd"


def text(string: str) -> str:
    r"""Make any text inert in TeX, in one paragraph; long words may be broken, and Chinese anywhere.

    >>> print(text(r"\input{a_b} costs 5% & more"))
    \textbackslash{}input\{a\_b\} costs 5\% \& more
    """
    line = " ".join(_seen(string).split(" "))
    return "".join(
        part if part == r"\allowbreak{}" else "".join(map(_sign, _LIGATURE.sub("\0", part)))
        for part in _broken(line)
    )


def maths(plain: str) -> str:
    r"""Set a formula in plain signs as mathematics; what no engine has there becomes text.

    >>> print(maths("⌈n / 2⌉·K² ≥ 5"))
    \lceil n / 2\rceil \cdot K^{2} \ge 5
    """
    signs = (
        sign if sign.isascii() else f"{_MATH[sign]} " if sign in _MATH else rf"\mbox{{{_sign(sign)}}}"
        for sign in formula.latex(_seen(plain))
    )
    return " ".join("".join(signs).split())


def unusual(written: Iterable[str]) -> list[str]:
    """Return the signs in what was written that pdfLaTeX has no font for, each once, in order."""
    found = {sign for part in written for sign in part if not sign.isascii()}
    return sorted(sign for sign in found if not _latin(sign) and sign != SPACE)


def _seen(string: str) -> str:
    """Put spaces for ends of lines, and � for what cannot be seen or turns the direction of writing."""
    spaced = re.sub(r"\s", " ", string)
    return "".join(_REPLACEMENT if unicodedata.category(sign)[0] == "C" else sign for sign in spaced)


def _broken(line: str) -> list[str]:
    """Cut a line at the places where a long word may be broken, with the sign for it between."""
    parts, end = [], 0
    for word in _LONG.finditer(line):
        parts.append(line[end : word.start()])
        for piece in _ENDS.split(word[0]):
            parts += [piece, r"\allowbreak{}"]
        parts.pop()
        end = word.end()
    return [*parts, line[end:]]


def _sign(sign: str) -> str:
    if sign == "\0":  # between two signs that a font would join
        return "{}"
    if sign in _TEXT:
        return _TEXT[sign]
    if sign.isascii() or _latin(sign):
        return sign
    if sign in _MATH:
        return f"${_MATH[sign]}$"
    return sign + SPACE if unicodedata.east_asian_width(sign) in "WF" else sign


def _latin(sign: str) -> bool:
    """Whether it is a letter that every engine has."""
    return "\u00c0" <= sign <= "\u017f" and sign not in _NOT_IN_T1 and sign not in "×÷"
