"""Records with every field filled at random by its annotated type: what can be written must be readable."""

from __future__ import annotations

import math
import types
from dataclasses import fields, is_dataclass
from random import Random
from typing import Any, Union, get_args, get_origin, get_type_hints

WORDS = ("", "a", "conv2d", "×n — 3×3", "line\nline", '"quoted"', "ünïcode", "0")


def filled(kind: Any, random: Random) -> Any:
    """Return a value of an annotated type."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: filled(hints[field.name], random) for field in fields(kind)})
    origin, members = get_origin(kind), get_args(kind)
    if origin is tuple and members[-1] is Ellipsis:
        return tuple(filled(members[0], random) for _ in range(random.randrange(4)))
    if origin is tuple:
        return tuple(filled(member, random) for member in members)
    if origin in {Union, types.UnionType}:
        return filled(random.choice(members), random)
    if kind is type(None):
        return None
    if kind is float:
        return random.choice([0.0, 1e-9, 0.1 + 0.2, 1.0, 3e11, math.inf, -math.inf, random.random()])
    if kind is int:
        return random.choice([0, 1, -1, 2**70, random.randrange(10**9)])
    return {str: lambda: random.choice(WORDS), bool: lambda: random.random() < 0.5}[kind]()
