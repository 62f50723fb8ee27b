"""Curves as documents."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.blocks import Callout, Prose
from inception_profiler.document.scaling import law_words, sweep_document
from inception_profiler.records.scaling import Law, ScalePoint, Scaling, Sweep


def curve(model: str, axis: str = "input") -> Scaling:
    return Scaling(
        model,
        axis,
        ("macs", "params"),
        (
            ScalePoint(16, (), "layer fc: cannot take 1×2"),
            ScalePoint(32, (1_024, 7)),
            ScalePoint(64, (4_096, 7)),
        ),
        (Law("macs", "linear", "pixels", 0, 1), Law("params", "constant", "pixels", 7)),
        "1×3×side×side",
        ("aten.sort",),
    )


def test_a_table_for_each_axis_with_the_references_beside() -> None:
    document = sweep_document(Sweep((curve("a"), curve("b"), curve("a", "batch"))))
    first, second = document.tables()
    assert [column.title for column in first.columns][1:] == ["a MACs", "b MACs", "a params", "b params"]
    assert [row.cells for row in first.rows] == [
        ("16", None, None, None, None),
        ("32", 1_024, 1_024, 7, 7),
        ("64", 4_096, 4_096, 7, 7),
    ]
    assert [column.title for column in second.columns] == ["batch", "MACs", "params"]


def test_a_dash_is_explained_where_there_is_one() -> None:
    refusing = curve("a")
    (table,) = sweep_document(Sweep((refusing,))).tables()
    assert table.caption == "a: input 1×3×side×side. – stands where a layer refuses."
    (table,) = sweep_document(Sweep((replace(refusing, points=refusing.points[1:]),))).tables()
    assert table.caption == "a: input 1×3×side×side."


def test_laws_and_refusals_are_said() -> None:
    blocks = sweep_document(Sweep((curve("a"),))).blocks
    said = [block.text for block in blocks if isinstance(block, Prose)]
    assert said == ["a: MACs = 1 · H·W, exactly.", "a: params: the same at every point."]
    notes = [block.text for block in blocks if isinstance(block, Callout)]
    assert notes == [
        "a cannot take input 16: layer fc: cannot take 1×2",
        "a: the cost of aten.sort is unknown.",
    ]


def test_points_refused_for_one_reason_stand_together_and_the_first_six_are_listed() -> None:
    reasons = dict.fromkeys(range(1, 8), "layer pool: too small") | {9: "layer fc: cannot take 81"}
    points = tuple(ScalePoint(side, (), f"{reason} ({side})") for side, reason in reasons.items())
    told = Scaling("a", "input", ("macs",), points, (Law("macs", "none", "pixels"),), "1×3×side×side")
    notes = [block.text for block in sweep_document(Sweep((told,))).blocks if isinstance(block, Callout)]
    assert notes == [
        "a cannot take input 1, 2, 3, 4, 5, 6, …: layer pool: too small (1)",
        "a cannot take input 9: layer fc: cannot take 81 (9)",
    ]


def test_words_of_a_law() -> None:
    assert law_words(Law("macs", "linear", "batch", 5, 1_000)) == "= 5 + 1,000 · batch, exactly"
    assert law_words(Law("weight_bytes", "linear", "batch", 0, 8)) == "= 8 · batch bytes, exactly"
    fitted = Law("macs", "power", "pixels", 0, 63_900.0, 1.0012, 0.021)
    assert law_words(fitted) == "≈ 63.90 k · (H·W)^1.001, fitted, 2.1% off at most"
