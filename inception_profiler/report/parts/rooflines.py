"""Where the time of a model goes, layer by layer: pages of the rooflines that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from inception_profiler.claims.measurements import MEASUREMENTS
from inception_profiler.document.blocks import Document
from inception_profiler.document.charts.roofline import roofline_charts
from inception_profiler.document.roofline import roofline_document
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import load
from inception_profiler.records.roofline import Roofline
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part

FOLDER = "rooflines"
_PAGES = f"measurements/{FOLDER}"


@part("rooflines", "Where the time goes", f"{_PAGES}/*.md", f"{_PAGES}/*.svg", place=8)
def pages() -> Sequence[Page]:
    """List a page for each roofline in the checkout."""
    return tuple(
        Page(
            f"{_PAGES}/{path.stem}.md",
            path.stem,
            "time of every layer, what it attains of its own roof, and what limits it",
            partial(_document, path),
        )
        for path in sorted((MEASUREMENTS / FOLDER).glob("*.json"))
    )


def _document(path: Path) -> Document:
    found = load(path)
    if not isinstance(found, Roofline):
        raise ArchiveError(f"{path} does not hold a roofline: take it away from there")
    return illustrated(roofline_document(found), f"{path.stem}.svg", roofline_charts, found, after=5)
