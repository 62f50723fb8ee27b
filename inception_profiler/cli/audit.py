"""``profile MODEL --audit``: a second opinion on the counts."""

from __future__ import annotations

from inception_profiler.cli.output import deliver
from inception_profiler.cli.request import UNKNOWN_OPERATIONS, Request
from inception_profiler.errors import InputError

DISAGREEMENT = 4
"""Exit status where an engine counts otherwise, or none could count at all."""


def audit(request: Request) -> int:
    """Count one model again by independent engines and show where they agree.

    Raises:
        InputError: more than one model.
    """
    if len(request.models) > 1:
        raise InputError("--audit looks at one model: leave --vs out")
    from inception_profiler.analysis.audit.agreement import audited
    from inception_profiler.document.audit import audit_document

    (subject,) = request.subjects()
    result = audited(subject)
    deliver(audit_document(result), request.paths)
    if not result.agrees:
        return DISAGREEMENT
    return UNKNOWN_OPERATIONS if request.strict and result.unpriced else 0
