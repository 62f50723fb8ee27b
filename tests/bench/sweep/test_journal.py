"""What is in a journal stays in it, whatever happens to its last line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inception_profiler.bench.sweep.journal import opened
from inception_profiler.errors import InputError, WriteError
from inception_profiler.records.archive import dumps
from inception_profiler.records.sweep import CRASHED, MEASURED, Outcome, Point
from tests.bench.sweep.points import benchmark


def outcome(key: str, kind: str = MEASURED) -> Outcome:
    point = Point(f"model {key}")
    return Outcome(key, point, kind, "", 1.0, "d", benchmark(point) if kind == MEASURED else None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sweep.jsonl"
    with opened(path) as journal:
        journal.append(outcome("1"))
        journal.append(outcome("2", CRASHED))
    return path


def test_outcomes_are_read_back_one_a_line(path: Path) -> None:
    assert path.read_text().count("\n") == 2
    with opened(path) as journal:
        assert journal.outcomes == {"1": outcome("1"), "2": outcome("2", CRASHED)}
        assert journal.unread == 0


def test_of_several_outcomes_of_a_point_the_last_counts_and_all_stay(path: Path) -> None:
    with opened(path) as journal:
        journal.append(outcome("2"))
    with opened(path) as journal:
        assert journal.outcomes["2"].kind == MEASURED
    assert path.read_text().count("\n") == 3


@pytest.mark.parametrize("cut", [1, 2, 40, 200])
def test_a_last_line_that_was_cut_costs_only_itself(path: Path, cut: int) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with opened(path) as journal:
        complete = cut == 1  # only the end of the line is missing, and nothing of the outcome
        assert set(journal.outcomes) == ({"1", "2"} if complete else {"1"})
        assert journal.unread == (0 if complete else 1)
        journal.append(outcome("3"))
    assert path.read_bytes().startswith(whole[:-cut]), "nothing that was there is changed"
    with opened(path) as journal:
        assert journal.outcomes.keys() >= {"1", "3"}


@pytest.mark.parametrize("line", [b"\x00\xff\xfe", b"{}", b"[1, 2", dumps(Point("a")).encode().strip()])
def test_a_line_that_is_no_outcome_is_passed_over(path: Path, line: bytes) -> None:
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join((first, line, b"", second, b"")))
    with opened(path) as journal:
        assert set(journal.outcomes) == {"1", "2"}
        assert journal.unread == 1


def test_two_sweeps_do_not_write_one_journal(path: Path) -> None:
    with opened(path), pytest.raises(InputError, match="another sweep is writing"), opened(path):
        pass
    with opened(path):
        pass


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot write"), opened(tmp_path / "none" / "x.jsonl"):
        pass


def test_an_outcome_is_on_the_disk_before_the_next_is_waited_for(path: Path) -> None:
    with opened(path) as journal:
        journal.append(replace(outcome("3"), reason="kept"))
        assert '"kept"' in path.read_text()
