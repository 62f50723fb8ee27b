from __future__ import annotations

import inception_profiler as ip
from inception_profiler.claims.verdicts import judge
from inception_profiler.document.blocks import Callout, Document, Prose, Table
from inception_profiler.document.claims import claim_document, ledger_document
from inception_profiler.records.claim import (
    BETWEEN,
    FASTER,
    MORE,
    SHARE,
    Claim,
    Finding,
    Judgement,
    Ledger,
    Quantity,
    Reading,
    Source,
    Step,
    Used,
    Verdict,
)

SOURCE = Source("a-document", "009", "标题", "https://example.org", "zh-Hans", "a note")
USED = Used("net", 2, "conv", "1×1×1", 7)
QUANTITY = Quantity("macs", "418", "MACs of the stem", scale="M")
READINGS = (
    Reading(
        7, "MACs", "", (Step("first", "a + b", "3 + 4", 7, "MACs"),), (Used("net", 2, "conv", "1×1×1", 7),)
    ),
    Reading(5, "MACs", "papers"),
    Reading(9, "MACs", "that of another", (Step("other", "a", "9", 9, "MACs"),), explains=True),
)


def finding(kind: str = "refuted", decisive: int = 2, reason: str = "it is that of another") -> Finding:
    verdict = Verdict(kind, "7, not 418", "", reason)
    claim = Claim("a-claim", SOURCE, "共 418", "418 in all", (QUANTITY,))
    return Finding(claim, (Judgement(QUANTITY, 418, READINGS, decisive, verdict),))


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Prose | Callout))


def tables(document: Document) -> dict[str, Table]:
    return {table.title: table for table in document.tables()}


def test_a_claim_shows_quote_translation_source_verdict_and_reason() -> None:
    text = words(claim_document(finding()))
    for part in (
        "共 418",
        "418 in all",
        "a-document",
        "https://example.org",
        "refuted: 7, not 418",
        "another",
    ):
        assert part in text


def test_a_refutation_without_a_reason_says_so() -> None:
    assert "no arithmetic reason was found" in words(claim_document(finding(decisive=-1, reason="")))


def test_the_derivation_of_the_right_value_and_of_the_explanation_are_shown() -> None:
    shown = tables(claim_document(finding()))
    assert shown["Derivation of macs"].rows[0].cells == ("first", "a + b", "3 + 4", 7, "MACs")
    assert shown["Derivation of what explains 418"].rows[0].cells[3] == 9
    assert [row.cells[3] for row in shown["Readings of macs"].rows] == ["", "", "explains"]
    both = tables(claim_document(ip.verify("stem-vgg16")))
    assert {row.cells[1] for row in both["Layers used"].rows} == {"vgg16", "inception_v1"}
    assert {row.cells[1] for row in both["Layers that explain"].rows} == {"vgg13"}


def test_the_layers_used_are_shown_in_the_order_of_execution() -> None:
    agreed = tables(claim_document(finding("convention", 0, "")))
    assert [row.cells for row in agreed["Layers used"].rows] == [("conv", "net", "1×1×1", 7)]
    real = tables(claim_document(ip.verify("stem-googlenet")))["Layers used"]
    assert [row.cells[0] for row in real.rows][:3] == ["conv1/7x7_s2", "conv1/7x7_s2/relu", "pool1"]
    assert [column.key for column in real.columns][3:] == ["memory", "params", "flops"]


def test_a_speed_that_was_not_measured_says_so() -> None:
    quantity = Quantity("speed", "更快", "time against another", FASTER)
    claim = Claim("fast", SOURCE, "更快", "faster", (quantity,))
    verdict = Verdict("not measured yet", "no latency")
    text = words(claim_document(Finding(claim, (Judgement(quantity, None, READINGS[:1], -1, verdict),))))
    assert "not measured yet: no latency" in text


