"""Compare a subject with references."""

from __future__ import annotations

from inception_profiler.records.comparison import Comparison, align
from inception_profiler.records.profile import Profile


def compare(subject: Profile, reference: Profile, *more: Profile) -> Comparison:
    """Hold ``subject`` against one or more references, in total and by feature-map size."""
    references = (reference, *more)
    return Comparison(subject, references, align((subject, *references)))
