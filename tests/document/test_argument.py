from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.argument import LINES, argument_document, arguments_document
from inception_profiler.document.blocks import Callout, Formula, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.formula import latex
from tests.fixed import small, weighed


def table(title: str, *, parts: bool = False) -> Table:
    (found,) = (
        one for one in argument_document(weighed(parts=parts)).tables() if one.title.startswith(title)
    )
    return found


def test_the_derivation_is_shown_with_its_numbers() -> None:
    formulas = [block.text for block in argument_document(weighed()).blocks if isinstance(block, Formula)]
    assert formulas == ["S·C_in / C_in", "= 3·16 / 16", "= 3"]
    rows = table("Derivation").rows
    assert rows[1].cells == ("conv1", "MACs", "K²·C_in·C_out", "3²·16·192", 27_648)
    assert [row.level for row in rows] == [0, 1, 1, 1] * 2


def test_a_derivation_is_printed_to_the_last_digit() -> None:
    assert [line[-1] for line in printed(table("Derivation")).lines][1] == "27,648"


def test_both_sides_have_ratio_and_saving() -> None:
    rows = {row.cells[0]: row.cells[1:] for row in table("Both sides").rows}
    large, one = small(scale=3).macs, small().macs
    assert rows["MACs"] == (large, one, large / one, 1 - one / large)
    assert rows["non-linearities"] == (1, 1, None, None)
    assert rows["receptive field"] == (8, 8, None, None)


def test_parts_have_a_table_for_each_metric_and_layers_of_their_own() -> None:
    titles = [one.title for one in argument_document(weighed(parts=True)).tables()]
    assert titles == [
        "Derivation", "Both sides", "MACs part by part", "params part by part",
        "activation bytes part by part", "large by layer", "small by layer", "Ratio over scale",
    ]  # fmt: skip
    rows = table("MACs part", parts=True).rows
    assert rows[1].cells == ("head", 7_680, 7_680 / 90_624, 2_560, 2_560 / 30_208, 3.0)


def test_layers_have_one_row_for_each_module() -> None:
    rows = table("small by layer", parts=True).rows
    assert [row.cells[0] for row in rows if row.level] == ["stem", "pool", "fc"]


def test_parts_of_another_network_are_no_share_of_the_sides() -> None:
    argument = replace(weighed(parts=True), parts_of="vgg16")
    one = next(one for one in argument_document(argument).tables() if one.title.startswith("MACs part"))
    assert one.title == "MACs part by part of vgg16"
    assert [column.title for column in one.columns] == ["part", "first", "second", "ratio"]
    assert one.rows[1].cells == ("head", 7_680, 2_560, 3.0)


def test_a_long_derivation_is_left_out() -> None:
    argument = weighed()
    long = replace(argument.sides[0], steps=argument.sides[0].steps * LINES)
    titles = [one.title for one in argument_document(replace(argument, sides=(long, long))).tables()]
    assert "Derivation" not in titles


def test_the_curve_is_shown_point_by_point() -> None:
    rows = table("Ratio over").rows
    assert [row.cells for row in rows] == [(1, 30_208, 30_208, 1.0), (2.5, 60_416, 0, float("inf"))]


def test_notes_are_shown() -> None:
    notes = [block.text for block in argument_document(weighed()).blocks if isinstance(block, Callout)]
    assert notes == ["Nothing here was counted."]


def test_the_list_has_a_line_for_each() -> None:
    from inception_profiler.claims.calculator import load

    (listed,) = arguments_document(load().values()).tables()
    assert [row.cells[0] for row in listed.rows] == list(load())


def test_latex() -> None:
    assert latex("K_h·12³ − C_out") == r"K_{h}\cdot 12^{3} - C_{\mathrm{out}}"
