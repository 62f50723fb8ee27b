from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from inception_profiler.cli.main import main
from inception_profiler.document.blocks import Document, Heading
from inception_profiler.report import part as parts
from inception_profiler.report.page import Page
from inception_profiler.report.part import Part


def page(path: str) -> Page:
    return Page(path, path, "", lambda: Document(path, (Heading(path, 1),)))


def broken() -> Document:
    raise ValueError("no such number")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three small parts in the place of the real ones, whose pages continuous integration checks."""

    def listed() -> dict[str, Part]:
        def pages() -> Sequence[Page]:
            return (page("one.md"), page("some/two.md"))

        return {
            "good": Part("good", "Good", pages, 0, ("some/*",)),
            "bad": Part("bad", "Bad", lambda: (Page("bad.md", "", "", broken), page("three.md")), 1, ()),
        }

    def chosen(names: Sequence[str]) -> tuple[Part, ...]:
        return tuple(listed()[name] for name in names or listed())

    monkeypatch.setattr(parts, "chosen", chosen)
    return tmp_path / "reports"


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["report", *words])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_a_failing_page_is_named_and_the_rest_is_written(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    status, out, err = called(capsys, "--out", str(folder))
    assert (status, out) == (1, "")
    assert f"{folder}/bad.md: failed: ValueError: no such number" in err
    assert "3 files written, 0 unchanged" in err
    assert (folder / "three.md").read_text() == "# three.md\n"


def test_a_check_tells_what_differs_is_missing_or_left_over(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    words = ("--only", "good", "--out", str(folder))
    assert called(capsys, *words)[0] == 0
    status, _, err = called(capsys, *words, "--check")
    assert (status, err) == (0, f"{folder}: 2 of 2 files are as they are generated\n")
    (folder / "one.md").write_text("# two\n")
    (folder / "some/two.md").rename(folder / "some/old.md")
    status, _, err = called(capsys, *words, "--check")
    assert status == 1
    assert f"{folder}/one.md: differs: line 1: '# two', now '# one.md'" in err
    assert f"{folder}/some/two.md: missing" in err
    assert f"{folder}/some/old.md: left over" in err
    assert (folder / "one.md").read_text() == "# two\n"


def test_a_left_over_file_is_told_and_kept(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "some").mkdir(parents=True)
    (folder / "some/old.md").write_text("old")
    status, _, err = called(capsys, "--only", "good", "--out", str(folder))
    assert status == 0
    assert "left over" in err
    assert (folder / "some/old.md").read_text() == "old"


def test_a_folder_that_cannot_be_made_is_one_line(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    folder.write_text("a file")
    status, _, err = called(capsys, "--only", "good", "--out", str(folder))
    assert status == 2
    assert err.startswith("error: cannot make")
    assert err.count("\n") == 1
