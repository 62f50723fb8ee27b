"""The parts of the folder, by name: each knows its pages and which files are its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_profiler.records.frozen import record
from inception_profiler.registry import Registry, discover
from inception_profiler.report.page import Page

Pages = Callable[[], Sequence[Page]]


@record
class Part:
    """Some pages that belong together.

    Attributes:
        name: what `--only` takes.
        title: what stands over them in the index.
        pages: lists them; none is worked out.
        place: where it stands among the parts.
        owns: patterns of paths that hold nothing but what this part writes, so that anything else there is
            left over from before.
    """

    name: str
    title: str
    pages: Pages
    place: int
    owns: tuple[str, ...]


PARTS: Registry[str, Part] = Registry("part of the reports")


def part(name: str, title: str, *owns: str, place: int) -> Callable[[Pages], Pages]:
    """Register the decorated function as what lists the pages of a part."""

    def register(pages: Pages) -> Pages:
        PARTS.add(name, Part(name, title, pages, place, owns))
        return pages

    return register


def load() -> dict[str, Part]:
    """Import every part and return all by name, in their order."""
    discover(f"{__package__}.parts")
    return {one.name: one for one in sorted(PARTS.values(), key=lambda one: one.place)}


def chosen(names: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts of these names, all where there are none.

    Raises:
        UnknownNameError: no such part; the nearest are suggested.
    """
    parts = load()
    return tuple(map(PARTS.get, dict.fromkeys(names))) if names else tuple(parts.values())
