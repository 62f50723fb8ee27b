"""Layers on devices whose truth is known, and against what `profile` counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

import inception_profiler as ip
from inception_profiler.analysis.subject import subject
from inception_profiler.bench import ahead, layers
from inception_profiler.bench.accelerator import Accelerator
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.layers import layered
from inception_profiler.bench.rules import Rules
from inception_profiler.errors import InputError, LayerError
from inception_profiler.records.latency import Setting
from inception_profiler.records.roofline import Ceilings, Roofline
from tests.bench.fake_device import FakeDevice
from tests.virtual_device.backend import VirtualDevice

QUICK = Rules(
    least_rounds=2, least_seconds=0.0, time_limit=0.05, warm_calls=1, warm_seconds=0.0, practical=0.0
)
SHAPE = (2, 3, 16, 16)
HOST = 5_000  # ns to enqueue any operator
COSTS = {"convolution": 20_000, "native_batch_norm": 3_000, "relu": 300, "cat": 700, "add": 200, "addmm": 900}
TRUTH = 2 * 20_000 + 3_000 + 2 * 300 + 700 + 200 + 900


class Net(nn.Module):
    """Modules and functional calls: each is a row."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.second = nn.Conv2d(4, 4, 1)
        self.act = nn.ReLU()
        self.head = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.norm(self.first(x)))
        y = F.relu(self.second(x) + x)
        return self.head(torch.cat([x, y], 1).mean((2, 3)))


