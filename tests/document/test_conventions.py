from __future__ import annotations

import json
from dataclasses import replace

from inception_profiler.document.blocks import Callout, Document, Table
from inception_profiler.document.conventions import explanation_document, translation_document
from inception_profiler.document.view import View
from inception_profiler.records.convention import MACS, Charge, Explanation, Limit, Reading, Translation
from inception_profiler.records.naming import Naming
from inception_profiler.render.json import render as render_json
from tests.fixed import spec


def explained(name: str = "net", *, scale: int = 1, failure: str = "") -> Explanation:
    first = Reading(
        "first", "first.count", "1.0", "MACs", "count", "MACs and bias",
        (
            Charge(0, "stem.conv", MACS, 100 * scale, ""),
            Charge(0, "stem.conv", "bias", 10, ""),
            Charge(2, "fc", MACS, 30, ""),
            Charge(2, "fc", "linear", -30, "does not see it"),
        ),
        failure,
    )  # fmt: skip
    second = Reading(
        "second",
        "second.count",
        "2.0",
        "memory",
        "bytes",
        "outputs",
        (Charge(1, "pool", "max_pool2d", 64, ""),),
        "",
    )
    return Explanation(name, "inference", (spec(1, 3, 8, 8),), 100 * scale + 30, (first, second), Naming())


def table(document: Document, title: str) -> Table:
    return next(table for table in document.tables() if table.title == title)


def test_every_number_stands_there_to_the_unit_with_what_it_is_made_of() -> None:
    document = explanation_document(explained())
    assert [row.cells for row in table(document, "Numbers").rows] == [
        ("first", "1.0", "MACs", 110, 110 / 130),
        ("second", "2.0", "memory, bytes", 64, None),
    ]
    assert [row.cells for row in table(document, "What the numbers are made of").rows] == [
        ("MACs", 130, None, ""),
        ("max_pool2d", None, 64, ""),
        ("bias", 10, None, ""),
        ("linear", -30, None, "does not see it"),
        ("total", 110, 64, ""),
    ]


def test_modules_stand_in_the_order_of_execution_and_can_be_cut() -> None:
    rows = table(explanation_document(explained()), "net by module").rows
    assert [row.cells for row in rows] == [("stem", 110, None), ("pool", None, 64), ("fc", 0, None)]
    cut = table(explanation_document(explained(), View(depth=2, top=1)), "net by module")
    assert [row.cells[0] for row in cut.rows] == ["stem.conv"]
    assert "2 more rows" in cut.caption


def test_models_are_compared_under_each_convention() -> None:
    document = translation_document(Translation((explained(), explained("other", scale=2))))
    assert [row.cells for row in table(document, "Numbers and ratios").rows] == [
        ("first", "MACs", 110, 210, 110 / 210),
        ("second", "memory, bytes", 64, 64, 1.0),
    ]


def test_where_the_tool_itself_stops_it_is_said_so() -> None:
    document = translation_document(Translation((explained(), explained("other", failure="it is stopped"))))
    (warning,) = (block for block in document.blocks if isinstance(block, Callout))
    assert warning.kind == "warning"
    assert "first itself gives no number for other: it is stopped" in warning.text


def test_what_is_not_followed_stands_there_as_a_warning_and_in_the_file() -> None:
    first, second = explained().readings
    limits = (
        Limit("it sees none", ("gru", "lstm"), ("stem", "fc", "")),
        Limit("it rounds", ("einsum",), ("",)),
    )
    document = explanation_document(replace(explained(), readings=(first, replace(second, limits=limits))))
    one, other = (block for block in document.blocks if isinstance(block, Callout))
    assert one.kind == "warning"
    assert one.text == (
        "second may itself give another number for net, in gru, lstm (stem and 2 more): it sees none."
    )
    assert "einsum (its own forward): it rounds" in other.text
    assert not [block for block in explanation_document(explained()).blocks if isinstance(block, Callout)]
    assert json.loads(render_json(document))["result"]["value"]["readings"][1]["limits"][0]["ops"] == [
        "gru",
        "lstm",
    ]
