"""How often modules ran, and the rows in which that is shown."""

from __future__ import annotations

from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler.document.profile import profile_document


class Net(nn.Module):
    """A block that runs three times at one size and once at another, under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.block = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU())
        self.again = self.block
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.again(self.block(self.block(self.stem(x))))
        return self.block(self.pool(x))


ONE = 8 * 8 * 9 * 64  # one execution of the block at 8 × 8


def test_a_shared_module_is_one_row_with_the_cost_of_all_executions() -> None:
    result = ip.profile(Net(), (1, 3, 8, 8))
    rows = {group.title: (group.executions, group.macs) for group in result.by_module()}
    assert rows == {"stem": (1, 8 * 27 * 64), "block": (4, 3 * ONE + ONE // 4), "pool": (1, 0)}
    layers = {group.title: group.executions for group in result.by_layer()}
    assert layers == {"stem · conv2d": 1, "block.0 · conv2d": 4, "block.1 · relu": 4, "pool · max_pool2d": 1}
    assert sum(group.params for group in result.by_module()) == result.params


def test_rows_say_how_often() -> None:
    document = profile_document(ip.profile(Net(), (1, 3, 8, 8)))
    table = next(table for table in document.tables() if table.title == "Net by layer")
    assert [row.cells[0] for row in table.rows] == [
        *("stage 8", "stem", "block ×3", "block.0 ×3", "block.1 ×3"),
        *("stage 4", "pool", "block", "block.0", "block.1"),
    ]
    assert "×n marks a module that ran n times" in table.caption


def test_what_ran_once_is_not_marked() -> None:
    document = profile_document(ip.profile("inception_v1"))
    assert not any(" ×" in str(row.cells[0]) for table in document.tables() for row in table.rows)


def test_executions_that_differ_are_not_made_up() -> None:
    class Early(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0
            self.linear = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            self.calls += 1
            return self.linear(x) + 1 if self.calls == 2 else x * 2

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.early = Early()
            self.pool = nn.MaxPool2d(2)

        def forward(self, x: Tensor) -> Tensor:
            return self.early(self.pool(self.early(x)))

    result = ip.profile(Outer(), (1, 1, 8, 8))
    stages = next(table for table in profile_document(result).tables() if table.title == "Outer by layer")
    assert not any("early ×" in str(row.cells[0]) for row in stages.rows)
    assert {group.title: group.executions for group in result.by_module()} == {"early": 2, "pool": 1}
