"""Which axes of the input each dimension of a tensor holds, through views that fold and unfold them.

A layout is one set of bits for each dimension: bit ``a`` where the dimension runs over axis ``a``. N×C×H×W is
``(0, 0, 1, 2)``; flattened to N×C×L it is ``(0, 0, 3)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Layout = tuple[int, ...]
Shape = tuple[int, ...]

PARTIAL = 1 << 8
"""Set where a dimension runs over a part of an axis, as after a division into windows."""
SHIFTED = 1 << 9
"""Set where positions no longer start with the axis, as behind a class token, but are all there."""
AXES = PARTIAL - 1


def axis_of(bits: int) -> int | None:
    """Return the one axis that a dimension runs over from end to end; None where it is not one."""
    return bits.bit_length() - 1 if 0 < bits < PARTIAL and bits & (bits - 1) == 0 else None


def axes_in(bits: int) -> list[int]:
    """List the axes that a dimension holds.

    >>> axes_in(0b110)
    [1, 2]
    """
    return [axis for axis in range(8) if bits >> axis & 1]


def reshaped(layout: Layout, given: Shape, wanted: Shape) -> Layout | None:
    """Follow a layout through a view that keeps the order of the elements.

    >>> reshaped((0, 0, 1, 2), (1, 64, 14, 14), (1, 64, 196))
    (0, 0, 3)
    >>> reshaped((0, 0, 1, 2), (1, 64, 14, 14), (1, 12544))
    (0, 3)
    """
    if given == wanted:
        return layout
    if math.prod(given) != math.prod(wanted) or 0 in given:
        return None
    result: list[int] = []
    source, target = 0, 0
    while source < len(given) or target < len(wanted):
        taken, made = [source], [target]
        left = given[source] if source < len(given) else 1
        right = wanted[target] if target < len(wanted) else 1
        source, target = source + 1, target + 1
        while left != right:
            if left < right:
                left *= given[source]
                taken.append(source)
                source += 1
            else:
                right *= wanted[target]
                made.append(target)
                target += 1
        held = [index for index in taken if index < len(given)]
        result += _folded([(given[i], layout[i]) for i in held], [wanted[i] for i in made if i < len(wanted)])
    return tuple(result)


def _folded(held: Sequence[tuple[int, int]], wanted: Sequence[int]) -> list[int]:
    """Give the bits of some dimensions to the dimensions that take their place."""
    large = [bits for size, bits in held if size > 1]
    bits = 0
    for entry in large:
        bits |= entry
    places = [size > 1 for size in wanted]
    if len(large) > 1 and sum(places) == len(large):  # the same sizes, with ones put in or left out
        rest = iter(large)
        return [next(rest) if place else 0 for place in places]
    if bits and sum(places) > 1:
        bits |= PARTIAL
    return [bits if place else 0 for place in places]


def removed(layout: Layout, given: Shape, wanted: Shape) -> Layout | None:
    """Follow a layout through a choice of one position along a dimension, or of a part of a dimension.

    None where the sizes do not tell which dimension it was.
    """
    if len(given) == len(wanted):
        return tuple(
            bits if before == after else bits | PARTIAL if bits else 0
            for bits, before, after in zip(layout, given, wanted, strict=True)
        )
    found = {
        layout[:gone] + layout[gone + 1 :]
        for gone in range(len(given))
        if given[:gone] + given[gone + 1 :] == wanted
    }
    return found.pop() if len(found) == 1 else None


def chosen(layout: Layout, given: Shape, wanted: Shape) -> Layout | None:
    """Follow a layout through a choice of positions by their indices, in any order.

    It was along the dimension that has another size now; where there is none, it may have been along any.
    """
    if len(given) != len(wanted):
        return None
    return tuple(
        bits | PARTIAL if bits and (before != after or given == wanted) else bits
        for bits, before, after in zip(layout, given, wanted, strict=True)
    )


def inserted(layout: Layout, given: Shape, wanted: Shape) -> Layout | None:
    """Follow a layout through a new dimension, along which tensors are stacked.

    None where the sizes do not tell which dimension it is.
    """
    found = {
        (*layout[:new], 0, *layout[new:])
        for new in range(len(wanted))
        if wanted[:new] + wanted[new + 1 :] == given
    }
    return found.pop() if len(found) == 1 else None
