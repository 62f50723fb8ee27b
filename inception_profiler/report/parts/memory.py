"""What must fit into memory to train, and to run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from inception_profiler.analysis.memory.lens import memory
from inception_profiler.document.blocks import Document
from inception_profiler.document.charts.memory import memory_charts
from inception_profiler.document.memory import memory_comparison_document
from inception_profiler.records.memory import MemoryComparison
from inception_profiler.report.facts import REFERENCE
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part

SUBJECT = "inception_v1"
BATCH = 32


@part("memory", "Memory", place=3)
def pages() -> Sequence[Page]:
    """List a page for training and one for inference."""
    return (
        Page(
            "training-memory.md",
            "A step of training",
            f"what {SUBJECT} and {REFERENCE} need at batch {BATCH} with Adam, call by call",
            partial(_document, "training-memory.svg", train=True),
        ),
        Page(
            "inference-memory.md",
            "One inference",
            f"what {SUBJECT} and {REFERENCE} need for one image, call by call",
            partial(_document, "inference-memory.svg", train=False),
        ),
    )


def _document(file: str, *, train: bool) -> Document:
    found = [
        memory(model, batch=BATCH, train=True, optimizer="adam") if train else memory(model)
        for model in (SUBJECT, REFERENCE)
    ]
    document = memory_comparison_document(MemoryComparison(found[0], (found[1],)))
    return illustrated(document, file, memory_charts, *found, after=5)
