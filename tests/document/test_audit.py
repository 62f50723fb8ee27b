"""An audit in words."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.audit import audit_document, verdict
from inception_profiler.document.blocks import Callout
from tests.fixed import audited


def test_agreement_is_one_line_with_the_numbers() -> None:
    assert verdict(audited()) == (
        "small: 30,208 MACs forward and 32,768 backward; 2 of 3 engines counted and agree in all 2 modules, "
        "but for declared faults of an engine in 1 of them."
    )


def test_disagreement_is_a_warning_that_names_the_modules() -> None:
    document = audit_document(audited(wrong=True))
    first = next(block for block in document.blocks if isinstance(block, Callout))
    assert first.kind == "warning"
    assert first.text.endswith("differ in 1 of 2 modules: fc.")
    _, modules = document.tables()
    assert [row.cells[-1] for row in modules.rows] == [
        "known fault: FlopCounterMode",
        "DIFFERS: operators",
    ]
    assert [row.strong for row in modules.rows] == [False, True]


def test_engines_say_what_came_of_them() -> None:
    engines, _ = audit_document(audited(wrong=True)).tables()
    assert [row.cells[-1] for row in engines.rows] == [
        "",
        "differs in 1 of 2 modules",
        "agrees, but for a known fault in 1 of 2 modules: weight gradients × groups",
        "could not count: fvcore is not installed: pip install fvcore",
    ]


def test_no_opinion_is_no_agreement() -> None:
    audit = audited()
    silent = replace(audit, engines=audit.engines[2:], rows=())
    assert not silent.agrees
    assert verdict(silent) == "There is no second opinion on small: no engine could count it."


def test_what_nobody_prices_is_said() -> None:
    texts = [block.text for block in audit_document(audited()).blocks if isinstance(block, Callout)]
    assert any("aten::_fft_r2c" in text for text in texts)
