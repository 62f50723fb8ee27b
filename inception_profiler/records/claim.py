"""What a document claims about cost, size, depth or speed, and what the counters find."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record

EXACT = "exact"
ROUNDED = "rounded"
CONVENTION = "convention"
REFUTED = "refuted"
REPORTED = "reported"
MEASURED = "measured here"
UNMEASURED = "not measured yet"

VERDICTS = {
    REPORTED: "history or accuracy: taken from its source, not computed",
    EXACT: "holds as stated",
    ROUNDED: "equal at the precision that is printed; truncation is told apart",
    MEASURED: "a speed, measured on the devices and in the settings that are named",
    CONVENTION: "equal under a counting convention that is named, and not under the default",
    UNMEASURED: "a speed of which no measurement is at hand; the counts are shown meanwhile",
    REFUTED: "does not hold, by any convention that was tried",
}
"""Every verdict and what it means, from the best to the worst: a claim has the worst of its quantities."""

EQUALS = "equals"
MORE = "more than"
LESS = "less than"
AT_LEAST = "at least"
BETWEEN = "between"
ABOUT = "about"
FASTER = "faster"
RELATIONS = (EQUALS, MORE, LESS, AT_LEAST, BETWEEN, ABOUT, FASTER)

CLOSE = Fraction(11, 10)
"""By what factor two costs may differ that a document calls close (接近, 相当, 差不多): `ABOUT`.

A tenth, one choice for all claims: less would refute figures that documents round to one digit, and more
would call generations of a network alike, which are a factor of two apart (Inception-v3 and v4: 2.1). What is
*notably* more or less (明显, 显著) lies beyond it."""

SHARE = "share"
"""The unit of a part of a whole: its value is between 0 and 1, and people read it in percent."""

DEFAULT = ""
"""The convention of a count that follows this package's own rules."""


@record
class Source:
    """A document that makes claims.

    Attributes:
        name: what a reader calls it: ``lecture8-notes``.
        number: the short form, ``001``; empty for papers and slides.
        title: in its own language.
        address: where it was published, as far as the document itself tells it; empty where it does not.
        language: a BCP 47 tag, ``zh-Hans``.
        note: what else a reader should know, such as that its numbers were transcribed from memory.
    """

    name: str
    number: str
    title: str
    address: str
    language: str
    note: str = ""


@record
class Quantity:
    """One thing that a claim states and that can be judged.

    Attributes:
        name: its name within the claim.
        printed: the words or digits of the quote that state it.
        meaning: what it is, in English, with the model and the unit.
        relation: one of `RELATIONS`: how the measured value must stand to the number in ``printed``.
        scale: the prefix or unit that the document prints elsewhere, as in ``MFLOP: 418``: ``M``.
        bound: what words without a number are read as, exactly: ``0.5`` for "concentrated in", 1 for "fewer".
        reported: for history and accuracy, which are not computed: where the figure comes from.
        to_the_unit: whether zeros at the end of the number count as digits, as that of 380K does in a column
            of such numbers.
    """

    name: str
    printed: str
    meaning: str
    relation: str = EQUALS
    scale: str = ""
    bound: str = ""
    reported: str = ""
    to_the_unit: bool = False


@record
class Claim:
    """A statement of a document, word for word.

    Attributes:
        name: its name in the ledger.
        source: the document.
        quote: verbatim, in the original language.
        translation: in English.
        quantities: what it states.
    """

    name: str
    source: Source
    quote: str
    translation: str
    quantities: tuple[Quantity, ...]


@record
class Step:
    """One step of a derivation: ``title`` is ``formula``, with ``numbers`` put in, which gives ``value``."""

    title: str
    formula: str
    numbers: str
    value: int | float
    unit: str


@record
class Used:
    """A layer that a derivation used, with what it contributed; ``index`` is its place in the execution."""

    model: str
    index: int
    layer: str
    output: str
    value: int | float


