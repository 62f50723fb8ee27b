"""What a step of GitHub Actions prints and writes: workflow commands, and the summary of its job.

The commands and how they are escaped are those of the runner (``actions/toolkit``, ``core/src/command.ts``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from inception_profiler.document.annotations import Annotation
from inception_profiler.document.blocks import Callout, Document
from inception_profiler.render import markdown

SUMMARY_BYTES = 1024 * 1024 - 1024
"""What the summary of a step may hold, with some room left."""

_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def commands(annotations: Iterable[Annotation]) -> bytes:
    """Return annotations as workflow commands, one a line."""
    return "".join(f"{_command(entry)}\n" for entry in annotations).encode(errors="backslashreplace")


def stopped(token: str) -> bytes:
    """Return what keeps the runner from obeying commands until ``resumed``; the token must be a secret."""
    return f"::stop-commands::{token}\n".encode()


def resumed(token: str) -> bytes:
    """Return what lets the runner obey commands again, on a line of its own."""
    return f"\n::{token}::\n".encode()


def summary(document: Document, limit: int = SUMMARY_BYTES) -> bytes:
    """Return a document as Markdown for a job summary, without its last blocks where it would not fit."""
    data = markdown.render(document)
    blocks = document.blocks
    while len(data) > limit and blocks:
        blocks = blocks[: len(blocks) * 3 // 4]
        cut = Callout("note", "What follows does not fit in here: run inception-profiler check to see all.")
        data = markdown.render(replace(document, blocks=(*blocks, cut)))
    return data + b"\n"


def _command(entry: Annotation) -> str:
    properties = {"file": entry.file, "line": str(entry.line or ""), "title": entry.title}
    said = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items() if value)
    return f"::{entry.level} {said}::{_escaped(entry.text, _TEXT)}"


def _escaped(text: str, signs: dict[int, str]) -> str:
    return text.translate(signs)
