"""The document of any result: what notebooks show without being asked for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from inception_profiler.document.allocation import allocation_document
from inception_profiler.document.argument import argument_document
from inception_profiler.document.audit import audit_document
from inception_profiler.document.blocks import Cell, Column, Document, Heading, Row, Table
from inception_profiler.document.check import check_document
from inception_profiler.document.claims import claim_document, ledger_document
from inception_profiler.document.conventions import explanation_document, translation_document
from inception_profiler.document.coverage import coverage_table
from inception_profiler.document.difference import difference_document
from inception_profiler.document.fit import fit_document
from inception_profiler.document.latency import benchmark_document
from inception_profiler.document.measurements import measurements_document
from inception_profiler.document.memory import memory_comparison_document, memory_document
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.document.roofline import roofline_document
from inception_profiler.document.scaling import sweep_document
from inception_profiler.records.allocation import Allocated
from inception_profiler.records.archive import Result
from inception_profiler.records.argument import Argument
from inception_profiler.records.audit import Audit
from inception_profiler.records.check import Check
from inception_profiler.records.claim import Finding, Ledger
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.convention import Explanation, Translation
from inception_profiler.records.coverage import Coverage
from inception_profiler.records.difference import Difference
from inception_profiler.records.fit import Fit
from inception_profiler.records.latency import Benchmark, Measurement
from inception_profiler.records.memory import Memory, MemoryComparison
from inception_profiler.records.profile import Profile
from inception_profiler.records.roofline import Roofline
from inception_profiler.records.scaling import Scaling, Sweep
from inception_profiler.records.sweep import Measurements, Outcome
from inception_profiler.units import Unit

_DOCUMENTS: dict[type, Callable[[Any], Document]] = {
    Allocated: allocation_document,
    Argument: argument_document,
    Audit: audit_document,
    Benchmark: benchmark_document,
    Check: check_document,
    Comparison: comparison_document,
    Coverage: lambda found: Document(f"Coverage of {found.model}", (coverage_table((found,)),), found),
    Difference: difference_document,
    Explanation: explanation_document,
    Finding: claim_document,
    Fit: fit_document,
    Ledger: ledger_document,
    Measurement: lambda row: benchmark_document(Benchmark((row,))),
    Measurements: lambda found: measurements_document((found,)),
    Memory: memory_document,
    MemoryComparison: memory_comparison_document,
    Outcome: lambda one: measurements_document((Measurements(one.point.device or "cpu", None, (one,)),)),
    Profile: profile_document,
    Roofline: roofline_document,
    Scaling: lambda curve: sweep_document(Sweep((curve,))),
    Sweep: sweep_document,
    Translation: translation_document,
}


def document_of(result: Result) -> Document:
    """Return the document that shows a result; what has none of its own is shown field by field."""
    return _DOCUMENTS.get(type(result), _by_field)(result)


def _by_field(result: Result) -> Document:
    columns = (Column("field", "field", Unit.TEXT), Column("value", "value", Unit.TEXT))
    rows = tuple(Row((field.name, _said(getattr(result, field.name)))) for field in fields(result))
    title = type(result).__name__
    return Document(title, (Heading(title, 1), Table("Fields", columns, rows)), result)


def _said(value: object) -> Cell:
    if isinstance(value, tuple) and not all(isinstance(item, str | int | float) for item in value):
        return f"{len(value)} of them"
    return None if value is None or value == "" else str(value)
