"""Where labels go so that none lies on another: plain geometry, without a drawing library."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_BESIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_BETWEEN = ((0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1))
"""Directions from a point to its label; farther away there are more."""


class Box(NamedTuple):
    """A rectangle, by its edges."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: Box) -> bool:
        """Tell whether this one lies inside another."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.bottom <= self.bottom
            and self.top <= other.top
        )

    def wider(self, by: float) -> Box:
        """Return this one with its edges moved outwards."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of this rectangle that is nearest to another."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)

    def distance(self, x: float, y: float) -> float:
        """Return how far away another point lies; 0 inside."""
        at_x, at_y = self.nearest(x, y)
        return math.hypot(x - at_x, y - at_y)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Move heights apart until none is nearer than ``height`` to the next, as little as that takes.

    They stay between ``low`` and ``high`` where there is room for all.

    >>> spread([1.0, 1.2, 5.0], 1.0, 0.0, 10.0)
    [0.6, 1.6, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    groups: list[tuple[float, list[int]]] = []  # the middle of each run of labels that touch
    for place in order:
        middle, members = wanted[place], [place]
        while groups and groups[-1][0] + height * (len(groups[-1][1]) + len(members)) / 2 > middle:
            before, earlier = groups.pop()
            middle = (before * len(earlier) + middle * len(members)) / (len(earlier) + len(members))
            members = earlier + members
        groups.append((middle, members))
    found = [0.0] * len(wanted)
    for middle, members in groups:
        bottom = middle - height * (len(members) - 1) / 2
        top = bottom + height * (len(members) - 1)
        bottom += max(0.0, low - bottom) - max(0.0, top - high)
        for step, place in enumerate(members):
            found[place] = bottom + height * step
    for below, above in pairwise(order):  # the edges may have pushed runs together
        found[above] = max(found[above], found[below] + height)
    limit = high
    for place in reversed(order):
        found[place] = min(found[place], limit)
        limit = found[place] - height
    return [round(value, 9) for value in found]


def around(x: float, y: float, width: float, height: float, gap: float) -> Iterator[Box]:
    """Yield the places of a label beside a point, the best first: right, left, above, below, then farther."""
    for farther in (0.0, 0.15, 0.35, 0.6, 0.9, 1.3, 1.8):
        reach = gap + farther
        for sideways, upwards in (*_BESIDE, *(_BETWEEN if farther else ())):
            middle_x = x + sideways * (reach + width / 2)
            middle_y = y + upwards * (reach + height / 2)
            yield Box(
                middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2
            )


def free(places: Iterable[Box], taken: Sequence[Box], inside: Box) -> Box | None:
    """Return the first place that lies inside and meets nothing that is taken; None where there is none."""
    return next(
        (place for place in places if place.within(inside) and not any(map(place.meets, taken))), None
    )
