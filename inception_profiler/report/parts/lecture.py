"""The lecture as the file that a teacher opens; the other formats are one command away."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.evidence import Evidence
from inception_profiler.document.lecture.topics import lecture
from inception_profiler.render.slides.formats import deck_format
from inception_profiler.report.page import Page
from inception_profiler.report.part import part

FILE = "lecture/inception.pptx"


@part("lecture", "A lecture", "lecture/*", place=9)
def pages() -> Sequence[Page]:
    """List the deck."""
    about = (
        "slides with native tables and charts, derivations in the notes; inception-profiler slides has more"
    )
    return (Page(FILE, "What Inception networks cost", about, _slides),)


def _slides() -> bytes:
    return deck_format(FILE)(lecture(Evidence()))
