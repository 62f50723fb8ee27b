"""On which side of its point a label stands, so that labels do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from inception_profiler.render.slides.metrics import height, width
from inception_profiler.render.slides.page import Box

SIDES = ("right", "left", "above", "below")
"""Where a label can stand, the first that is free is taken."""
_AWAY = 0.06
"""Inches from the edge of a point to its label."""
_FRAME = (1.0, 0.2, 0.3, 0.9)
"""Inches that axes take about the points: left, top, right, bottom."""
_DOT = 0.1
"""Inches from the middle of a point to its edge."""
_LARGEST = 0.125
"""The same of the largest bubble, in heights of the axes."""


class Labelled(NamedTuple):
    """A point with its label; both coordinates are shares of their axes, from the lower left.

    ``size`` is the area of a bubble as a share of the largest one; None for a dot.
    """

    x: float
    y: float
    text: str
    size: float | None = None


def sides(
    points: Sequence[Labelled],
    box: Box,
    size: float,
    *,
    others: Sequence[tuple[float, float]] = (),
    key: float = 0.0,
    optional: bool = False,
) -> tuple[str, ...]:
    """Choose one of `SIDES` for every point of a chart that fills ``box``, with labels of ``size`` points.

    Args:
        points: those with a label, the most important first.
        box: what the chart fills.
        size: of the type.
        others: further points that labels are not to cover, as shares of the axes.
        key: inches that the key of the colours takes above the axes.
        optional: whether a label without a free place is left out, which ``""`` stands for.
    """
    left, top, right, bottom = _FRAME
    top += key
    across, up = box.width - left - right, box.height - top - bottom

    def middle(x: float, y: float) -> tuple[float, float]:
        return left + x * across, top + (1 - y) * up

    middles = [middle(one.x, one.y) for one in points]
    radii = [_DOT if one.size is None else max(_DOT, _LARGEST * up * math.sqrt(one.size)) for one in points]
    taken = [_around(*at, radius) for at, radius in zip(middles, radii, strict=True)]
    taken += [_around(*middle(*one), _DOT) for one in others]
    chosen = []
    for own, ((x, y), radius, one) in enumerate(zip(middles, radii, points, strict=True)):
        wide, high, away = width(one.text, size), height(1, size), radius + _AWAY
        places = {
            "right": Box(x + away, y - high / 2, wide, high),
            "left": Box(x - away - wide, y - high / 2, wide, high),
            "above": Box(x - wide / 2, y - away - high, wide, high),
            "below": Box(x - wide / 2, y + away, wide, high),
        }
        covered = {
            side: sum(_meet(places[side], other) for n, other in enumerate(taken) if n != own)
            for side in SIDES
            if places[side].left >= left and places[side].right <= box.width
        }
        side = min(covered, key=covered.__getitem__, default=SIDES[0])
        if optional and covered.get(side, 1):
            chosen.append("")
            continue
        chosen.append(side)
        taken.append(places[side])
    return tuple(chosen)


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, 2 * radius, 2 * radius)


def _meet(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )
