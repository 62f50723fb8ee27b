"""The registry of topics: each writes the slides of its own, in any language, from what was worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inception_profiler.document.blocks import Block, Callout, Cell, Column, Prose, Row, Table
from inception_profiler.document.deck import Deck, Notes, Slide
from inception_profiler.document.lecture.wording import LANGUAGES, Text
from inception_profiler.errors import UnknownNameError
from inception_profiler.registry import Registry, discover

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

TITLE = Text("What an Inception network costs", "Inception 网络的代价")
"""The title of the lecture."""


class Author:
    """Writes the slides of one topic in one language."""

    def __init__(self, topic: str, language: str) -> None:
        self.topic = topic
        self.language = language

    def write(self, text: Text, **fields: str | int) -> str:
        """Return a text in the language of the lecture."""
        return text.of(self.language, **fields)

    def say(self, text: Text, **fields: str | int) -> Prose:
        """Return a text as a paragraph."""
        return Prose(self.write(text, **fields))

    def keep(self, text: Text, **fields: str | int) -> Callout:
        """Return a text as the line that a listener takes home."""
        return Callout("note", self.write(text, **fields))

    def table(
        self, title: Text, columns: Sequence[Column], rows: Iterable[Sequence[Cell] | Row], caption: str = ""
    ) -> Table:
        """Return a table."""
        made = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
        return Table(self.write(title), tuple(columns), made, caption)

    def slide(self, key: str, title: str, blocks: Sequence[Block], said: Sequence[str], source: str) -> Slide:
        """Return a slide of this topic; the source is named as such."""
        named = Text("Source: {source}", "来源：{source}").of(self.language, source=source)
        return Slide(f"{self.topic}-{key}", self.topic, title, tuple(blocks), Notes(tuple(said), named))


Writes = Callable[["Author", "Evidence"], Iterable[Slide]]


class Topic(NamedTuple):
    """A topic: its name, its place in the lecture, its title in every language, and what writes it."""

    name: str
    place: int
    title: Text
    write: Writes


TOPICS: Registry[str, Topic] = Registry("topic")


def topic(name: str, place: int, title: Text) -> Callable[[Writes], Writes]:
    """Register the decorated function as what writes the slides of a topic, in order of ``place``."""

    def register(write: Writes) -> Writes:
        TOPICS.add(name, Topic(name, place, title, write))
        return write

    return register


def topics() -> tuple[Topic, ...]:
    """Return all topics in the order of the lecture."""
    discover(__package__)
    return tuple(sorted(TOPICS.values(), key=lambda one: one.place))


def lecture(evidence: Evidence, language: str = "en", chosen: Sequence[str] = ()) -> Deck:
    """Write the lecture, or some of its topics in the order of the lecture.

    Args:
        evidence: works out what the slides rest on, when it is asked for.
        language: one of `LANGUAGES`.
        chosen: names of topics; all where none is given.

    Raises:
        UnknownNameError: no such language or topic; the nearest are suggested.
    """
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES, known=len(LANGUAGES))
    every = topics()
    for name in chosen:
        TOPICS.get(name)
    slides = tuple(
        slide
        for one in every
        if not chosen or one.name in chosen
        for slide in one.write(Author(one.name, language), evidence)
    )
    return Deck(TITLE.of(language), LANGUAGES[language], slides)
