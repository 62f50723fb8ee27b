"""A sweep in words: which rows are paired, and what became of the points that were not measured."""

from __future__ import annotations

import pytest

from inception_profiler.bench.sweep.gather import gathered
from inception_profiler.document.measurements import joined, measurements_document, point_words
from inception_profiler.records.latency import Setting
from inception_profiler.records.sweep import CRASHED, MEASURED, OUT_OF_MEMORY, Outcome, Point
from inception_profiler.render.markdown import render
from tests.bench.sweep.points import benchmark


def outcome(point: Point, kind: str = MEASURED, reason: str = "", device: str = "d") -> Outcome:
    return Outcome(
        point.model, point, kind, reason, 2.0, device, benchmark(point) if kind == MEASURED else None
    )


OUTCOMES = (
    outcome(Point("a")),
    outcome(Point("big", batch=64), OUT_OF_MEMORY, "it needs more"),
    outcome(Point("b", ("c", "d"))),
)


def test_a_ratio_stays_between_the_rows_of_its_own_process() -> None:
    found = joined(OUTCOMES)
    assert [row.model for row in found.measurements] == ["a", "b", "c", "d"]
    assert [(ratio.subject, ratio.reference) for ratio in found.ratios] == [(1, 2), (1, 3)]


def test_rows_of_one_process_are_paired_and_none_across_processes() -> None:
    document = measurements_document(gathered(OUTCOMES))
    tables = {table.title: table for table in document.tables()}
    assert [row.cells[0] for row in tables["Latency"].rows] == ["a", "b", "c", "d"]
    assert [row.cells[:2] for row in tables["Side by side"].rows] == [("b", "c"), ("b", "d")]
    assert tables["Not measured"].rows[0].cells == ("big · batch 64", OUT_OF_MEMORY, "it needs more", 2.0)
    assert "not paired" in render(document).decode()
    assert document.result == gathered(OUTCOMES)[0]


def test_a_model_measured_twice_says_beside_whom() -> None:
    document = measurements_document(gathered((outcome(Point("a")), outcome(Point("a", ("c",))))))
    latency = next(table for table in document.tables() if table.title == "Latency")
    assert [row.cells[0] for row in latency.rows] == ["a", "a (beside c)", "c"]


def test_what_differs_stands_in_columns_of_its_own() -> None:
    document = measurements_document(gathered((outcome(Point("a")), outcome(Point("a", batch=8)))))
    for table in document.tables():
        assert [column.key for column in table.columns][:2] == ["row", "batch"], table.title
        assert [row.cells[:2] for row in table.rows] == [("a", "1"), ("a", "8")]


def test_several_devices_have_a_part_each() -> None:
    crashed = outcome(Point("x"), CRASHED, "killed", device="")
    document = measurements_document(gathered((*OUTCOMES, crashed)))
    text = render(document).decode()
    assert "2 devices" in document.title
    assert text.index("## d") < text.index("## unknown device")
    assert document.result is None


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (Point("a"), "a · batch 1"),
        (Point("a", ("b", "c"), 2, 96, "cuda:1"), "a against b, c · batch 2 · 96×96 · cuda:1"),
        (
            Point("a", setting=Setting("bf16", "compile", True, True, False, True, 2)),
            "a · batch 1 · bf16 · compile · channels last · BatchNorm folded · cold cache · 2 threads",
        ),
        (Point("a", setting=Setting(train=True, threads=0)), "a · batch 1 · training step"),
    ],
)
def test_a_point_is_named_by_what_is_unusual(point: Point, words: str) -> None:
    assert point_words(point) == words
