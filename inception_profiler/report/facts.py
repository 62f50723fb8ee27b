"""What several parts rest on, worked out once."""

from __future__ import annotations

from functools import cache

from inception_profiler.analysis.compare import compare
from inception_profiler.claims.derive import counted
from inception_profiler.claims.ledger import ledger
from inception_profiler.records.claim import Ledger
from inception_profiler.records.comparison import Comparison
from inception_profiler.zoo.card import ModelCard, load

REFERENCE = "vgg16"
"""What every model of the family is held against."""

HEADLINE = (
    "alexnet",
    "vgg16",
    "inception_v1",
    "bn_inception",
    "inception_v2_rethinking",
    "inception_v3",
    "inception_v4",
    "inception_resnet_v1",
    "inception_resnet_v2_paper",
    "xception",
    "resnet50",
)
"""The networks of the family's papers, between what came before and what came beside."""


@cache
def cards() -> dict[str, ModelCard]:
    """Return the cards of all registered models by name."""
    return {name: card for name, (card, _) in load().items()}


def family() -> tuple[ModelCard, ...]:
    """Return the cards of the Inception family, by the year of their source."""
    found = [card for card in cards().values() if card.family == "inception"]
    return tuple(sorted(found, key=lambda card: card.year))


@cache
def compared(subject: str, *references: str) -> Comparison:
    """Hold registered models against each other, each at its own input."""
    return compare(counted(subject), *map(counted, references))


@cache
def judged() -> Ledger:
    """Return all claims with their verdicts."""
    return ledger()
