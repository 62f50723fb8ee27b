"""Every claim of the ledger: it stands in its document, and its verdict is what was reviewed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.claims.bibliography import SOURCES, document
from inception_profiler.claims.ledger import CLAIMS, enter, load
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.claim import RELATIONS, VERDICTS, Quantity, Reading, Source
from tests.conftest import GOLDEN

NAMES = tuple(load())
REVIEWED = GOLDEN / "claims.tsv"
HEADER = "claim\tdocument\tquantity\tstates\tmeasured\tunit\tverdict\thow\tconvention\treason"


def lines(finding: ip.Finding) -> list[str]:
    """Write a finding down: one line a quantity, with all that the verdict rests on."""
    found = []
    for judgement in finding.judgements:
        quantity, verdict, reading = judgement.quantity, judgement.verdict, judgement.reading
        value, unit = ("", "") if reading is None else (f"{reading.value:.10g}", reading.unit)
        if reading is not None and isinstance(reading.value, int):
            value = str(reading.value)
        source = finding.claim.source
        cells = (
            finding.claim.name,
            source.number or source.name,
            quantity.name,
            quantity.printed,
            value,
            unit,
        )
        found.append("\t".join((*cells, verdict.kind, verdict.how, verdict.convention, verdict.reason)))
    return found


def test_the_ledger_is_as_it_was_reviewed(golden: Callable[[str, bytes], None]) -> None:
    written = [line for finding in ip.ledger().findings for line in lines(finding)]
    golden(REVIEWED.name, "\n".join((HEADER, *written, "")).encode())


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_has_the_verdict_and_the_value_that_the_ledger_shows(name: str) -> None:
    shown = [line for line in REVIEWED.read_text().splitlines() if line.startswith(f"{name}\t")]
    assert lines(ip.verify(name)) == shown


@pytest.mark.parametrize("name", NAMES)
def test_a_quote_stands_in_its_document_word_for_word(name: str, shared: Path) -> None:
    claim = ip.verify(name).claim
    if claim.source.number:
        (path,) = (shared / "documents").glob(f"{claim.source.number}_*.txt")
    else:
        path = shared / "published_tables.md"
    assert claim.quote in path.read_text(encoding="utf-8")


def test_the_same_quote_of_two_documents_has_the_same_verdicts() -> None:
    same: dict[str, list[str]] = {}
    for name in NAMES:
        quote = unicodedata.normalize("NFKC", CLAIMS.get(name).claim.quote)
        same.setdefault("".join(quote.split()), []).append(name)
    several = [names for names in same.values() if len(names) > 1]
    assert ["gitbook-keras-same-padding", "keras-same-padding"] in map(sorted, several)
    for names in several:
        found = [
            [(each.claimed, each.decisive, each.verdict) for each in ip.verify(name).judgements]
            for name in names
        ]
        assert all(other == found[0] for other in found), names


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_hangs_together(name: str) -> None:
    finding = ip.verify(name)
    claim = finding.claim
    assert claim.translation.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in claim.translation)
    names = [quantity.name for quantity in claim.quantities]
    assert len(set(names)) == len(names)
    assert finding.verdict in VERDICTS
    for judgement in finding.judgements:
        quantity = judgement.quantity
        assert quantity.relation in RELATIONS
        assert quantity.printed in claim.quote
        assert quantity.meaning
        conventions = [reading.convention for reading in judgement.readings]
        assert conventions[:1] in ([], [""])
        assert all(conventions[1:]), "only the first reading is the default"
        for reading in judgement.readings:
            assert all(step.value == step.value for step in reading.steps)
            if reading.steps:
                assert reading.steps[-1].value == reading.value
        assert judgement.reading is None or judgement.reading.steps, "what is measured is derived"
    assert loads(dumps(finding)) == finding


def test_the_worst_verdict_is_that_of_the_claim() -> None:
    for finding in ip.ledger().findings:
        kinds = {judgement.verdict.kind for judgement in finding.judgements}
        assert finding.verdict == [kind for kind in VERDICTS if kind in kinds][-1]


def test_a_ledger_is_selected_by_document_and_by_verdict() -> None:
    everything = ip.ledger().findings
    assert ip.ledger("001") == ip.ledger("lecture8-notes")
    chosen = ip.ledger("001", "refuted").findings
    assert chosen
    assert chosen == tuple(
        finding
        for finding in everything
        if finding.claim.source.number == "001" and finding.verdict == "refuted"
    )


def test_what_was_found_is_the_same_after_it_was_saved_and_loaded(tmp_path: Path) -> None:
    for number, result in enumerate((ip.ledger("001"), ip.verify("stem-vgg16"))):
        result.save(tmp_path / f"{number}.json")
        assert ip.load(tmp_path / f"{number}.json") == result


def test_the_five_documents_are_known_by_name_and_number() -> None:
    names = (
        "csdn-googlenet", "lecture8-notes", "gitbook-googlenet", "csdn-inception-v4", "cnblogs-googlenet",
    )  # fmt: skip
    for number, name in enumerate(names):
        assert document(name) is document(f"00{number}") is SOURCES.get(name)


def test_a_title_stands_in_its_document(shared: Path) -> None:
    for source in SOURCES.values():
        if source.number:
            (path,) = (shared / "documents").glob(f"{source.number}_*.txt")
            written = path.read_text(encoding="utf-8")
            assert source.title in written
            assert source.address in written


def test_unknown_names_suggest() -> None:
    with pytest.raises(UnknownNameError, match="stem-googlenet"):
        ip.verify("stem-googlnet")
    with pytest.raises(UnknownNameError, match="lecture8-notes"):
        ip.ledger("lecture-notes")
    with pytest.raises(InputError, match="exact, rounded"):
        ip.ledger(verdict="wrong")


SOURCE = Source("s", "", "t", "", "en")


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ((), "at least one quantity"),
        (((Quantity("q", "4", "m"), tuple),), "does not stand in the quote"),
        ((Quantity("q", "3", "m"),), "either reported or has a lens"),
        (((Quantity("q", "3", "m", reported="r"), tuple),), "either reported or has a lens"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_not_entered(stated: tuple[object, ...], says: str) -> None:
    before = tuple(CLAIMS)
    with pytest.raises(InputError, match=says):
        enter("test-only", SOURCE, "3 of them", "3 of them", *stated)
    assert tuple(CLAIMS) == before


def test_a_speed_lens_shows_counts() -> None:
    from inception_profiler.claims.ledger import Speed

    counts = (Reading(1, "MACs"),)
    assert Speed("a", "b", lambda: counts)() == counts
