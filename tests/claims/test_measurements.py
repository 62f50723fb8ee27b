"""The claims on speed read what the sweeps wrote, and the project's own sweep measures what they need."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.bench.sweep.gather import gathered
from inception_profiler.bench.sweep.grid import read_plan
from inception_profiler.claims.ledger import Speed, load
from inception_profiler.claims.measurements import measured
from inception_profiler.errors import ArchiveError
from inception_profiler.records.archive import save
from inception_profiler.records.latency import Ratio, Setting
from inception_profiler.records.sweep import CRASHED, MEASURED, Outcome, Point
from tests.bench.sweep.points import benchmark

SWEEP = Path(__file__).parents[2] / "reports" / "measurements" / "sweep.toml"
ROUNDS = (0.2, 0.25, 0.5, 0.5, 0.8, 0.8)  # six: the interval is from the least to the most


def outcome(point: Point, kind: str = MEASURED, rounds: tuple[float, ...] = ROUNDS) -> Outcome:
    found = benchmark(point)
    kept = replace(
        found, ratios=tuple(Ratio(0, place, rounds) for place in range(1, len(point.references) + 1))
    )
    return Outcome("k", point, kind, "", 1.0, "d", kept if kind == MEASURED else None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    training = Setting(train=True)
    outcomes = (
        outcome(Point("a")),
        outcome(Point("b")),
        outcome(Point("a", ("b",), batch=8)),
        outcome(Point("a", ("b",), batch=2, setting=training)),
        outcome(Point("a", ("few",)), rounds=ROUNDS[:5]),
        outcome(Point("a", ("crashed",)), CRASHED),
    )
    (found,) = gathered(replace(each, device="Test Device 1 (a/b)") for each in outcomes)
    save(found, tmp_path / "x.json")
    save(ip.profile("lenet5"), tmp_path / "another.json")
    return tmp_path


def test_a_measured_ratio_is_found_in_either_direction(folder: Path) -> None:
    (found,) = measured("a", "b", folder=folder)
    assert (found.ratio, found.low, found.high) == (0.5, 0.2, 0.8)
    assert (found.device, found.setting) == ("Test Device 1 (a/b)", "batch 8, fp32, 1 thread")
    (turned,) = measured("b", "a", folder=folder)
    assert (turned.ratio, turned.low, turned.high) == (2.0, 1.25, 5.0)
    assert (turned.subject, turned.reference) == ("b", "a")


def test_training_and_inference_are_not_mixed(folder: Path) -> None:
    (found,) = measured("a", "b", train=True, folder=folder)
    assert found.setting.startswith("batch 2, fp32, training step")


def test_rows_of_different_processes_and_too_few_rounds_make_no_ratio(folder: Path) -> None:
    assert measured("a", "few", folder=folder) == ()
    assert measured("a", "crashed", folder=folder) == ()
    (folder / "x.json").unlink()
    assert measured("a", "b", folder=folder) == ()
    assert measured("a", "b", folder=folder / "none") == ()


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "broken.json").write_text("{")
    with pytest.raises(ArchiveError, match="broken"):
        measured("c", "d", folder=folder)


def test_the_projects_own_sweep_measures_every_pair_that_a_claim_is_about() -> None:
    points = read_plan(SWEEP).points
    needed = {
        (*pair, lens.train)
        for entry in load().values()
        for lens in entry.lenses
        if isinstance(lens, Speed)
        for pair in lens.pairs
    }
    there = {
        (point.model, reference, point.setting.train) for point in points for reference in point.references
    }
    assert len(needed) >= 7
    assert needed <= there | {(reference, model, train) for model, reference, train in there}
    batches = {point.batch for point in points if not point.setting.train}
    assert batches == {1, 8}
