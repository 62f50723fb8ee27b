"""The memory lens of ``profile``: what a run needs, which batch fits, and what the allocator gives."""

from __future__ import annotations

from inception_profiler.cli.output import deliver
from inception_profiler.cli.request import Request
from inception_profiler.errors import InputError


def memory(request: Request, *, optimizer: str, foreach: bool, budget: str, measure: bool) -> int:
    """Show the memory of the models.

    Raises:
        InputError: options that do not go together.
    """
    from inception_profiler.analysis.memory.largest import fitted
    from inception_profiler.analysis.memory.lens import remembered
    from inception_profiler.analysis.memory.measure import measured
    from inception_profiler.document.allocation import allocation_document
    from inception_profiler.document.fit import fit_document
    from inception_profiler.document.memory import memory_comparison_document, memory_document
    from inception_profiler.records.memory import MemoryComparison

    if (optimizer or foreach) and not request.train:
        raise InputError("an optimizer has a part in training only: add --train")
    if (budget or measure) and len(request.models) > 1:
        raise InputError("--largest-batch and --measure look at one model: leave out --vs")
    if budget and (measure or request.batch is not None):
        raise InputError("--largest-batch finds the batch: leave out --measure and --batch")
    chosen = optimizer or ("sgd" if request.train else "")
    subject, *references = request.subjects()
    if budget:
        document = fit_document(fitted(subject, budget, optimizer=chosen, foreach=foreach))
    elif measure:
        document = allocation_document(measured(subject, optimizer=chosen, foreach=foreach))
    else:
        first, *others = [
            remembered(about, optimizer=chosen, foreach=foreach) for about in (subject, *references)
        ]
        top = request.view.top
        document = (
            memory_comparison_document(MemoryComparison(first, tuple(others)), top=top)
            if others
            else memory_document(first, top=top)
        )
    deliver(document, request.paths)
    return 0
