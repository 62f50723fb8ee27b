"""The memory lens from outside: agreement with the fast trace, records, refusals, nothing left behind."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler.errors import InputError, LayerError, UnknownNameError
from tests.analysis.memory import reality
from tests.analysis.memory.networks import Hooked, Normalized, Plain, Pooled, Segments


@pytest.mark.parametrize("name", ["inception_v1", "densenet121", "se_resnet50", "lenet5"])
def test_two_independent_passes_agree_at_every_call(name: str) -> None:
    fast, slow = ip.profile(name, batch=2), ip.memory(name, batch=2)
    assert slow.peak_bytes == fast.peak_activation_bytes
    assert slow.output_bytes == fast.activation_bytes
    assert slow.weight_bytes == fast.weight_bytes
    assert [(row.path, row.op, row.live_bytes) for row in slow.layers] == [
        (row.path, row.op, row.call.live_bytes) for row in fast.layers
    ]


@pytest.mark.parametrize("kind", [Hooked, Normalized, Pooled, Segments])
def test_the_model_is_left_as_it_was(kind: type[nn.Module]) -> None:
    network: Any = kind().train()
    names = {name: dict(module.__dict__) for name, module in network.named_modules()}
    values = copy.deepcopy(network.state_dict())
    random = torch.get_rng_state()
    ip.memory(network, inputs=[network.shape], train=True, optimizer="adam")
    for name, module in network.named_modules():
        assert module.__dict__.keys() == names[name].keys()
        assert all(value is names[name][key] for key, value in module.__dict__.items())
    assert all(torch.equal(values[key], value) for key, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert torch.equal(torch.get_rng_state(), random)
    assert not getattr(network, "kept", [])


def test_gradients_that_were_there_stay() -> None:
    network = Plain()
    network(torch.rand(2, 32)).sum().backward()
    before = [parameter.grad for parameter in network.parameters()]
    counted = ip.memory(network, (2, 32), train=True)
    assert all(old is new.grad for old, new in zip(before, network.parameters(), strict=True))
    assert counted.first_peak_bytes == ip.memory(Plain(), (2, 32), train=True).first_peak_bytes


def test_a_peak_is_the_sum_of_those_alive_at_it() -> None:
    counted = ip.memory("inception_v1", train=True, optimizer="adam")
    assert [peak.phase for peak in counted.peaks] == ["forward", "loss", "backward", "step"]
    for peak in counted.peaks:
        assert sum(tenant.nbytes for tenant in peak.alive) == peak.nbytes
        assert peak.nbytes == max(
            moment.high_bytes for moment in counted.timeline if moment.phase == peak.phase
        )
    assert counted.peak_bytes == max(peak.nbytes for peak in counted.peaks)
    rows = counted.layers
    assert sum(row.weight_bytes for row in rows) == counted.weight_bytes
    assert sum(row.gradient_bytes for row in rows) == counted.gradient_bytes
    assert sum(row.optimizer_bytes for row in rows) == counted.optimizer_bytes
    assert counted.timeline[-1].end_bytes == counted.end_bytes


@pytest.mark.parametrize(
    ("train", "phases"), [(False, ["forward"]), (True, ["forward", "loss", "backward", "step"])]
)
def test_the_timeline_has_the_phases_of_the_run_and_no_other(train: bool, phases: list[str]) -> None:
    counted = ip.memory("lenet5", train=train)
    assert list(dict.fromkeys(moment.phase for moment in counted.timeline)) == phases
    assert [peak.phase for peak in counted.peaks] == phases
    assert counted.timeline[-1].end_bytes == counted.end_bytes


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_step_that_makes_nothing_new_has_gradients_and_state_alive(optimizer: str) -> None:
    params = sum(parameter.numel() * 4 for parameter in ip.build("lenet5").parameters())
    states = {"sgd": 0, "momentum": 1, "adam": 2}[optimizer]
    counted = ip.memory("lenet5", train=True, optimizer=optimizer)
    peak = counted.peak_of("step")
    assert peak.nbytes >= (1 + states) * params
    assert peak.nbytes == sum(tenant.nbytes for tenant in peak.alive)
    assert dict(peak.by_kind)["parameter gradient"] == params
    assert peak.nbytes == max(moment.high_bytes for moment in counted.timeline if moment.phase == "step")
    assert (peak.name, peak.op, peak.index) == (optimizer, "step", -1)


def test_half_precision_takes_half() -> None:
    full, half = ip.memory("lenet5", train=True), ip.memory("lenet5", train=True, dtype="fp16")
    assert half.weight_bytes * 2 == full.weight_bytes
    assert half.saved_bytes * 2 == full.saved_bytes
    assert half.peak_bytes * 2 == full.peak_bytes


def test_a_result_survives_being_saved(tmp_path: Path) -> None:
    counted = ip.memory("lenet5", train=True, optimizer="momentum")
    counted.save(tmp_path / "memory.json")
    assert ip.load(tmp_path / "memory.json") == counted


class Choosy(nn.Module):
    """Needs the values of its input."""

    shape = (8, 16)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(16, 32), nn.Linear(16, 64)

    def forward(self, x: Tensor) -> Tensor:
        chosen = self.first if x.sum() < 0 else self.second
        return torch.relu(chosen(x)) * 2


def test_a_model_that_needs_values_is_run_on_some() -> None:
    network, image = Choosy(), torch.rand(8, 16)
    counted = ip.memory(network, inputs=[image], train=True)
    assert "depends on data" in counted.fallback
    assert counted.saved_bytes == reality.saved(network, image)
    assert all(parameter.grad is None for parameter in network.parameters())
    with pytest.raises(LayerError, match="the weights have none"):
        ip.memory(Choosy().to("meta"), (8, 16))


def test_mistakes_are_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'adam'"):
        ip.memory("lenet5", train=True, optimizer="adan")
    with pytest.raises(InputError, match="nothing to train"):
        ip.memory(Plain().requires_grad_(False), (2, 32), train=True)
    with pytest.raises(LayerError, match="layer 0"):
        ip.memory(Plain(), (2, 31))
