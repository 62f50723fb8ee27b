"""One kind of registry for everything that can be added: models, operations, metrics, formats."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Hashable, ItemsView, Iterator, Mapping, ValuesView
from typing import Generic, TypeVar

from inception_profiler.errors import DuplicateNameError, UnknownNameError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Registry(Generic[K, V]):
    """Names and what they stand for, in the order they were added.

    >>> shapes: Registry[str, int] = Registry("shape")
    >>> shapes.add("triangle", 3)
    >>> shapes.get("triangel")
    Traceback (most recent call last):
    inception_profiler.errors.UnknownNameError: unknown shape 'triangel': did you mean 'triangle'?
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[K, V] = {}

    def add(self, key: K, value: V) -> None:
        """Enter ``value`` under ``key``; a key that is taken raises `DuplicateNameError`."""
        if key in self._entries:
            raise DuplicateNameError(f"{self.what} {key!r} is already registered")
        self._entries[key] = value

    def remove(self, key: K) -> None:
        """Take out what stands under ``key``."""
        del self._entries[key]

    @property
    def entries(self) -> Mapping[K, V]:
        """All entries; what is added later shows in it too."""
        return self._entries

    def get(self, key: K) -> V:
        """Return what stands under ``key``, or raise `UnknownNameError` with the nearest names."""
        try:
            return self._entries[key]
        except KeyError:
            names = [str(name) for name in self._entries]
            near = difflib.get_close_matches(str(key), names, n=2, cutoff=0.5)
            raise UnknownNameError(self.what, key, near, known=len(names)) from None

    def find(self, key: K) -> V | None:
        """Return what stands under ``key``, or None."""
        return self._entries.get(key)

    def items(self) -> ItemsView[K, V]:
        """Return the entries, in the order they were added."""
        return self._entries.items()

    def values(self) -> ValuesView[V]:
        """Return the values, in the order they were added."""
        return self._entries.values()

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries


def discover(package: str) -> None:
    """Import every module of ``package``, so that what its files register is registered."""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