@record
class Reading:
    """One way to measure a quantity.

    Attributes:
        value: what is measured, in base units.
        unit: of the value: ``MACs``, ``bytes``, ``×``, or `SHARE`.
        convention: the rule that differs from the default; `DEFAULT` where none does.
        steps: how the value comes about.
        layers: the layers it was added up from.
        explains: whether it measures something else than the claim says, to show where a wrong figure comes
            from: another network, a quotient of printed numbers.
    """

    value: int | float
    unit: str
    convention: str = DEFAULT
    steps: tuple[Step, ...] = ()
    layers: tuple[Used, ...] = ()
    explains: bool = False


@record
class Verdict:
    """What the rule says of a quantity.

    Attributes:
        kind: one of `VERDICTS`.
        how: how the measured value stands to the printed one, in words.
        convention: the rule under which it holds, where that is not the default.
        reason: why the printed figure is wrong, where that can be shown.
    """

    kind: str
    how: str
    convention: str = ""
    reason: str = ""


@record
class SpeedRatio(Shown):
    """How long a subject takes against a reference, both measured side by side on one device.

    Attributes:
        subject: a model, as it is spelled.
        reference: what it is held against.
        ratio: latency of the subject / latency of the reference, the median of all rounds.
        low: lower end of its interval.
        high: upper end of its interval.
        device: what it was measured on.
        setting: batch, dtype, and what else was not as usual.
    """

    subject: str
    reference: str
    ratio: float
    low: float
    high: float
    device: str
    setting: str


@record
class Judgement:
    """A quantity with all its readings and its verdict.

    Attributes:
        quantity: what was claimed.
        claimed: the claimed number in base units, or the bound of a comparison; None where there is none.
        readings: every way it was measured: the default, then the conventions in the order they were tried,
            then what else was tried to explain the figure.
        decisive: position of the reading that the verdict rests on: of the one that agrees or, where none
            does, of the one that explains the figure; -1 where there is none.
        verdict: by rule.
        measured: for a speed, every ratio that was measured here, device by device.
    """

    quantity: Quantity
    claimed: int | float | None
    readings: tuple[Reading, ...]
    decisive: int
    verdict: Verdict
    measured: tuple[SpeedRatio, ...] = ()

    @property
    def default(self) -> Reading | None:
        """The reading by this package's own rules."""
        return self.readings[0] if self.readings else None

    @property
    def reading(self) -> Reading | None:
        """The reading that gives the right value: the one that agrees, or else the default."""
        if self.decisive >= 0 and self.verdict.kind != REFUTED:
            return self.readings[self.decisive]
        return self.default

    @property
    def explanation(self) -> Reading | None:
        """The reading that shows where a refuted figure comes from, if one does."""
        return self.readings[self.decisive] if self.decisive >= 0 and self.verdict.kind == REFUTED else None


@record
class Finding(Shown):
    """A claim with the judgement of each of its quantities."""

    _told = ("verdict",)

    claim: Claim
    judgements: tuple[Judgement, ...]

    @property
    def verdict(self) -> str:
        """The worst verdict among the quantities, by the order of `VERDICTS`."""
        order = list(VERDICTS)
        return max((judgement.verdict.kind for judgement in self.judgements), key=order.index)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the finding as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


@record
class Ledger(Shown):
    """Several findings, in the order of the documents."""

    _told = ("verdicts",)

    findings: tuple[Finding, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents, each once."""
        return tuple({finding.claim.source: None for finding in self.findings})

    @property
    def verdicts(self) -> tuple[tuple[str, int], ...]:
        """How many claims have each verdict, in the order of `VERDICTS`; those that occur."""
        counts = Counter(finding.verdict for finding in self.findings)
        return tuple((kind, counts[kind]) for kind in VERDICTS if counts[kind])

    def save(self, path: str | PathLike[str]) -> None:
        """Write the ledger as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
