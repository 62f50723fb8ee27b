"""Differences of hand-written counts, against what a person would say of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.guard.differences import between, difference
from inception_profiler.guard.matching import out_of_order, paired
from inception_profiler.records.difference import ModelDifference
from inception_profiler.records.lock import Lock, LockedLayer
from tests.guard.rows import model, row


def told(found: ModelDifference) -> list[tuple[str, str]]:
    return [(change.kind, change.layer.path) for change in found.layers]


def test_equal_counts_are_the_same() -> None:
    found = difference(model(row("a"), row("b")), model(row("a"), row("b")))
    assert found.same
    assert found.layers == ()


def test_a_layer_that_grew_is_named_with_what_it_grew_by() -> None:
    found = difference(model(row("a", 8), row("b", 9)), model(row("a", 10), row("b", 9)))
    assert told(found) == [("grew", "a")]
    (change,) = found.layers
    assert {entry.metric: entry.delta for entry in change.amounts} == {
        "calls": 0, "params": 20, "macs": 200, "flops": 400, "activation_bytes": 128,
    }  # fmt: skip
    assert {entry.metric: (entry.old, entry.new) for entry in found.changed}["macs"] == (1700, 1900)


def test_layers_that_shrank_appeared_and_went_are_told_apart() -> None:
    old = model(row("a", 8), row("b", 9), row("c", 10))
    new = model(row("a", 7), row("c", 10), row("d", 3))
    assert told(difference(old, new)) == [("shrank", "a"), ("went", "b"), ("appeared", "d")]


def test_more_params_and_fewer_macs_are_neither_growth_nor_shrinking() -> None:
    before = LockedLayer("a", "conv2d", "", 1, 10, 100, 200, 4)
    after = LockedLayer("a", "conv2d", "", 1, 20, 50, 200, 4)
    assert told(difference(model(before), model(after))) == [("changed", "a")]


def test_a_renamed_layer_is_one_row() -> None:
    found = difference(model(row("a", 1), row("b", 2)), model(row("a", 1), row("stem", 2)))
    assert told(found) == [("renamed", "stem")]
    assert found.layers[0].old == row("b", 2)
    assert not found.changed
    assert not found.same


def test_a_renamed_layer_that_also_grew_follows_its_module() -> None:
    old = model(row("layer1.a", 1), row("layer1.b", 2), row("head", 5))
    new = model(row("stage1.a", 1), row("stage1.b", 3), row("head", 5))
    assert told(difference(old, new)) == [("renamed", "stage1.a"), ("renamed, grew", "stage1.b")]


def test_a_layer_that_grew_inside_of_a_renamed_module_is_not_taken_for_its_twin() -> None:
    paths = ["body.0.conv", "body.1.conv", "body.2.conv"]
    old = model(*(row(path, 4) for path in paths))
    new = model(
        *(row(path.replace("body", "trunk"), size) for path, size in zip(paths, (4, 5, 4), strict=True))
    )
    assert told(difference(old, new)) == [
        ("renamed", "trunk.0.conv"),
        ("renamed, grew", "trunk.1.conv"),
        ("renamed", "trunk.2.conv"),
    ]


def test_a_module_that_was_renamed_and_moved_into_another_is_followed() -> None:
    old = [("body.0.0", 6), ("body.0.1", 4), ("body.1.0.0", 5), ("body.1.0.1", 4), ("body.1.1.0", 5)]
    new = [
        ("deep.inner.0.0", 5), ("deep.inner.0.1", 4), ("deep.inner.1.0", 5), ("first.0", 6), ("first.1", 4),
    ]  # fmt: skip
    found = difference(*(model(*(row(*entry) for entry in rows)) for rows in (old, new)))
    assert {(change.old.path, change.new.path) for change in found.layers if change.old and change.new} == {
        ("body.0.0", "first.0"),
        ("body.0.1", "first.1"),
        ("body.1.0.0", "deep.inner.0.0"),
        ("body.1.0.1", "deep.inner.0.1"),
        ("body.1.1.0", "deep.inner.1.0"),
    }


def test_a_layer_put_into_a_sequence_is_the_only_one_that_appeared() -> None:
    sizes = [4, 8, 16, 32, 64]
    old = model(*(row(f"features.{n}", size) for n, size in enumerate(sizes)))
    new = model(*(row(f"features.{n}", size) for n, size in enumerate([4, 5, 8, 16, 32, 64])))
    assert told(difference(old, new)) == [
        ("appeared", "features.1"),
        *(("renamed", f"features.{n}") for n in range(2, 6)),
    ]


def test_a_network_that_is_wider_everywhere_grew_and_was_not_renamed() -> None:
    old = model(*(row(f"features.{n}", size) for n, size in enumerate([4, 6, 10])))
    new = model(*(row(f"features.{n}", size) for n, size in enumerate([8, 12, 20])))
    assert [kind for kind, _ in told(difference(old, new))] == ["grew"] * 3


def test_a_network_of_twice_the_width_grew_although_each_layer_costs_what_the_next_one_did() -> None:
    old = model(*(row(f"features.{n}", 2**n) for n in range(8)))
    new = model(*(row(f"features.{n}", 2 ** (n + 1)) for n in range(8)))
    assert [kind for kind, _ in told(difference(old, new))] == ["grew"] * 8


def test_a_layer_taken_out_of_a_sequence_is_the_only_one_that_went() -> None:
    sizes = [4, 8, 16, 32, 64]
    old = model(*(row(f"features.{n}", size) for n, size in enumerate(sizes)))
    new = model(*(row(f"features.{n}", size) for n, size in enumerate([4, 16, 32, 64])))
    assert told(difference(old, new)) == [
        ("went", "features.1"),
        *(("renamed", f"features.{n}") for n in range(1, 4)),
    ]


def test_a_layer_that_moved_is_told_and_changes_nothing() -> None:
    rows = [row("a", 1), row("b", 2), row("c", 3), row("d", 4)]
    found = difference(model(*rows), model(rows[3], *rows[:3]))
    assert told(found) == [("moved", "d")]
    assert found.same


def test_another_input_is_told_first() -> None:
    old, new = model(row("a")), model(row("a"))
    object.__setattr__(new, "inputs", ("float32:1x3x9x9",))
    (setting,) = difference(old, new).settings
    assert (setting.title, setting.old, setting.new) == ("input", "float32:1x3x8x8", "float32:1x3x9x9")
    assert not difference(old, new).same


def test_two_sides_are_compared_model_by_model() -> None:
    old = Lock(1, "1", "2", (model(row("a"), name="one"), model(row("a"), name="two")))
    new = Lock(1, "1", "3", (model(row("a"), name="two"), model(row("a"), name="three")))
    found = between(old, new, ("before", "after"))
    assert [entry.name for entry in found.models] == ["two"]
    assert [(entry.name, entry.side) for entry in found.lone] == [("three", "after"), ("one", "before")]
    assert any("torch 2" in note and "torch 3" in note for note in found.notes)


ROWS = st.lists(
    st.builds(row, st.sampled_from(["a", "b", "f.0", "f.1", "f.2", "g.h"]), st.integers(1, 3)),
    max_size=6,
    unique_by=lambda entry: entry.key,
)


@given(ROWS, ROWS)
def test_every_layer_has_one_partner_at_most_and_the_differences_add_up(
    old: list[LockedLayer], new: list[LockedLayer]
) -> None:
    pairs = paired(old, new)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    found = difference(model(*old), model(*new))
    for metric in ("params", "macs", "flops", "activation_bytes"):
        deltas = [
            entry.delta for change in found.layers for entry in change.amounts if entry.metric == metric
        ]
        total = sum(getattr(entry, metric) for entry in new) - sum(getattr(entry, metric) for entry in old)
        assert sum(deltas) == total
    if sorted(old, key=lambda entry: entry.key) == sorted(new, key=lambda entry: entry.key):
        assert found.same


@given(st.permutations(range(6)))
def test_what_is_left_after_the_moved_stands_in_order_and_could_not_be_more(order: list[int]) -> None:
    pairs = list(enumerate(order))
    kept = [b for _, b in sorted(set(pairs) - out_of_order(pairs))]
    assert kept == sorted(kept)
    longest = 0
    for mask in range(1 << len(order)):
        chosen = [value for at, value in enumerate(order) if mask >> at & 1]
        if chosen == sorted(chosen):
            longest = max(longest, len(chosen))
    assert len(kept) == longest
