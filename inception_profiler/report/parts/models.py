"""A page for every network of the family: against vgg16, and against what it departs from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import Document
from inception_profiler.document.chart import Chart
from inception_profiler.document.charts.comparison import by_size
from inception_profiler.document.profile import comparison_document
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.metrics import METRICS
from inception_profiler.report.facts import REFERENCE, compared, family
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part
from inception_profiler.zoo.card import ModelCard

FOLDER = "models"


def path_of(card: ModelCard) -> str:
    """Return where the page of a network stands."""
    return f"{FOLDER}/{card.name}.md"


@part("models", "Network by network", f"{FOLDER}/*", place=2)
def pages() -> Sequence[Page]:
    """List a page for each network of the family."""
    return tuple(_page(card) for card in family())


def _page(card: ModelCard) -> Page:
    return Page(path_of(card), card.name, f"{card.title}, against {_listed(card)}", lambda: _document(card))


def _listed(card: ModelCard) -> str:
    return " and ".join(_references(card))


def _references(card: ModelCard) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys((REFERENCE, card.predecessor))))


def _document(card: ModelCard) -> Document:
    references = _references(card)
    pairs = tuple(compared(card.name, reference) for reference in references)
    document = comparison_document(compared(card.name, *references))
    return illustrated(document, f"{card.name}.svg", _charts, *pairs, after=2 + len(references))


def _charts(*pairs: Comparison) -> Iterator[Chart]:
    """Show both sides of each pair by feature-map size."""
    for pair in pairs:
        yield by_size(pair, METRICS.get("macs"))
