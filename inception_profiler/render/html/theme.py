"""The colours of a page by day and by night; what has a colour keeps its hue in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from inception_profiler.document.colours import INK, PAPER, QUIET, legible

LINE, SHADE = "#DDDDDD", "#F4F4F2"
"""Rules and grids; what is set off from the paper."""

_NIGHT = {PAPER: "#17191C", INK: "#E9E7E3", QUIET: "#AAA8A3", LINE: "#3A3E44", SHADE: "#212429"}
_GRAPHIC = 3.0
_NAMES = {"paper": PAPER, "ink": INK, "quiet": QUIET, "line": LINE, "shade": SHADE}


@cache
def by_night(colour: str) -> str:
    """Return what a colour becomes on dark paper: itself, or as much lighter as it takes to be seen there."""
    return _NIGHT.get(colour) or legible(colour, _NIGHT[PAPER], _GRAPHIC)


def both(colour: str) -> str:
    """Return a colour by day and by night as CSS takes it."""
    return f"light-dark({colour},{by_night(colour)})"


def nights(colours: Iterable[str]) -> Mapping[str, str]:
    """Return what each of the colours of a drawing becomes, and those of every drawing."""
    return {colour: by_night(colour) for colour in dict.fromkeys((*_NAMES.values(), *colours))}


def variables() -> str:
    """Return the colours of a page as variables of CSS."""
    said = "".join(f"--{name}:{both(colour)};" for name, colour in _NAMES.items())
    return f":root{{{said}}}"
