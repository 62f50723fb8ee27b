"""The tensors inside whatever a forward pass returns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from torch import Tensor, nn


def returned_tensors(value: Any) -> list[Tensor]:
    """Return the tensors in a value, each once: in collections, mappings, and attributes of plain objects."""
    found: dict[int, Tensor] = {}
    seen: dict[int, Any] = {}
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen[id(item)] = item
        if isinstance(item, Tensor):
            found[id(item)] = item
        elif isinstance(item, Mapping):
            waiting += item.values()
        elif isinstance(item, Collection) and not isinstance(item, str | bytes):
            waiting += item
        elif hasattr(item, "__dict__") and not isinstance(item, nn.Module | type):
            waiting += vars(item).values()
    return list(found.values())
