"""The registry of formats for lectures, by the suffix of the file they are written to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inception_profiler.document.deck import Deck
from inception_profiler.errors import InputError
from inception_profiler.registry import Registry, discover

DeckRenderer = Callable[[Deck], bytes]

DECKS: Registry[str, DeckRenderer] = Registry("slide format")


def deck_renderer(suffix: str) -> Callable[[DeckRenderer], DeckRenderer]:
    """Register the decorated function as what writes lectures to files of ``suffix``."""

    def register(render: DeckRenderer) -> DeckRenderer:
        DECKS.add(suffix, render)
        return render

    return register


def deck_format(path: str) -> DeckRenderer:
    """Return the renderer that the suffix of ``path`` selects.

    Raises:
        InputError: no format for slides has that suffix.
    """
    discover(__package__)
    render = DECKS.find(Path(path).suffix.lower())
    if render is None:
        raise InputError(f"cannot write slides to {path!r}: end it in {', '.join(sorted(DECKS))}")
    return render
