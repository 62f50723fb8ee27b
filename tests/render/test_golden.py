"""One small fixed profile through every renderer, against golden files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inception_profiler.document.allocation import allocation_document
from inception_profiler.document.argument import argument_document
from inception_profiler.document.audit import audit_document
from inception_profiler.document.blocks import Document
from inception_profiler.document.check import check_document
from inception_profiler.document.claims import claim_document, ledger_document
from inception_profiler.document.conventions import explanation_document, translation_document
from inception_profiler.document.difference import difference_document
from inception_profiler.document.fit import fit_document
from inception_profiler.document.latency import benchmark_document
from inception_profiler.document.measurements import measurements_document
from inception_profiler.document.memory import memory_comparison_document, memory_document
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.document.roofline import roofline_document
from inception_profiler.document.scaling import sweep_document
from inception_profiler.records.claim import Ledger
from inception_profiler.records.comparison import Comparison, align
from inception_profiler.records.convention import Translation
from inception_profiler.records.memory import MemoryComparison
from inception_profiler.records.scaling import Sweep
from inception_profiler.render import formats, terminal
from inception_profiler.render.report import kinds
from tests import fixed_guard
from tests.document.test_claims import finding
from tests.document.test_conventions import explained
from tests.document.test_scaling import curve
from tests.fixed import audited, small, weighed
from tests.fixed_charts import CHARTS
from tests.fixed_latency import alone, raced
from tests.fixed_memory import allocated, fitted, remembered
from tests.fixed_roofline import timed
from tests.fixed_sweep import swept

PAIR = (small(), small("larger", scale=3))
DOCUMENTS = {
    "profile": profile_document(PAIR[0]),
    "audit": audit_document(audited()),
    "argument": argument_document(weighed()),
    "argument.parts": argument_document(weighed(parts=True)),
    "charts": Document("Charts", tuple(CHARTS.values())),
    "comparison": comparison_document(Comparison(PAIR[0], (PAIR[1],), align(PAIR))),
    "memory": memory_document(remembered(fallback="on random numbers, because it asks for values")),
    "memory.training": memory_document(remembered(trained=True), top=2),
    "memory.comparison": memory_comparison_document(MemoryComparison(remembered(), (remembered("other"),))),
    "latency": benchmark_document(raced()),
    "roofline": roofline_document(timed()),
    "roofline.host": roofline_document(timed(host=True), top=3),
    "latency.alone": benchmark_document(alone()),
    "fit": fit_document(fitted()),
    "allocation": allocation_document(allocated()),
    "allocation.wrong": allocation_document(allocated(wrong=True)),
    "check": check_document(fixed_guard.check()),
    "difference": difference_document(fixed_guard.difference(), top=4),
    "claim": claim_document(finding()),
    "ledger": ledger_document(Ledger((finding(), finding("exact", 0)))),
    "explanation": explanation_document(explained()),
    "translation": translation_document(Translation((explained(), explained("other", scale=3)))),
    "scaling": sweep_document(Sweep((curve("a"), curve("b"), curve("a", "batch")))),
    "measurements": measurements_document((swept(),)),
}
OWN = frozenset({".png", ".svg", ".pdf", ".html"})
"""Formats whose bytes depend on the version of a library: their content is tested in a file of its own."""
WAYS: dict[str, Callable[[Document], bytes]] = {
    **{suffix: render for suffix, render in formats.load().items() if suffix not in OWN},
    ".wide.txt": lambda document: terminal.render(document, width=120),
    ".narrow.txt": lambda document: terminal.render(document, width=60),
    ".color.txt": lambda document: terminal.render(document, width=100, color="truecolor"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_format_is_as_it_was(name: str, way: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"{name}{way}", WAYS[way](DOCUMENTS[name]))


@pytest.mark.parametrize("name", kinds.load())
def test_every_report_is_as_it_was(name: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"check.{name}", kinds.load().get(name)(fixed_guard.check()))


@pytest.mark.parametrize("way", WAYS)
def test_a_renderer_does_not_print(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert WAYS[way](DOCUMENTS["profile"])
    assert capsys.readouterr() == ("", "")
