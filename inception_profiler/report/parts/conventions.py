"""One network as every tool counts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.analysis.conventions.translate import translation
from inception_profiler.claims.derive import counted
from inception_profiler.document.blocks import Document
from inception_profiler.document.chart import Chart
from inception_profiler.document.charts.conventions import convention_charts
from inception_profiler.document.conventions import translation_document
from inception_profiler.records.convention import Explanation
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part

MODELS = ("resnet50", "vgg16", "alexnet_torchvision")
NINE = (
    "paper",
    "flopcounter",
    "calflops",
    "fvcore",
    "torchprofile",
    "torchinfo",
    "ptflops-aten",
    "ptflops",
    "thop",
)
"""The conventions that give nine different numbers."""


@part("conventions", "One network, nine numbers", place=6)
def pages() -> Sequence[Page]:
    """List the page."""
    about = "the number of every tool to the unit, and what it is made of, operation by operation"
    return (Page("conventions.md", f"{MODELS[0]} as {len(NINE)} tools count it", about, document),)


def document() -> Document:
    """Show the number of each tool for each model, and where those of the first part."""
    found = translation(map(counted, MODELS), NINE)
    document = translation_document(found)
    return illustrated(document, "conventions.svg", _pictures, *found.models, after=1 + len(MODELS))


def _pictures(*models: Explanation) -> Iterator[Chart]:
    """Show the numbers of the first, and those of all beside each other."""
    yield from convention_charts(models[0])
    yield from convention_charts(*models)
