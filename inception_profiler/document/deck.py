"""A lecture as data: slides made of the blocks of documents, with what a speaker says beside them."""

from __future__ import annotations

from inception_profiler.document.blocks import Block
from inception_profiler.records.frozen import record


@record
class Notes:
    """What stands in the speaker notes of a slide.

    Attributes:
        said: paragraphs: what to say, the derivation, the answers of exercises.
        source: where the numbers and the idea are from.
    """

    said: tuple[str, ...]
    source: str

    @property
    def text(self) -> str:
        """All of it, a paragraph a line, the source last."""
        return "\n".join((*self.said, self.source))


@record
class Slide:
    """One idea.

    Attributes:
        key: its name within the lecture: ``bottleneck-saving``.
        topic: what it belongs to: ``bottleneck``.
        title: the idea in a line.
        blocks: what is shown, from top to bottom.
        notes: what is said.
        opening: whether it opens the lecture: its title is the lecture's.
    """

    key: str
    topic: str
    title: str
    blocks: tuple[Block, ...]
    notes: Notes
    opening: bool = False


@record
class Deck:
    """The slides of a lecture in one language, a BCP 47 tag."""

    title: str
    language: str
    slides: tuple[Slide, ...]
