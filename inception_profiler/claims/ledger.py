"""The registry of claims, and how a claim is entered, judged and selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from inception_profiler.claims.bibliography import document as document_of
from inception_profiler.claims.measurements import measured
from inception_profiler.claims.verdicts import judge
from inception_profiler.errors import InputError
from inception_profiler.records.claim import (
    VERDICTS,
    Claim,
    Finding,
    Judgement,
    Ledger,
    Quantity,
    Reading,
    Source,
    SpeedRatio,
)
from inception_profiler.records.frozen import record
from inception_profiler.registry import Registry, discover

Lens = Callable[[], Sequence[Reading]]


@record
class Speed:
    """How a claim on speed is measured: by two latencies; the counts stand in until there are any.

    Attributes:
        subject: a model, as the points of the sweep spell it.
        reference: what it is held against.
        counts: what is shown beside, or meanwhile.
        train: whether the claim is on steps of training.
        also: pairs that it may mean as well, such as a network as it was released.
    """

    subject: str
    reference: str
    counts: Lens
    train: bool = False
    also: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs that are measured for it."""
        return ((self.subject, self.reference), *self.also)

    def measured(self) -> tuple[SpeedRatio, ...]:
        """Return the ratios of all pairs that were measured."""
        return tuple(
            ratio
            for subject, reference in self.pairs
            for ratio in measured(subject, reference, train=self.train)
        )

    def __call__(self) -> Sequence[Reading]:
        """Return the counts."""
        return self.counts()


class Entry(NamedTuple):
    """A claim with the lens of each of its quantities; None for what is reported."""

    claim: Claim
    lenses: tuple[Lens | None, ...]


CLAIMS: Registry[str, Entry] = Registry("claim")


def enter(
    name: str, source: Source, quote: str, translation: str, *stated: Quantity | tuple[Quantity, Lens]
) -> None:
    """Enter a claim; each quantity comes with the lens that measures it, unless it is reported.

    Raises:
        DuplicateNameError: the name is taken.
        InputError: a quantity is not printed in the quote, or lacks its lens.
    """
    pairs = [each if isinstance(each, tuple) else (each, None) for each in stated]
    if not pairs:
        raise InputError(f"{name}: a claim states at least one quantity")
    for quantity, lens in pairs:
        if quantity.printed not in quote:
            raise InputError(f"{name}: {quantity.printed!r} does not stand in the quote")
        if (lens is None) != bool(quantity.reported):
            raise InputError(f"{name}: {quantity.name} is either reported or has a lens")
    claim = Claim(name, source, quote, translation, tuple(quantity for quantity, _ in pairs))
    CLAIMS.add(name, Entry(claim, tuple(lens for _, lens in pairs)))


def load() -> Registry[str, Entry]:
    """Import every document's claims and return the filled registry."""
    discover(f"{__package__}.documents")
    return CLAIMS


def verify(name: str) -> Finding:
    """Measure one claim and judge it.

    Args:
        name: of the claim, as in `ledger`.

    Raises:
        UnknownNameError: no such claim; the nearest names are suggested.
    """
    return _found(load().get(name))


def ledger(document: str = "", verdict: str = "") -> Ledger:
    """Measure and judge the claims of the documents.

    Args:
        document: the name or number of the only document wanted: ``lecture8-notes``, ``001``.
        verdict: the only verdict wanted: ``refuted``.

    Raises:
        UnknownNameError: no such document.
        InputError: no such verdict.
    """
    if verdict and verdict not in VERDICTS:
        raise InputError(f"unknown verdict {verdict!r}: choose {', '.join(VERDICTS)}")
    entries = load().values()
    wanted = document_of(document) if document else None
    findings = (_found(entry) for entry in entries if wanted is None or entry.claim.source == wanted)
    chosen = (finding for finding in findings if verdict in {"", finding.verdict})
    return Ledger(tuple(sorted(chosen, key=_place)))


def _place(finding: Finding) -> tuple[str, str]:
    """Sort by document, papers and slides last, then by name: not by what happened to be imported first."""
    source = finding.claim.source
    return (source.number or f"~{source.name}", finding.claim.name)


def _found(entry: Entry) -> Finding:
    pairs = zip(entry.claim.quantities, entry.lenses, strict=True)
    return Finding(entry.claim, tuple(_judged(quantity, lens) for quantity, lens in pairs))


def _judged(quantity: Quantity, lens: Lens | None) -> Judgement:
    if lens is None:
        return judge(quantity)
    return judge(quantity, lens(), lens.measured() if isinstance(lens, Speed) else None)