class Unruled(nn.Module):
    """A Python composite, and an operation that only has operators."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.attention.train()

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.attention(x, x, x)
        return torch.special.i0e(y).renorm(2, 0, 1.0)


@pytest.fixture(autouse=True)
def roofs(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(device: Any, dtype: str, threads: int, again: bool = False) -> Ceilings:
        del again
        return Ceilings(device.name, dtype, threads, 1e12, 1e11, 5e11, 1 << 20, "2026-01-02T03:04:05+00:00")

    monkeypatch.setattr(layers, "ceilings", known)


def timed(model: nn.Module, device: Any, shape: tuple[int, ...] = SHAPE, **changes: Any) -> Roofline:
    return layered(subject(model, shape), Setting(threads=1, **changes), device, rules=QUICK)


def by_op(found: Roofline) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    for layer in found.layers:
        times.setdefault(layer.op, []).append(layer.seconds * 1e9)
    return times


# -- an asynchronous device whose truth is configured --------------------------------------------------------


@pytest.fixture
def costly(virtual: VirtualDevice, accelerator: Accelerator) -> Accelerator:
    virtual.configure(host=HOST, device_of=COSTS)
    return accelerator


def test_blocked_layers_add_up_to_the_truth(costly: Accelerator) -> None:
    found = timed(Net().eval(), costly)
    assert found.blocked is True
    assert found.sum_seconds == pytest.approx(TRUTH / 1e9, rel=0.001)
    assert found.whole_seconds == pytest.approx(TRUTH / 1e9, rel=0.001)
    times = by_op(found)
    assert times["conv2d"] == pytest.approx([20_000, 20_000], abs=1)
    assert times["relu"] == pytest.approx([300, 300], abs=1)
    assert times["batch_norm"] == pytest.approx([3_000], abs=1)
    assert times["linear"] == pytest.approx([900], abs=1)


def test_layers_that_are_not_blocked_measure_the_host(
    costly: Accelerator, virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.configure(host=HOST, device=500)
    blocked = timed(Net().eval(), costly)
    monkeypatch.setattr(costly, "block", lambda seconds: False)
    found = timed(Net().eval(), costly)
    assert found.blocked is False
    assert found.sum_seconds > 5 * blocked.sum_seconds
    assert min(by_op(found)["relu"]) >= HOST
    assert by_op(blocked)["relu"] == pytest.approx([500, 500], abs=1)


def test_the_block_is_lengthened_until_the_host_stays_ahead(
    costly: Accelerator, virtual: VirtualDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.configure(host=2_000_000, device_of=COSTS)
    asked: list[float] = []
    block = costly.block

    def logged(seconds: float) -> bool:
        asked.append(seconds)
        return block(seconds)

    monkeypatch.setattr(costly, "block", logged)
    found = timed(Net().eval(), costly)
    assert found.blocked is True
    assert found.sum_seconds == pytest.approx(TRUTH / 1e9, rel=0.001)
    assert asked[0] == ahead.FIRST
    assert max(asked) > 8 * 2_000_000 / 1e9 > asked[0]


def test_where_no_block_is_long_enough_it_gives_up_and_says_so(
    costly: Accelerator, virtual: VirtualDevice
) -> None:
    virtual.configure(host=600_000_000, device_of=COSTS)
    found = timed(Net().eval(), costly)
    assert found.blocked is False
    assert found.sum_seconds > 10 * TRUTH / 1e9


def test_a_queue_with_an_end_does_not_spoil_the_layers(costly: Accelerator, virtual: VirtualDevice) -> None:
    virtual.configure(host=HOST, device_of=COSTS, queue=200)
    found = timed(nn.Sequential(*[nn.ReLU() for _ in range(300)]).eval(), costly)
    assert found.sum_seconds == pytest.approx(300 * 300 / 1e9, rel=0.001)


# -- a device that is done when a call returns ---------------------------------------------------------------


class Machine(TorchDispatchMode):
    """Lets the fake clock run on by what each operator costs, in nanoseconds."""

    def __init__(self, device: FakeDevice) -> None:
        super().__init__()
        self.device = device

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.device.now += COSTS.get(func._overloadpacket.__name__.strip("_"), 0) / 1e9
        return func(*args, **(kwargs or {}))


@pytest.fixture
def fake() -> Iterator[FakeDevice]:
    device = FakeDevice(asynchronous=False)
    with Machine(device):
        yield device


class Plain(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([F.relu(x), torch.relu(x + x)], 1)


def test_on_the_host_every_call_has_the_time_of_its_function(fake: FakeDevice) -> None:
    found = timed(Plain(), fake)
    times = by_op(found)
    assert times["relu"] == pytest.approx([300, 300], abs=0.01)
    assert times["cat"] == pytest.approx([700], abs=0.01)
    assert times["add"] == pytest.approx([200], abs=0.01)
    assert found.explained == pytest.approx(1)
    assert found.blocked is None


def test_an_asynchronous_device_without_events_is_waited_for() -> None:
    device = FakeDevice(asynchronous=True, spans=False)
    device.kind = "cpu"
    with Machine(device):
        found = timed(Plain(), device)
    assert found.blocked is False
    assert found.sum_seconds == pytest.approx(1500 / 1e9)


# -- the rows are those of the profile -----------------------------------------------------------------------


def rows_of_profile(model: Any, shape: tuple[int, ...]) -> list[tuple[Any, ...]]:
    return [
        (layer.path, layer.name, layer.op, layer.macs, layer.flops, layer.bytes_read + layer.bytes_written)
        for layer in ip.profile(model, shape).layers
    ]


def rows_of(found: Roofline) -> list[tuple[Any, ...]]:
    return [
        (layer.path, layer.name, layer.op, layer.macs, layer.flops, layer.bytes) for layer in found.layers
    ]


@pytest.mark.parametrize(
    ("model", "shape"), [("inception_v1", (1, 3, 64, 64)), (Net(), SHAPE), (Unruled(), (1, 5, 8))]
)
def test_every_row_is_a_row_of_the_profile(model: Any, shape: tuple[int, ...]) -> None:
    found = layered(subject(model, shape), Setting(threads=1), Cpu(), rules=QUICK)
    assert rows_of(found) == rows_of_profile(model, shape)
    assert all(layer.seconds > 0 for layer in found.layers)


def test_folded_batch_norms_are_no_rows() -> None:
    found = timed(Net().eval(), Cpu(), fused=True)
    assert "batch_norm" not in by_op(found)
    assert found.setting.fused


def test_bytes_under_autocast_are_of_the_types_that_it_chooses() -> None:
    plain, cast = (
        {layer.path: layer.bytes for layer in timed(Net().eval(), Cpu(), dtype=dtype).layers}
        for dtype in ("fp32", "amp-bf16")
    )
    assert cast["second"] < plain["second"]


def test_what_is_saved_is_read_back(tmp_path: Any) -> None:
    found = timed(Net().eval(), Cpu())
    found.save(tmp_path / "layers.json")
    assert ip.load(tmp_path / "layers.json") == found


# -- the model is left alone ---------------------------------------------------------------------------------


def test_the_model_is_untouched_and_its_hooks_are_seen() -> None:
    model, seen = Net(), []
    handle = model.first.register_forward_hook(lambda *_: seen.append(1))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    attributes, generator = dict(vars(model)), torch.get_rng_state()
    timed(model, Cpu())
    assert seen
    assert model.training
    assert dict(vars(model)) == attributes
    assert list(model.first._forward_hooks) == [handle.id]
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), generator)
    assert not nn.modules.module._global_forward_hooks
    assert not nn.modules.module._global_forward_pre_hooks


class Fickle(nn.Module):
    def __init__(self, least: int) -> None:
        super().__init__()
        self.calls, self.least = 0, least

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        for _ in range(self.least + self.calls % 2):
            x = torch.relu(x)
        return torch.tanh(x)


@pytest.mark.parametrize("least", [1, 2])
def test_a_model_that_does_something_else_each_time_is_refused(least: int) -> None:
    with pytest.raises(LayerError, match="other operations each time"):
        timed(Fickle(least), Cpu())


class Broken(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise ValueError("broken\nin two lines")


def test_a_model_that_fails_is_one_clear_line() -> None:
    with pytest.raises(LayerError, match=r"ValueError: broken$"):
        timed(Broken(), Cpu())


@pytest.mark.parametrize(
    ("changes", "words"), [({"train": True}, "leave out train"), ({"mode": "compile"}, "take eager")]
)
def test_what_has_no_layers_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        timed(Net(), Cpu(), **changes)


def test_from_python_it_is_one_call() -> None:
    found = ip.roofline(Net(), SHAPE, threads=1, device="cpu", time_limit=0.05)
    assert (found.model, found.batch, found.setting.threads) == ("Net", 2, 1)
    assert found.inputs[0].shape == SHAPE
