"""What was measured, device by device: pages of the files that a sweep wrote."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from inception_profiler.claims.measurements import MEASUREMENTS
from inception_profiler.document.blocks import Document
from inception_profiler.document.charts.measurements import like, like_charts
from inception_profiler.document.measurements import joined, measurements_document
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import load
from inception_profiler.records.sweep import Measurements
from inception_profiler.report.page import Page, pictured
from inception_profiler.report.part import part

FOLDER = "measurements"


@part("measurements", "Measurements", f"{FOLDER}/*.md", f"{FOLDER}/*.svg", place=7)
def pages() -> Sequence[Page]:
    """List a page for each device of which the checkout holds a file."""
    return tuple(
        Page(
            f"{FOLDER}/{path.stem}.md",
            path.stem,
            "latency with its interval, what was measured side by side, and the machine",
            partial(_document, path),
        )
        for path in sorted(MEASUREMENTS.glob("*.json"))
    )


def _document(path: Path) -> Document:
    found = load(path)
    if not isinstance(found, Measurements):
        raise ArchiveError(f"{path} does not hold the measurements of a device: take it away from there")
    document = measurements_document((found,))
    pictures = [
        pictured(f"{path.stem}-{number}.svg", like_charts, words, group)
        for number, (words, group) in enumerate(like(joined(found.outcomes)), start=1)
    ]
    return Document(document.title, (*document.blocks[:2], *pictures, *document.blocks[2:]))
