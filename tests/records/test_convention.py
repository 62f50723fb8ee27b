from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import inception_profiler as ip
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.convention import MACS, Charge, Explanation, Limit, Reading, Translation
from inception_profiler.records.naming import Naming
from tests.fixed import spec


def reading(name: str, *charges: Charge) -> Reading:
    return Reading(name, f"{name}.count", "1.0", "MACs", "count", "all of it", charges, "")


def explained(scale: int = 1) -> Explanation:
    first = reading(
        "first",
        Charge(0, "stem.conv", MACS, 100 * scale, ""),
        Charge(0, "stem.conv", "bias", 10, ""),
        Charge(1, "stem.norm", "batch_norm", 20, ""),
        Charge(2, "fc", MACS, 30, ""),
        Charge(2, "fc", "linear", -30, "does not see it"),
    )
    second = reading(
        "second",
        Charge(0, "stem.conv", MACS, 100 * scale, ""),
        Charge(1, "stem.norm", "batch_norm", 40, ""),
        Charge(2, "fc", MACS, 30, ""),
    )
    return Explanation("net", "inference", (spec(1, 3, 8, 8),), 100 * scale + 30, (first, second), Naming())


def test_totals_kinds_calls_and_modules_are_sums_of_charges() -> None:
    first, _ = explained().readings
    assert first.total == 130
    assert first.by_kind()[MACS, ""] == 130
    assert first.by_call() == {0: 110, 1: 20, 2: 0}
    assert first.at("stem") == 130
    assert first.at("") == 130
    assert first.at("ste") == 0


def test_rows_stand_side_by_side_and_add_up() -> None:
    explanation = explained()
    rows = explanation.rows
    assert [(row.kind, row.amounts) for row in rows] == [
        (MACS, (130, 130)),
        ("batch_norm", (20, 40)),
        ("bias", (10, 0)),
        ("linear", (-30, 0)),
    ]
    assert rows[-1].fault == "does not see it"
    for position, column in enumerate(explanation.readings):
        assert sum(row.amounts[position] for row in rows) == column.total


def test_a_translation_gives_the_ratio_of_two_models_under_each_convention() -> None:
    translation = Translation((explained(), explained(scale=2)))
    assert translation.ratio(0) == 130 / 230
    assert translation.ratio(1) == 170 / 270


def test_a_limit_is_written_and_read_too() -> None:
    first, second = explained().readings
    limits = (Limit("it is otherwise", ("gru", "lstm"), ("encoder", "decoder")),)
    limited = replace(first, limits=limits)
    both = replace(explained(), readings=(limited, second))
    assert loads(dumps(both)) == both
    assert limited.total == first.total


def test_both_are_the_same_after_they_were_written_and_read(tmp_path: Path) -> None:
    for result in (explained(), Translation((explained(), explained(scale=2)))):
        assert loads(dumps(result)) == result
        result.save(tmp_path / "result.json")
        assert ip.load(tmp_path / "result.json") == result
