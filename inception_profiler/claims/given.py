"""Checks of what a calculator is given: each says which number cannot be, and what can."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inception_profiler.errors import InputError


def whole(name: str, value: Any) -> int:
    """Return ``value``, a whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{name} must be a whole number of 1 or more, not {value!r}")
    return value


def plane(name: str, value: int | Sequence[int]) -> tuple[int, int]:
    """Return height and width; one number stands for both."""
    sides = (value,) if isinstance(value, int) else tuple(value)
    if len(sides) not in {1, 2}:
        raise InputError(f"{name} is a height and a width, like 28x28, not {'x'.join(map(str, sides))}")
    return whole(name, sides[0]), whole(name, sides[-1])


def odd(name: str, value: Any, least: int = 1) -> int:
    """Return ``value``, an odd number: padded by (K − 1)/2, such a kernel keeps the size of the map."""
    if whole(name, value) % 2 == 0 or value < least:
        what = f"an odd number of {least} or more" if least > 1 else "odd"
        raise InputError(f"{name} {value} must be {what}, so that a padded map keeps its size")
    return int(value)
