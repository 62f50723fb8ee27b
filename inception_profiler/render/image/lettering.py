"""Text in pictures: which signs can be drawn, how wide lines are, and where they are broken."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.font_manager import FontProperties

LATIN = "DejaVu Sans"
"""The font that matplotlib brings along, so that a picture is the same everywhere."""
WIDER = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Heiti SC",
    "Arial Unicode MS",
)
"""Fonts for what the first has no signs for, such as Chinese; the first that is installed is used."""
UNKNOWN = "□"
"""What stands where no installed font has a sign."""


@cache
def families() -> tuple[str, ...]:
    """Return the fonts to draw with, the one to try first at the front."""
    from matplotlib import font_manager

    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return (LATIN, *(name for name in WIDER if name in installed))[:2]


@cache
def _signs() -> frozenset[int]:
    """Return the code points that the fonts have signs for."""
    from matplotlib import font_manager

    found: set[int] = set()
    for family in families():
        path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
        found |= set(font_manager.get_font(path).get_charmap())
    return frozenset(found)


def drawable(text: str) -> str:
    """Return a text as one line in signs that can be drawn; the others become `UNKNOWN`."""
    signs = _signs()
    return "".join(char if ord(char) in signs else UNKNOWN for char in " ".join(text.split()))


def complete(text: str) -> bool:
    """Tell whether all of a text can be drawn."""
    return drawable(text) == " ".join(text.split())


class Lettering:
    """Measures lines of text, in inches."""

    def __init__(self, renderer: RendererBase, dpi: float) -> None:
        self._renderer = renderer
        self._dpi = dpi
        self._widths: dict[tuple[str, float, bool], float] = {}

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a line is in type of ``size`` points."""
        key = text, size, bold
        if key not in self._widths:
            properties = font(size, bold=bold)
            width, _, _ = self._renderer.get_text_width_height_descent(
                drawable(text), properties, ismath=False
            )
            self._widths[key] = width / self._dpi
        return self._widths[key]

    def shortened(self, text: str, room: float, size: float, *, bold: bool = False) -> str:
        """Return a line that fits into ``room`` inches: of a longer one both ends, as a path needs."""
        text = drawable(text)
        if self.width(text, size, bold=bold) <= room:
            return text
        low, high = 0, len(text)
        while low < high:  # the most signs that fit
            kept = (low + high + 1) // 2
            if self.width(_cut(text, kept), size, bold=bold) <= room:
                low = kept
            else:
                high = kept - 1
        return _cut(text, low)

    def broken(self, text: str, room: float, size: float, *, most: int) -> list[str]:
        """Return a name in at most ``most`` lines of ``room`` inches; the last is shortened if it must be."""
        lines: list[str] = []
        words = drawable(text).split(" ")
        while words and len(lines) < most - 1:
            fits = next(
                (n for n in range(len(words), 0, -1) if self.width(" ".join(words[:n]), size) <= room), 1
            )
            lines.append(self.shortened(" ".join(words[:fits]), room, size))
            words = words[fits:]
        return [*lines, *([self.shortened(" ".join(words), room, size)] if words else [])]

    def lines(self, text: str, room: float, size: float, *, most: int, bold: bool = False) -> list[str]:
        """Break a text into at most ``most`` lines of ``room`` inches; an ellipsis stands for the rest."""
        done: list[str] = []
        line = ""
        for word in drawable(text).split(" "):
            longer = f"{line} {word}".strip()
            if self.width(longer, size, bold=bold) <= room:
                line = longer
                continue
            if line:
                done.append(line)
            line = word if self.width(word, size, bold=bold) <= room else ""
            rest = "" if line else word
            while rest:  # a word longer than a line, as all of Chinese is, is broken anywhere
                fits = next(
                    (n for n in range(len(rest), 1, -1) if self.width(rest[:n], size, bold=bold) <= room), 1
                )
                line, rest = rest[:fits], rest[fits:]
                if rest:
                    done.append(line)
        if line:
            done.append(line)
        if len(done) > most:
            done[most - 1] = self.shortened(f"{done[most - 1]} …", room, size, bold=bold)
        return done[:most]


def _cut(text: str, kept: int) -> str:
    head = kept // 2
    return f"{text[: kept - head]}…{text[len(text) - head :]}"


def font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the type of a line."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")
