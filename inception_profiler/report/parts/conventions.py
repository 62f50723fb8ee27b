"""One network as every tool counts it."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.analysis.conventions.translate import translation
from inception_profiler.claims.derive import counted
from inception_profiler.document.blocks import Document
from inception_profiler.document.conventions import translation_document
from inception_profiler.report.page import Page
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
    return translation_document(translation(map(counted, MODELS), NINE))
