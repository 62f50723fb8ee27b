"""How a result shows itself: in one line by itself, in full by whoever a higher room names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, Protocol

_MOST = 3
_LONGEST = 60


class Display(Protocol):
    """What shows results in full."""

    def html(self, result: Any) -> str:
        """Return a result as part of a page."""

    def lines(self, result: Any) -> Iterable[Any]:
        """Return a result as what rich prints."""


_finders: list[Callable[[], Display]] = []


def shown_by(find: Callable[[], Display]) -> None:
    """Name what shows results; it is looked for when the first one is to be shown."""
    _finders[:] = [find]


class Shown:
    """A result with a short ``repr``, which notebooks and rich show in full.

    ``_told`` names properties that say the most about it.
    """

    __slots__ = ()
    _told: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]  # every result is a dataclass
        values = {name: getattr(self, name) for name in (*names, *self._told)}
        said = [f"{name}={_short(value)}" for name, value in values.items() if value not in (None, "", ())]
        return f"<{' '.join((type(self).__name__, *said))}>"

    def _repr_html_(self) -> str:
        return _finders[0]().html(self)

    def __rich__(self) -> Any:
        return _finders[0]().lines(self)


def _short(value: Any) -> str:
    """Tell a value in a few characters: of what is long, how much there is."""
    if isinstance(value, tuple):
        plain = all(item is None or isinstance(item, str | int | float) for item in value)
        if plain and len(value) <= _MOST:
            return _cut(repr(value))
        kinds = {type(item).__name__ for item in value}
        return f"<{len(value)} {kinds.pop() if len(kinds) == 1 else 'values'}>"
    if isinstance(value, Shown):
        return repr(value)
    if is_dataclass(value):
        text = repr(value)
        return text if len(text) <= _LONGEST else f"<{type(value).__name__}>"
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
