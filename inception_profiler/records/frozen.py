"""The one way records are made: frozen, slotted dataclasses that are cheap to construct."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen, slotted dataclass whose constructor fills the slots directly.

    The constructor of a frozen dataclass sends every field through ``object.__setattr__``; a trace makes
    thousands of records, and filling the slots by their own descriptors is about five times faster.
    Everything else, comparison, hash, ``replace`` and the refusal of assignment included, is the
    dataclass's own; a class that inherits a ``repr`` keeps it.
    """
    made = dataclass(frozen=True, slots=True, repr=cls.__repr__ is object.__repr__)(cls)
    scope: dict[str, object] = {}
    parameters, body = [], []
    for field in fields(made):  # type: ignore[arg-type]  # a dataclass since the line above
        scope[f"_set_{field.name}"] = getattr(made, field.name).__set__
        if field.default is not MISSING:
            scope[f"_default_{field.name}"] = field.default
            parameters.append(f"{field.name}=_default_{field.name}")
        else:
            parameters.append(field.name)
        body.append(f"    _set_{field.name}(self, {field.name})")
    source = f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(body)
    exec(source, scope)
    type.__setattr__(made, "__init__", scope["__init__"])
    return made
