from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.document.blocks import Callout, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.document.view import GROUPINGS, View
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.comparison import Comparison, align
from inception_profiler.records.cost import Cost
from inception_profiler.units import Unit
from tests.fixed import small


def compared() -> Comparison:
    subject, reference = small(), small("large", scale=20_000)
    return Comparison(subject, (reference,), align((subject, reference)))


def table(blocks: tuple[object, ...], title: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.title == title)


def test_cells_are_the_raw_numbers_of_the_records() -> None:
    totals = table(profile_document(small()).blocks, "Totals")
    assert {row.cells[0]: row.cells[1] for row in totals.rows}["MACs"] == small().macs


def test_totals_of_a_comparison_have_ratios() -> None:
    totals = table(comparison_document(compared()).blocks, "Totals")
    macs = next(row for row in totals.rows if row.cells[0] == "MACs")
    assert macs.cells[3] == pytest.approx(1 / 20_000)


def test_two_models_share_one_magnitude_in_a_table() -> None:
    sides = table(comparison_document(compared()).blocks, "MACs by feature-map size")
    scales = sides.scales()
    units = [scales[n].symbol for n, column in enumerate(sides.columns) if column.unit is Unit.COUNT]
    assert len(units) == 2
    assert len(set(units)) == 1


def test_shares_add_up() -> None:
    for grouping in GROUPINGS[:2]:
        rows = table(profile_document(small(), View(by=grouping)).blocks, f"small by {grouping}").rows
        macs = [row.cells[-3] for row in rows]
        assert sum(value for value in macs if isinstance(value, float)) == pytest.approx(1)


def test_the_tree_has_stages_modules_and_layers() -> None:
    tree = table(profile_document(small()).blocks, "small by layer")
    assert [(row.level, row.cells[0]) for row in tree.rows] == [
        (0, "stage 8"), (1, "stem"), (2, "stem/3x3"), (2, "stem/relu"),
        (0, "stage 4"), (1, "pool"),
        (0, "stage head"), (1, "fc"),
    ]  # fmt: skip
    assert [row.strong for row in tree.rows if row.level == 0] == [True] * 3


def test_depth_cuts_the_tree() -> None:
    tree = table(profile_document(small(), View(depth=1)).blocks, "small by layer")
    assert max(row.level for row in tree.rows) == 1


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (1, "One operation costs nothing (a view, or dropout in inference) and has no row of its own."),
        (2, "2 operations cost nothing (views, dropout in inference) and have no row of their own."),
    ],
)
def test_operations_without_a_row_are_counted(free: int, said: str) -> None:
    whole = small()
    pool = whole.layers[2]
    empty = replace(pool, call=replace(pool.call, op="view", cost=Cost.ZERO))
    profile = replace(whole, layers=(*whole.layers, *[empty] * free))
    caption = table(profile_document(profile).blocks, "small by layer").caption
    assert said in caption


def test_sorting_and_cutting() -> None:
    view = View(sort="macs", top=2, columns=("macs", "flops"))
    rows = table(profile_document(small(), view).blocks, "small by layer").rows
    assert [row.cells[0] for row in rows] == ["stem/3x3 · conv2d", "fc · linear"]


def test_what_was_not_counted_is_said() -> None:
    document = profile_document(small())
    (idle,) = table(document.blocks, "small: not executed").rows
    assert idle.cells[:3] == ("aux", "", 100)
    said = [block.text for block in document.blocks if isinstance(block, Callout)]
    assert any("aten::_fft_r2c is unknown and not counted (2 calls in stem)" in text for text in said)


def test_coverage_says_whether_the_numbers_can_be_published() -> None:
    coverage = table(profile_document(small()).blocks, "Coverage")
    assert coverage.rows[0].cells == ("small", 6, 4, 0, 0, 2, 1.0)
    assert coverage.caption.startswith("MACs and FLOPs of small are lower bounds")
    complete = table(profile_document(replace(small(), unpriced=())).blocks, "Coverage")
    assert complete.rows[0].cells == ("small", 4, 4, 0, 0, 0, 1.0)
    assert complete.caption.startswith("Nothing is unknown: the numbers above are complete")
    ran = table(profile_document(replace(small(), fallback="on random numbers")).blocks, "Coverage")
    assert "small hold for the values it ran on" in ran.caption


def test_a_comparison_has_one_row_of_coverage_a_model() -> None:
    coverage = table(comparison_document(compared()).blocks, "Coverage")
    assert [row.cells[0] for row in coverage.rows] == ["small", "large"]


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (View(by="colour"), InputError),
        (View(depth=0), InputError),
        (View(by="op", depth=2), InputError),
        (View(top=-1), InputError),
        (View(columns=()), InputError),
        (View(columns=("mac",)), UnknownNameError),
        (View(sort="flop"), UnknownNameError),
    ],
)
def test_a_view_that_cannot_be_is_refused(view: View, error: type[Exception]) -> None:
    with pytest.raises(error):
        view.checked()


def test_two_profiles_of_one_model_can_be_told_apart() -> None:
    pair = (small(), small(scale=2))
    document = comparison_document(Comparison(pair[0], (pair[1],), align(pair)))
    header = printed(table(document.blocks, "Totals")).header
    assert header[1:3] == ("small (1)", "small (2)")
