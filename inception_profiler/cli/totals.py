"""The default lens of ``profile``: totals, spending by feature-map size, layers."""

from __future__ import annotations

from inception_profiler.cli.output import deliver
from inception_profiler.cli.request import Request


def totals(request: Request) -> int:
    """Show what the model costs, alone or against the others."""
    from inception_profiler.analysis.compare import compare
    from inception_profiler.analysis.profile import counted
    from inception_profiler.document.profile import comparison_document, profile_document

    subject, *references = profiles = tuple(map(counted, request.subjects()))
    if references:
        deliver(comparison_document(compare(subject, *references), request.view), request.paths)
    else:
        deliver(profile_document(subject, request.view), request.paths)
    return request.status(profiles)
