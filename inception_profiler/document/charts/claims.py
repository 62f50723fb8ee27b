"""Charts of the ledger: how the claims of each document were judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inception_profiler.document.chart import BARS, STACKED, Axis, Chart, Point, Series
from inception_profiler.records.claim import VERDICTS, Ledger, Source
from inception_profiler.units import Unit


def ledger_charts(ledger: Ledger) -> Iterator[Chart]:
    """Yield the overview of the verdicts."""
    if ledger.findings:
        yield verdicts(ledger)


def verdicts(ledger: Ledger) -> Chart:
    """Show how many claims of each document have each verdict, end to end."""
    counts = Counter((finding.claim.source, finding.verdict) for finding in ledger.findings)
    kinds = [kind for kind, _ in ledger.verdicts]
    return Chart(
        "verdicts",
        "What the documents claim, recomputed",
        Axis("claims", Unit.COUNT, "number"),
        Axis("document", Unit.TEXT, categories=tuple(map(_name, ledger.sources))),
        tuple(
            Series(
                kind,
                BARS,
                tuple(
                    Point(counts[source, kind], place)
                    for place, source in enumerate(ledger.sources)
                    if counts[source, kind]
                ),
                kind,
            )
            for kind in kinds
        ),
        STACKED,
        caption=" ".join(f"{kind.capitalize()}: {VERDICTS[kind]}." for kind in kinds),
        source="A claim of several quantities has the worst of their verdicts.",
    )


def _name(source: Source) -> str:
    return f"{source.number} · {source.name}" if source.number else source.name
