"""Results where they are looked at: in notebooks, and printed by rich."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest
from rich.console import Console

from inception_profiler.document.blocks import Row
from inception_profiler.document.shown import document_of
from inception_profiler.records import archive
from inception_profiler.records.archive import Result
from inception_profiler.records.claim import SpeedRatio
from inception_profiler.records.lock import Lock
from inception_profiler.records.scaling import Sweep
from inception_profiler.render import notebook, terminal
from tests.document.test_scaling import curve
from tests.fixed import small
from tests.fixed_latency import alone, raced
from tests.fixed_roofline import ROOFS
from tests.fixed_sweep import swept
from tests.render.test_golden import DOCUMENTS

OTHERS: tuple[Result, ...] = (
    curve("a"),
    small().coverage,
    SpeedRatio("a", "b", 0.5, 0.4, 0.6, "X", "batch 1"),
    ROOFS,
    raced().measurements[0],
    raced().measurements[3],
    alone(),
    swept().outcomes[0],
    swept().outcomes[2],
    swept().outcomes[2].point,
    Lock(1, "0", "2", ()),
)
RESULTS = [document.result for document in DOCUMENTS.values() if document.result is not None] + list(OTHERS)


TAGS = {
    "div", "h3", "h4", "h5", "h6", "p", "strong", "small", "i", "sub", "sup",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Page(HTMLParser):
    """The tags, the attributes and the cells of a piece of HTML; fails where tags are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def printed(result: object, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(result)
    return out.getvalue()


def test_every_kind_of_result_is_looked_at() -> None:
    assert {type(result) for result in RESULTS} == set(archive._RECORDS.values())


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_every_result_has_a_page_without_a_script_and_a_print(result: Result) -> None:
    page = Page(result._repr_html_())
    assert page.tags <= TAGS
    assert page.attributes <= {"style"}
    assert page.rows
    assert printed(result, 100).strip()
    assert len(repr(result)) < 2_000


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_rich_prints_what_the_terminal_shows(result: Result) -> None:
    shown = terminal.render(document_of(result), width=100).decode()
    assert "".join(printed(result, 100).split()) == "".join(shown.split())


@pytest.mark.parametrize("width", [20, 60])
def test_rich_cuts_no_number_however_narrow_the_console(width: int) -> None:
    text = printed(small(), width)
    assert "…" not in text
    assert "27.648" in text.replace("\n", "")


def test_the_page_says_the_numbers_of_the_document() -> None:
    rows = Page(small()._repr_html_()).rows
    assert ["MACs", "30.208 k"] in rows
    assert ["weight bytes", "12.180 KiB"] in rows


def test_a_large_table_is_shown_as_far_as_it_can_be_read_and_says_so() -> None:
    assert "rows are shown" not in Sweep((curve("a"),))._repr_html_()
    found = swept()
    large = type(found)(found.device, found.environment, found.outcomes * 30)
    page = Page(large._repr_html_())
    assert "40 of 60 rows are shown here." in page.said


def test_deep_rows_make_room_first() -> None:
    rows = tuple(Row((str(n),), level=0 if n % 10 == 0 else 1) for n in range(100))
    assert notebook._kept(rows) == list(range(0, 100, 10))
    assert notebook._kept(rows[:30]) == list(range(30))
    assert notebook._kept(tuple(Row(("x",)) for _ in range(90))) == list(range(40))
