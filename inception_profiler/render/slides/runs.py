"""Text in plain signs as runs on, above and below the line: powers, and indices of single capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from inception_profiler.render.slides.metrics import width

_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_POWERS, "0123456789")
_PART = re.compile(rf"(?P<power>[{_POWERS}]+)|(?<![A-Za-z0-9_][A-Z])(?<=[A-Z])_(?P<index>[A-Za-z0-9]+)")
_SMALL = 0.66
"""Size of indices and powers, in sizes of the line."""


class Run(NamedTuple):
    """A stretch of text: ``level`` 0 on the line, 1 above it, -1 below it."""

    text: str
    level: int = 0

    def size(self, points: float) -> float:
        """Return the size of its type within a line of ``points``."""
        return points * (_SMALL if self.level else 1)


def runs(formula: str) -> tuple[Run, ...]:
    """Split a formula: ``K²·C_in`` is K, a raised 2, ·C, and a lowered ``in``; ``inception_v1`` stays whole.

    >>> [(run.text, run.level) for run in runs("K²·C_in")]
    [('K', 0), ('2', 1), ('·C', 0), ('in', -1)]
    """
    return tuple(_split(formula))


def _split(formula: str) -> Iterator[Run]:
    end = 0
    for match in _PART.finditer(formula):
        if match.start() > end:
            yield Run(formula[end : match.start()])
        power = match["power"]
        yield Run(power.translate(_DIGITS), 1) if power else Run(match["index"], -1)
        end = match.end()
    if end < len(formula):
        yield Run(formula[end:])


def formula_width(formula: str, points: float) -> float:
    """Return the width of a formula in inches."""
    return sum(width(run.text, run.size(points)) for run in runs(formula))
