"""The folder: pages that fail alone, files written only where they differ, and what is left over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inception_profiler.document.blocks import Column, Document, Heading, Row, Table
from inception_profiler.document.chart import BARS, Axis, Chart, Point, Series
from inception_profiler.errors import InputError
from inception_profiler.report.folder import DIFFERS, FAILED, MISSING, SAME, WRITTEN, hold, stale, write
from inception_profiler.report.page import Page, illustrated
from inception_profiler.report.part import Part, chosen, load
from inception_profiler.units import Unit


def _drawn(names: tuple[str, ...]) -> Iterator[Chart]:
    bars = tuple(Series(name, BARS, (Point(n + 1.0, n),)) for n, name in enumerate(names))
    yield Chart("k", "Seen", Axis("MACs", Unit.COUNT), Axis("model", Unit.TEXT, categories=names), bars)


def _document() -> Document:
    columns = (Column("model", "model", Unit.TEXT), Column("macs", "MACs", Unit.COUNT))
    table = Table("Table", columns, (Row(("a_1", 7), link="a.md#x"), Row(("b", 8))))
    return illustrated(Document("T", (Heading("T", 1), table)), "pic.svg", _drawn, ("a_1", "b"))


PAGE = Page("deep/page.md", "T", "about", _document)


def test_a_page_is_written_with_its_picture_and_its_links(tmp_path: Path) -> None:
    fates = list(write(tmp_path / "new", PAGE))
    assert [(fate.path, fate.kind) for fate in fates] == [
        ("deep/page.md", WRITTEN),
        ("deep/pic.svg", WRITTEN),
    ]
    text = (tmp_path / "new/deep/page.md").read_text(encoding="utf-8")
    assert text.index("# T") < text.index("![Seen](pic.svg)") < text.index("## Table")
    assert r"| [a\_1](a.md#x) | 7 |" in text
    assert "| b | 8 |" in text
    assert (tmp_path / "new/deep/pic.svg").read_bytes().startswith(b"<?xml")


def test_what_is_the_same_is_left_alone(tmp_path: Path) -> None:
    list(write(tmp_path, PAGE))
    before = (tmp_path / "deep/page.md").stat()
    assert {fate.kind for fate in write(tmp_path, PAGE)} == {SAME}
    after = (tmp_path / "deep/page.md").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_check_names_the_line_and_writes_nothing(tmp_path: Path) -> None:
    assert [fate.kind for fate in hold(tmp_path, PAGE)] == [MISSING, MISSING]
    assert list(tmp_path.iterdir()) == []
    list(write(tmp_path, PAGE))
    assert {fate.kind for fate in hold(tmp_path, PAGE)} == {SAME}
    path = tmp_path / "deep/page.md"
    path.write_text(path.read_text(encoding="utf-8").replace("| 7 |", "| 9 |"), encoding="utf-8")
    tampered = path.read_bytes()
    (told, picture) = hold(tmp_path, PAGE)
    number = next(n for n, line in enumerate(tampered.decode().splitlines(), 1) if "| 9 |" in line)
    assert (told.kind, picture.kind) == (DIFFERS, SAME)
    assert told.said.startswith(f"line {number}: ")
    assert "9" in told.said
    assert path.read_bytes() == tampered


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("choose another"), "choose another"),
        (ZeroDivisionError("by\nzero"), "ZeroDivisionError: by zero"),
    ],
)
def test_a_page_that_fails_is_named_and_leaves_what_stood_there(
    tmp_path: Path, error: Exception, said: str
) -> None:
    def build() -> Document:
        raise error

    (tmp_path / "page.md").write_text("old")
    (fate,) = write(tmp_path, Page("page.md", "", "", build))
    assert (fate.path, fate.kind, fate.said) == ("page.md", FAILED, said)
    assert (tmp_path / "page.md").read_text() == "old"


def _packed(content: bytes, packing: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr(zipfile.ZipInfo("slide.xml"), content)
    return out.getvalue()


@pytest.mark.parametrize("inner", [b"7" * 99, _packed(b"7", zipfile.ZIP_STORED)])
def test_an_archive_is_held_by_what_is_in_it(tmp_path: Path, inner: bytes) -> None:
    wanted = _packed(inner, zipfile.ZIP_DEFLATED)
    page = Page("deck.pptx", "", "", lambda: wanted)
    list(write(tmp_path, page))
    assert (tmp_path / "deck.pptx").read_bytes() == wanted
    for found, kind in (
        (_packed(inner, zipfile.ZIP_STORED), SAME),
        (_packed(_packed(b"8", zipfile.ZIP_STORED), zipfile.ZIP_STORED), DIFFERS),
        (wanted[:40], DIFFERS),
        (b"no archive", DIFFERS),
    ):
        (tmp_path / "deck.pptx").write_bytes(found)
        assert [fate.kind for fate in hold(tmp_path, page)] == [kind]


def test_an_interrupt_is_not_a_failed_page(tmp_path: Path) -> None:
    def build() -> Document:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(write(tmp_path, Page("page.md", "", "", build)))


def test_what_is_left_over_is_told_and_what_others_wrote_is_not(tmp_path: Path) -> None:
    part = Part("p", "P", lambda: (PAGE,), 0, ("deep/*.md", "deep/*.svg"))
    list(write(tmp_path, PAGE))
    for name in ("deep/old.md", "deep/data.json", "deep/.page.md.half", "notes.md"):
        (tmp_path / name).write_text("")
    assert stale(tmp_path, (part,), ("deep/page.md", "deep/pic.svg")) == ("deep/old.md",)


def test_no_two_pages_stand_in_one_place_and_links_of_the_index_are_there() -> None:
    paths = [page.path for part in load().values() for page in part.pages()]
    assert len(paths) == len(set(paths))
    root = Path(__file__).parents[2] / "reports"
    for path in paths:
        assert (root / path).is_file(), f"{path}: run inception-profiler report"


def test_parts_are_chosen_by_name() -> None:
    assert [part.name for part in chosen(("claims", "family", "claims"))] == ["claims", "family"]
    assert list(load())[:2] == ["index", "family"]
    with pytest.raises(LookupError, match="did you mean 'claims'"):
        chosen(("claim",))
