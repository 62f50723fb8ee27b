"""What a check and a difference say, for results that are written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.document.blocks import Callout, Document, Prose, Table
from inception_profiler.document.check import check_document
from inception_profiler.document.difference import difference_document
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.lock import Lock
from tests.fixed_guard import check, counted, difference


def table(document: Document, title: str) -> Table:
    return next(entry for entry in document.tables() if entry.title == title)


def summary(document: Document) -> str:
    return next(block.text for block in document.blocks if isinstance(block, Prose))


def test_every_model_has_a_verdict() -> None:
    rows = {row.cells[0]: row.cells[1] for row in table(check_document(check()), "Models").rows}
    assert rows == {
        "same": "same",
        "told": "changed within its limits",
        "net": "changed, over a limit",
        "broken": "failed",
        "new": "not locked, unknown operations",
        "gone": "locked, but not asked for",
    }


def test_what_fails_is_counted_and_said() -> None:
    result = check()
    assert [model.name for model in result.failing] == ["net", "broken", "new", "gone"]
    assert "4 fail." in summary(check_document(result))
    texts = [block.text for block in check_document(result).blocks if isinstance(block, Callout)]
    assert any("MACs of body.0 is 3,200 and the limit is <= 3k (3,000)." in text for text in texts)
    assert any("no module 'nowhere'" in text for text in texts)
    assert any("check --update" in text for text in texts)
    assert not any("latency" in text for text in texts)


def test_an_update_agrees_to_what_changed_but_not_to_what_is_over() -> None:
    result = check(updated=True)
    assert [model.name for model in result.failing] == ["net", "broken"]
    rows = {row.cells[0]: row.cells[1] for row in table(check_document(result), "Models").rows}
    assert (rows["net"], rows["new"], rows["gone"]) == (
        "changed, locked anew, over a limit", "locked, unknown operations", "taken out",
    )  # fmt: skip


def test_a_check_that_passes_says_so() -> None:
    assert check(passing=True).passed
    assert "all are within their limits" in summary(check_document(check(passing=True)))
    unlocked = check(unlocked=True)
    assert unlocked.failing == ()
    assert not unlocked.passed  # an operation is unknown
    assert "limits alone: the cost of some operations is unknown" in summary(check_document(unlocked))


def test_a_layer_is_one_row_and_a_renamed_module_too() -> None:
    rows = table(difference_document(difference()), "net: layers").rows
    assert [row.cells[:2] for row in rows] == [
        ("stem · conv2d", "grew"),
        ("body.0 · conv2d", "shrank"),
        ("mixed · conv2d", "changed"),
        ("layer1 → stage1 (2 layers)", "renamed"),
        ("old · conv2d → new · conv2d", "renamed"),
        ("grown · conv2d → risen · conv2d", "renamed, grew"),
        ("gone · add", "went"),
        ("added · relu", "appeared"),
        ("fc · conv2d", "moved"),
        ("all", ""),
    ]
    assert rows[0].cells[2] == "1×8×4×4 → 1×9×4×4"


@pytest.mark.parametrize("top", [1, 4, 100])
def test_what_is_left_out_is_added_up(top: int) -> None:
    rows = table(difference_document(difference(), top=top), "net: layers").rows
    assert len(rows) <= top + 2 or top == 100
    *shown, total = rows
    for column in range(3, len(total.cells)):
        values = [row.cells[column] for row in shown]
        assert sum(value for value in values if isinstance(value, int)) == total.cells[column]


def test_of_many_models_those_that_are_the_same_are_one_line() -> None:
    good, told = check(passing=True).models
    many = replace(check(), models=(*(replace(good, name=f"m{n}") for n in range(20)), told))
    shown = table(check_document(many), "Models")
    assert [row.cells[0] for row in shown.rows] == ["told"]
    assert "20 more cost what they did" in shown.caption


def test_the_results_are_the_same_after_they_were_written_and_read() -> None:
    for result in (check(), difference(), Lock(1, "0.1", "2", (counted("a"),))):
        assert loads(dumps(result)) == result
