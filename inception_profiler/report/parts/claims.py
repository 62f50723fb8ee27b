"""What the documents claim: the list, and a page for each document with every derivation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from inception_profiler.claims.ledger import load
from inception_profiler.document.blocks import Block, Document, Heading, Prose, Table
from inception_profiler.document.charts.claims import ledger_charts
from inception_profiler.document.claims import claim_document, ledger_document
from inception_profiler.records.claim import Source
from inception_profiler.report.facts import judged
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import part

FOLDER = "claims"


@part("claims", "What the documents claim, recomputed", f"{FOLDER}/*", place=4)
def pages() -> Sequence[Page]:
    """List the list, and a page for each document that a claim is from."""
    sources = sorted({entry.claim.source for entry in load().values()}, key=_place)
    each = (
        Page(
            _path(source),
            f"{source.number} {source.name}".strip(),
            f"{source.title}: every claim with its derivation",
            partial(_document, source),
        )
        for source in sources
    )
    return (Page("claims.md", "All claims", "what each states, what was counted, the verdict", _list), *each)


def _place(source: Source) -> str:
    return source.number or f"~{source.name}"


def _path(source: Source) -> str:
    return f"{FOLDER}/{source.name}.md"


def _list() -> Document:
    ledger = judged()
    document = ledger_document(ledger)
    links = {
        finding.claim.name: f"{_path(finding.claim.source)}#{finding.claim.name}"
        for finding in ledger.findings
    }
    blocks = tuple(_linked(block, links) if isinstance(block, Table) else block for block in document.blocks)
    return illustrated(Document(document.title, blocks), "claims.svg", ledger_charts, ledger, after=2)


def _linked(table: Table, links: dict[str, str]) -> Table:
    """Let the rows that are claims lead to their derivations."""
    rows = tuple(
        replace(row, link="" if row.level else links.get(str(row.cells[0]), "")) for row in table.rows
    )
    return replace(table, rows=rows)


def _document(source: Source) -> Document:
    title = f"{source.name}: {source.title}" if source.title else source.name
    found = [finding for finding in judged().findings if finding.claim.source == source]
    blocks: list[Block] = [Heading(title, 1)]
    blocks.append(Prose(f"{len(found)} claims, each word for word with its derivation."))
    for finding in found:
        blocks += claim_document(finding).blocks
    return Document(title, tuple(blocks))
