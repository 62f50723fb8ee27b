"""What the document of a roofline says."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.blocks import Callout, Document, Prose
from inception_profiler.document.roofline import roofline_document
from inception_profiler.records.roofline import Roofline
from inception_profiler.render import terminal
from tests.fixed_roofline import timed


def said(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Prose | Callout))


def test_the_sum_and_the_whole_are_stated() -> None:
    assert "9.65 ms / 10.00 ms = 96.5%; 0.35 ms between the layers" in said(roofline_document(timed()))


def test_a_sum_that_is_far_from_the_whole_is_a_warning() -> None:
    assert "The layers add up to 80.4% of the whole" in said(roofline_document(timed(host=True)))
    assert "The layers add up" not in said(roofline_document(timed()))


def test_a_host_that_is_not_ahead_is_a_warning() -> None:
    warning = "could not be kept ahead"
    assert warning in said(roofline_document(timed()))
    assert warning not in said(roofline_document(replace(timed(), blocked=True)))
    assert warning not in said(roofline_document(timed(host=True)))


def test_an_operation_that_takes_much_of_the_time_far_below_its_roof_is_named() -> None:
    text = said(roofline_document(timed()))
    assert "max_pool2d takes 51.8% of the time at 8.0% of its roof." in text
    assert "conv2d takes" not in text


def test_the_layers_are_sorted_and_cut_by_lost_time() -> None:
    *_, layers = roofline_document(timed(), top=2).tables()
    assert [row.cells[0] for row in layers.rows] == ["block_a/pool · max_pool2d", "block_a/3x3 · conv2d"]
    assert "Shown are the 2 of 7 that lose most." in layers.caption


def test_a_layer_above_its_roof_is_told() -> None:
    *_, layers = roofline_document(timed()).tables()
    assert "1 of 7 are above their roof" in layers.caption


def deep(found: Roofline) -> Roofline:
    long = "inception_resnet_block_17/branch_7x7/7x1"
    return replace(found, layers=tuple(replace(layer, name=long) for layer in found.layers))


def test_it_fits_into_120_columns() -> None:
    for found in (timed(), timed(host=True), deep(timed())):
        text = terminal.render(roofline_document(found), width=120).decode()
        assert max(map(len, text.splitlines())) <= 120
