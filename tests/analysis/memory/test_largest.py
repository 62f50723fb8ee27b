"""The largest batch: the answer fits, one more does not, whatever shape the curve has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.analysis.memory.largest import _largest
from inception_profiler.errors import InputError
from tests.analysis.memory.networks import Plain


@pytest.mark.parametrize(("train", "optimizer"), [(False, ""), (True, "adam")])
def test_the_answer_fits_and_one_more_does_not(train: bool, optimizer: str) -> None:
    budget = 3_000_000
    fit = ip.largest_batch(Plain(), budget, (1, 32), train=train, optimizer=optimizer)
    here = ip.memory(Plain(), (fit.batch, 32), train=train, optimizer=optimizer)
    more = ip.memory(Plain(), (fit.batch + 1, 32), train=train, optimizer=optimizer)
    assert here.total_bytes == fit.memory.total_bytes <= budget < more.total_bytes == fit.next_bytes


def test_a_budget_can_be_written(tmp_path: Path) -> None:
    fit = ip.largest_batch("lenet5", "4MiB")
    assert fit.budget_bytes == 4 * 2**20
    assert fit.memory.total_bytes <= fit.budget_bytes < fit.next_bytes
    fit.save(tmp_path / "fit.json")
    assert ip.load(tmp_path / "fit.json") == fit


@pytest.mark.parametrize(
    "total",
    [
        lambda batch: 100 + 7 * batch,
        lambda batch: max(500, 100 + 7 * batch),
        lambda batch: 100 + 7 * batch + (900 if batch > 20 else 0),
        lambda batch: 100 + batch * batch,
        lambda batch: 100 + 3 * batch + 50 * (batch // 16),
    ],
)
@pytest.mark.parametrize("room", [520, 777, 1_000, 12_345])
def test_no_straight_line_is_taken_for_granted(total: Callable[[int], int], room: int) -> None:
    batch = _largest(total, room)
    assert total(batch) <= room < total(batch + 1)


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(InputError, match="not even one example fits"):
        ip.largest_batch("lenet5", 1000)
    with pytest.raises(InputError, match="hardly depends on the batch"):
        _largest(lambda batch: 5, 10)
    with pytest.raises(InputError, match="cannot read"):
        ip.largest_batch("lenet5", "much")
