"""The family on one page, and the same as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.derive import counted
from inception_profiler.document.blocks import Document, Heading, Prose
from inception_profiler.document.charts.family import family_charts
from inception_profiler.document.family import family_table
from inception_profiler.report.facts import HEADLINE, cards, family
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part
from inception_profiler.report.parts.models import path_of

DRAWN = ("params", "macs", "peak_activation_bytes")


@part("family", "The family", place=1)
def pages() -> Sequence[Page]:
    """List the page and the file."""
    about = "params, MACs, FLOPs, memory, depth, receptive field and accuracy of every Inception network"
    return (
        Page("family.md", "The family and what it is compared with", about, document),
        Page("family.csv", "The same as CSV", "base units, for a spreadsheet", document),
    )


def document() -> Document:
    """Show every network of the family with those that the headline has beside them."""
    beside = [cards()[name] for name in HEADLINE if cards()[name].family != "inception"]
    chosen = [*beside, *family()]
    table = family_table(
        "Every network",
        [(card, counted(card.name)) for card in chosen],
        {card.name: path_of(card) for card in family()},
    )
    title = "The Inception family and what it is compared with"
    said = "A name leads to the page of its network: layer by layer, against vgg16 and its predecessor."
    profiles = [counted(name) for name in HEADLINE]
    bare = Document(title, (Heading(title, 1), Prose(said), table))
    return illustrated(bare, "family.svg", family_charts, profiles, DRAWN, after=2)
