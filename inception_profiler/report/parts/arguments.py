"""The cost arguments, each worked out with the numbers that it has by default."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from inception_profiler.claims.calculator import argue, load
from inception_profiler.document.argument import argument_document
from inception_profiler.document.blocks import Document
from inception_profiler.document.charts.argument import argument_charts
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part

FOLDER = "arguments"


@part("arguments", "Why it costs that", f"{FOLDER}/*", place=5)
def pages() -> Sequence[Page]:
    """List a page for each argument."""
    return tuple(
        Page(f"{FOLDER}/{name}.md", name, calculator.summary.rstrip("."), partial(_document, name))
        for name, calculator in load().items()
    )


def _document(name: str) -> Document:
    argument = argue(name)
    document = argument_document(argument)
    if not any(argument_charts(argument)):
        return document
    return illustrated(document, f"{name}.svg", argument_charts, argument, after=3)