def test_the_list_has_a_row_a_claim_and_a_row_a_quantity_of_several() -> None:
    shown = tables(ledger_document(Ledger((finding(), ip.verify("stem-size")))))
    rows = [(row.level, row.cells[0], row.cells[5]) for row in shown["Claims"].rows]
    assert rows == [
        (0, "a-claim", "refuted"),
        (0, "stem-size", "exact"),
        (1, "from", "exact"),
        (1, "to", "exact"),
    ]
    assert [row.cells[0] for row in shown["Documents"].rows] == ["a-document", "lecture8-notes"]


def test_the_list_says_in_english_what_each_part_states() -> None:
    shown = tables(ledger_document(Ledger((finding(), ip.verify("asymmetric-fewer-parameters")))))
    assert [row.cells[2] for row in shown["Claims"].rows] == [
        "MACs of the stem: 418",
        ip.verify("asymmetric-fewer-parameters").claim.translation,
        "parameters of 7×1 → 1×7 / one 7×7: less than 1",
        "accuracy with asymmetric convolutions",
    ]


def test_a_claim_of_several_parts_says_in_how_many_it_is_refuted() -> None:
    text = words(claim_document(ip.verify("stem-googlenet")))
    assert "Verdict: refuted in 1 of 3 parts." in text
    assert "Verdict: refuted (does not hold" in words(claim_document(finding()))


def test_of_many_combinations_only_the_nearest_has_a_row() -> None:
    rows = tables(claim_document(ip.verify("stem-googlenet")))["Readings of flops"].rows
    tried = [str(row.cells[0]) for row in rows if "tried" in str(row.cells[0])]
    assert len(tried) == 1
    assert "nearest of 290 other combinations" in tried[0]


def test_a_count_of_many_layers_has_a_row_a_module() -> None:
    found = ip.verify("v4-slower").judgements[3].default
    assert found is not None
    assert len(found.layers) < 20
    assert sum(entry.value for entry in found.layers if entry.model == "inception_v4") == 149


def test_an_empty_ledger_says_so() -> None:
    document = ledger_document(Ledger(()))
    assert "none of that kind" in words(document)
    assert not tables(document)


def test_the_documents_carry_their_results() -> None:
    found = finding()
    assert claim_document(found).result is found
    assert ledger_document(Ledger((found,))).result == Ledger((found,))


def test_a_share_is_read_in_percent() -> None:
    quantity = Quantity("share", "大多数", "share of the first layer", MORE, bound="0.5")
    step = Step("share", "a / b", "5 / 8", 0.625, SHARE)
    claim = Claim("a-claim", SOURCE, "大多数", "most", (quantity,))
    found = Finding(
        claim, (judge(quantity, (Reading(0.625, SHARE, steps=(step,)), Reading(0.25, SHARE, "x"))),)
    )
    assert found.judgements[0].verdict.how == "62.5% > 50%"
    (row,) = tables(ledger_document(Ledger((found,))))["Claims"].rows
    assert row.cells[2:5] == ("share of the first layer: more than 50%", 62.5, "%")
    shown = claim_document(found)
    assert "read as more than 50%" in words(shown)
    assert tables(shown)["Derivation of share"].rows[0].cells[3:] == (62.5, "%")
    assert [row.cells[1:3] for row in tables(shown)["Readings of share"].rows] == [(62.5, "%"), (25.0, "%")]


def test_an_interval_names_both_of_its_ends() -> None:
    for quantity in (
        Quantity("scale", "0.1 到 0.3", "the scale", BETWEEN),
        Quantity("scale", "[0,1.0.3]", "the scale", BETWEEN, bound="0.1 to 0.3"),
    ):
        claim = Claim("a-claim", SOURCE, quantity.printed, "a scale", (quantity,))
        found = Finding(claim, (judge(quantity, (Reading(0.2, "×"),)),))
        (row,) = tables(ledger_document(Ledger((found,))))["Claims"].rows
        assert row.cells[2] == "the scale: between 0.1 and 0.3"
