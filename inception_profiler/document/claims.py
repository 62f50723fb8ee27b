"""Claims as documents: the ledger, and one claim in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Fold,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.claims import ledger_charts
from inception_profiler.records.claim import (
    BETWEEN,
    EQUALS,
    FASTER,
    REFUTED,
    SHARE,
    VERDICTS,
    Finding,
    Judgement,
    Ledger,
    Reading,
    Source,
)
from inception_profiler.units import Unit, scale_for

_LIST = (
    Column("claim", "claim", Unit.TEXT),
    Column("document", "document", Unit.TEXT),
    Column("states", "states", Unit.TEXT),
    Column("measured", "measured", Unit.EXACT),
    Column("unit", "", Unit.TEXT),
    Column("verdict", "verdict", Unit.TEXT),
)
_EXACT = scale_for((), Unit.EXACT).text
_PERCENT = "%"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BY_DEFAULT = "the default, by this package's own rules"


def ledger_document(ledger: Ledger) -> Document:
    """List claims: what each states, what was measured, the verdict; then the documents.

    A claim of several quantities has a row for each and the worst of their verdicts.
    """
    title = "The documents' claims, recomputed"
    counted = [f"{count} {kind}" for kind, count in ledger.verdicts]
    blocks: list[Block] = [Heading(title, 1)]
    blocks.append(Prose(f"{len(ledger.findings)} claims: {', '.join(counted) or 'none of that kind'}."))
    if ledger.findings:
        rows = tuple(row for finding in ledger.findings for row in _rows(finding))
        caption = "Show one with its derivation: inception-profiler claims NAME."
        blocks += [Illustration(ledger_charts, (ledger,)), Table("Claims", _LIST, rows, caption)]
        blocks += [_meanings(), _bibliography(ledger.sources), *map(_folded, ledger.findings)]
    return Document(title, tuple(blocks), ledger)


def claim_document(finding: Finding) -> Document:
    """Show one claim: the quote, the translation, each quantity with its derivation and its verdict."""
    name = finding.claim.name
    return Document(name, (Heading(name, 1), *_in_full(finding)), finding)


def _folded(finding: Finding) -> Fold:
    claim = finding.claim
    return Fold(claim.name, f"{claim.name} – {finding.verdict}: {claim.translation}", _in_full, (finding,))


def _in_full(finding: Finding) -> Iterator[Block]:
    claim = finding.claim
    yield Prose(f"“{claim.quote}”")
    yield Prose(f"In English: {claim.translation}.")
    yield Prose(f"Source: {_cited(claim.source)}.")
    yield Prose(f"Verdict: {_headline(finding)}.")
    for judgement in finding.judgements:
        yield from _quantity(judgement)
    judgements = {judgement.quantity.name: judgement for judgement in finding.judgements}
    for title, readings in (
        ("Layers used", {name: each.reading for name, each in judgements.items()}),
        ("Layers that explain", {name: each.explanation for name, each in judgements.items()}),
    ):
        layers = _layers(title, readings)
        if layers is not None:
            yield layers


def _headline(finding: Finding) -> str:
    """Name the verdict and what it means; of a claim of several parts, in how many of them it is refuted."""
    if finding.verdict == REFUTED and len(finding.judgements) > 1:
        kinds = [judgement.verdict.kind for judgement in finding.judgements]
        return f"{REFUTED} in {kinds.count(REFUTED)} of {len(kinds)} parts"
    return f"{finding.verdict} ({VERDICTS[finding.verdict]})"


def _stated(judgement: Judgement) -> str:
    """Say in English what a part states: what it is of, and the number, as printed where it is in digits."""
    quantity, claimed = judgement.quantity, judgement.claimed
    printed = " ".join(quantity.printed.split())
    if quantity.relation == BETWEEN:
        number = " and ".join(_NUMBER.findall(quantity.bound or printed))
    elif not quantity.bound and printed.isascii():
        number = printed
    else:
        number = "" if claimed is None else _told(claimed, judgement)
    if quantity.relation == FASTER:
        number = FASTER
    elif number and quantity.relation != EQUALS:
        number = f"{quantity.relation} {number}"
    return f"{quantity.meaning}: {number}" if number else quantity.meaning


def _told(claimed: float, judgement: Judgement) -> str:
    value, unit = _people(claimed, "" if judgement.reading is None else judgement.reading.unit)
    return f"{_EXACT(value)}%" if unit == _PERCENT else _EXACT(value)


def _people(value: int | float, unit: str) -> tuple[int | float, str]:
    """Return a number and its unit as people read them: a share in percent."""
    return (100 * value, _PERCENT) if unit == SHARE else (value, unit)


def _rows(finding: Finding) -> Iterator[Row]:
    claim, several = finding.claim, len(finding.judgements) > 1
    if several:
        cells: tuple[Cell, ...] = (
            claim.name,
            claim.source.number or claim.source.name,
            claim.translation,
            None,
            "",
        )
        yield Row((*cells, finding.verdict), strong=True)
    for judgement in finding.judgements:
        quantity, reading = judgement.quantity, judgement.reading
        name = quantity.name if several else claim.name
        document = "" if several else claim.source.number or claim.source.name
        value, unit = (None, "") if reading is None else _people(reading.value, reading.unit)
        yield Row(
            (name, document, _stated(judgement), value, unit, judgement.verdict.kind),
            1 if several else 0,
            strong=not several,
        )


def _quantity(judgement: Judgement) -> Iterator[Block]:
    quantity, verdict = judgement.quantity, judgement.verdict
    yield Heading(f"{quantity.name}: {quantity.printed}", 2)
    share = judgement.reading is not None and judgement.reading.unit == SHARE
    bound = _told(judgement.claimed, judgement) if share and judgement.claimed is not None else quantity.bound
    read = f", read as {quantity.relation} {bound}" if quantity.bound else ""
    yield Prose(f"States: {quantity.meaning}{read}.")
    said = f"{verdict.kind}: {verdict.how}"
    if verdict.convention:
        said += f" [{verdict.convention}]"
    yield Callout("warning" if verdict.kind == REFUTED else "note", f"{said}.")
    if verdict.reason:
        yield Prose(f"Why: {verdict.reason}.")
    elif verdict.kind == REFUTED:
        yield Prose("Why: no arithmetic reason was found.")
    if judgement.measured:
        yield _measured(judgement)
    if judgement.reading is not None:
        yield _derivation(judgement.reading, quantity.name)
    if judgement.explanation is not None:
        yield _derivation(judgement.explanation, f"what explains {quantity.printed}")
    if len(judgement.readings) > 1:
        yield _readings(judgement)


def _measured(judgement: Judgement) -> Table:
    columns = (
        Column("device", "device", Unit.TEXT),
        Column("subject", "subject", Unit.TEXT),
        Column("reference", "against", Unit.TEXT),
        Column("setting", "setting", Unit.TEXT),
        Column("ratio", "latency", Unit.RATIO),
        Column("from", "from", Unit.RATIO),
        Column("to", "to", Unit.RATIO),
    )
    rows = tuple(
        Row((one.device, one.subject, one.reference, one.setting, one.ratio, one.low, one.high))
        for one in judgement.measured
    )
    caption = (
        "Subject / against, in rounds in random order in one process; from and to enclose the true median "
        "with 95% confidence."
    )
    return Table(f"Measured for {judgement.quantity.name}", columns, rows, caption)


def _derivation(reading: Reading, name: str) -> Table:
    columns = (
        Column("step", "step", Unit.TEXT),
        Column("formula", "formula", Unit.TEXT),
        Column("numbers", "with numbers", Unit.TEXT),
        Column("value", "value", Unit.EXACT),
        Column("unit", "", Unit.TEXT),
    )
    rows = tuple(
        Row((step.title, step.formula, step.numbers, *_people(step.value, step.unit)))
        for step in reading.steps
    )
    return Table(f"Derivation of {name}", columns, rows, f"Reading: {reading.convention or _BY_DEFAULT}.")


def _readings(judgement: Judgement) -> Table:
    columns = (
        Column("reading", "reading", Unit.TEXT),
        Column("value", "value", Unit.EXACT),
        Column("unit", "", Unit.TEXT),
        Column("role", "", Unit.TEXT),
    )
    agrees = "explains" if judgement.verdict.kind == REFUTED else "agrees"
    rows = []
    for position, reading in enumerate(judgement.readings):
        decides = position == judgement.decisive
        role = agrees if decides else "something else" if reading.explains else ""
        cells = (reading.convention or _BY_DEFAULT, *_people(reading.value, reading.unit), role)
        rows.append(Row(cells, strong=decides))
    caption = f"In the order in which they were tried. Claimed: {judgement.quantity.printed}."
    return Table(f"Readings of {judgement.quantity.name}", columns, tuple(rows), caption)


def _layers(title: str, readings: Mapping[str, Reading | None]) -> Table | None:
    """Put the layers that derivations used in rows, in execution order, with one column a quantity."""
    used: dict[tuple[str, int, str, str], dict[str, Cell]] = {}
    names = [name for name, reading in readings.items() if reading is not None and reading.layers]
    for name in names:
        reading = readings[name]
        for entry in reading.layers if reading is not None else ():
            used.setdefault((entry.model, entry.index, entry.layer, entry.output), {})[name] = entry.value
    if not used:
        return None
    columns = (
        Column("layer", "layer", Unit.TEXT),
        Column("model", "model", Unit.TEXT),
        Column("output", "output", Unit.TEXT),
        *(Column(name, name, Unit.EXACT) for name in names),
    )
    models = list(dict.fromkeys(model for model, *_ in used))
    order = sorted(used, key=lambda place: (models.index(place[0]), place[1]))
    rows = tuple(
        Row((layer, model, output, *(used[model, index, layer, output].get(name) for name in names)))
        for model, index, layer, output in order
    )
    return Table(title, columns, rows, "Every number comes from a profile.")


def _meanings() -> Table:
    columns = (Column("verdict", "verdict", Unit.TEXT), Column("means", "means", Unit.TEXT))
    return Table("Verdicts", columns, tuple(Row(entry) for entry in VERDICTS.items()))


def _bibliography(sources: tuple[Source, ...]) -> Table:
    columns = tuple(
        Column(key, title, Unit.TEXT)
        for key, title in (("document", "document"), ("number", "number"), ("title", "title"),
                           ("language", "language"), ("address", "address"), ("note", "note"))
    )  # fmt: skip
    rows = tuple(
        Row((source.name, source.number, source.title, source.language, source.address, source.note))
        for source in sources
    )
    return Table("Documents", columns, rows, "The address is given where the document itself tells it.")


def _cited(source: Source) -> str:
    parts = (source.title, source.number, source.note, source.language, source.address)
    return f"{source.name}: {', '.join(filter(None, parts))}"
