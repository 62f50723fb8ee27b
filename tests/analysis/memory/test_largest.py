"""The largest batch: the answer fits, one more does not, whatever shape the curve has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.analysis.memory.largest import _largest
from inception_profiler.errors import InputError, LayerError
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


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (1000, "not even one example fits: lenet5 takes"),
        ("100KiB", r"100.0 KiB are given \(weights alone: "),
        ("1PiB", "more than 16,777,216 examples fit into 1.000 PiB: give less"),
        ("much", "cannot read 'much' as an amount of memory"),
        ("-1GiB", "cannot read '-1GiB'"),
        ("16GiBB", "write bytes, or like 16GiB or 16GB"),
        ("0", "cannot read '0'"),
        (0, "not 0"),
        (float("inf"), "not inf"),
        (None, "a budget is a number of bytes"),
    ],
)
def test_what_cannot_be_answered_is_said(budget: Any, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        ip.largest_batch("lenet5", budget)
    assert "\n" not in str(caught.value)


def test_memory_that_does_not_grow_is_told() -> None:
    with pytest.raises(InputError, match="does not grow with the batch"):
        _largest(lambda batch: 5, 10)


class Normalizing(nn.Module):
    """In training it cannot take a single example: there is one number to a channel."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.norm = nn.Conv2d(3, 8, 8), nn.BatchNorm2d(8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.body(x))


def test_a_model_that_cannot_take_one_example_may_take_more() -> None:
    shape, budget = (3, 8, 8), 20_000
    fit = ip.largest_batch(Normalizing(), budget, (1, *shape), train=True)
    assert fit.rehearsed[0][0] == 2
    assert ip.memory(Normalizing(), (fit.batch, *shape), train=True).total_bytes <= budget < fit.next_bytes
    with pytest.raises(InputError, match="not even 2 examples fit"):
        ip.largest_batch(Normalizing(), 10_000, (1, *shape), train=True)


class Numbered(nn.Module):
    """It takes no other batch than the one it was built for."""

    def __init__(self, batch: int) -> None:
        super().__init__()
        self.body, self.order = nn.Linear(8, 8), nn.Parameter(torch.zeros(batch, 8))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.addmm(self.order, self.body(x), self.body.weight)


def test_a_batch_that_does_not_run_is_named() -> None:
    with pytest.raises(LayerError, match="cannot take"):
        ip.largest_batch(nn.Linear(8, 8), "1MiB", (1, 9))
    with pytest.raises(InputError, match="at batch 3 the model does not run"):
        ip.largest_batch(Numbered(2), "1MiB", (1, 8))
