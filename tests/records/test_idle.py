"""Modules whose parameters no call used."""

from __future__ import annotations

import torch
from torch import Tensor, nn

import inception_profiler as ip


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
        self.heads = nn.ModuleList([nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)), nn.Linear(4, 5)])
        self.block = nn.ModuleDict({"used": nn.Linear(4, 4), "spare": nn.Linear(4, 1, bias=False)})
        self.scale = nn.Parameter(torch.ones(7))
        self.tied = nn.Linear(4, 4)
        self.tied.weight = self.trunk[0].weight

    def forward(self, x: Tensor) -> Tensor:
        return self.block["used"](self.trunk(x))


def test_they_are_gathered_by_the_outermost_module_without_use() -> None:
    idle = ip.profile(Net(), (2, 4)).idle
    assert [(entry.path, entry.whole, entry.kind.rpartition(".")[2], entry.params) for entry in idle] == [
        ("", False, "Net", 7),
        ("heads", True, "ModuleList", 15 + 8 + 25),
        ("block.spare", True, "Linear", 4),
        ("tied", False, "Linear", 4),  # its weight is that of the trunk, and in use
    ]
    assert idle[1].parameters[0] == "heads.0.0.weight"
    assert idle[0].weight_bytes == 4 * 7


def test_together_they_are_the_parameters_that_were_not_executed() -> None:
    for result in (
        ip.profile(Net(), (2, 4)),
        ip.profile(ip.build("inception_v1", aux=True), (1, 3, 224, 224)),
    ):
        assert sum(entry.params for entry in result.idle) == result.not_executed_params > 0
        assert {path for entry in result.idle for path in entry.parameters} == set(result.not_executed)


def test_a_model_that_is_used_whole_has_none() -> None:
    assert ip.profile("inception_v1").idle == ()


def test_parameters_tied_among_the_unused_are_counted_once() -> None:
    model = Net()
    model.heads[1].weight = nn.Parameter(torch.ones(5, 4))
    model.heads.append(nn.Linear(4, 5))
    model.heads[2].weight = model.heads[1].weight
    (heads,) = (entry for entry in ip.profile(model, (2, 4)).idle if entry.path == "heads")
    assert heads.params == 15 + 8 + 20 + 5 + 5
