"""How the cost of every operation is known."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip


class Net(nn.Module):
    """One call of every sort: by rule, by operator, free, unknown."""

    def __init__(self, unknown: int = 1) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.inside = nn.Sequential(nn.Dropout(), nn.Flatten())
        self.unknown = unknown

    def forward(self, x: Tensor) -> Tensor:
        x = torch.nextafter(self.linear(x), x)  # element-wise, and without a rule here
        x = self.inside(x)
        for _ in range(self.unknown):
            x = torch.linalg.householder_product(x, x[0])
        return x


def test_every_operation_is_of_one_sort() -> None:
    known = ip.profile(Net(), (4, 4)).coverage
    assert (known.rule_calls, known.own_calls, known.operator_calls, known.unknown_calls) == (1, 0, 1, 1)
    assert known.free_calls == 3  # dropout in inference, flatten, x[0]
    assert known.rule_flops == 2 * 4 * 16 + 16
    assert known.operator_flops == 16
    assert not known.complete
    assert known.calls == len(ip.profile(Net(), (4, 4)).layers)


def test_the_flops_of_the_sorts_add_up() -> None:
    for result in (ip.profile("inception_v1"), ip.profile(Net(0), (4, 4))):
        assert result.coverage.flops == result.flops
        assert result.coverage.calls == result.calls
        assert result.coverage.complete


def test_what_is_unknown_is_gathered_by_operation() -> None:
    entries = ip.profile(nn.Sequential(Net(2), Net(1)), (4, 4)).coverage.unknown
    assert [(entry.op, entry.calls, entry.paths) for entry in entries] == [
        ("aten::linalg_householder_product", 3, ("0", "1"))
    ]


def test_operators_of_a_library_go_by_its_name() -> None:
    torchvision = pytest.importorskip("torchvision")

    class Suppress(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torchvision.ops.nms(x, x[:, 0], 0.5)

    known = ip.profile(Suppress(), (6, 4)).coverage
    assert [entry.op for entry in known.unknown] == ["torchvision::nms"]
    assert known.unknown_calls == 1


def test_it_is_a_result_that_can_be_kept(tmp_path: Path) -> None:
    known = ip.profile(Net(), (4, 4)).coverage
    known.save(tmp_path / "known.json")
    assert ip.load(tmp_path / "known.json") == known
