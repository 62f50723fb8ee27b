"""The latencies that were measured, for the claims on speed."""

from __future__ import annotations

from pathlib import Path

from inception_profiler.records.archive import load
from inception_profiler.records.claim import SpeedRatio

MEASUREMENTS = Path("reports/measurements")
"""Where a checkout keeps what was measured: one `SpeedRatio` a file."""


def measured(subject: str, reference: str, folder: Path = MEASUREMENTS) -> SpeedRatio | None:
    """Return the measured ratio of two models; None where ``folder`` holds none.

    A ratio of the same two the other way round is turned over; of several, that of the first file counts.

    Raises:
        ArchiveError: a file in ``folder`` is not a result of ours.
    """
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        found = load(path)
        if not isinstance(found, SpeedRatio):
            continue
        if (found.subject, found.reference) == (subject, reference):
            return found
        if (found.reference, found.subject) == (subject, reference):
            return SpeedRatio(
                subject,
                reference,
                1 / found.ratio,
                1 / found.high,
                1 / found.low,
                found.device,
                found.setting,
            )
    return None
