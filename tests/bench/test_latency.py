"""Whole models: what is measured, what is refused, and what the caller's model and PyTorch are afterwards."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import inception_profiler as ip
from inception_profiler.analysis.subject import subject
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.latency import Step, timed
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.settings import combinations
from inception_profiler.errors import InputError, LayerError
from inception_profiler.records.latency import FASTER, INTERRUPTED, Benchmark, Measurement, Setting
from tests.bench.fake_device import FakeDevice
from tests.bench.networks import ACTIONS, Acting, Eventful

SOON = Wishes(Rules(least_seconds=0, least_rounds=2, warm_seconds=0, time_limit=0.02), energy=False)
FAKE = Wishes(Rules(time_limit=5), memory=False, energy=False)


pytestmark = pytest.mark.usefixtures("no_roofs")


@pytest.fixture
def actions() -> Iterator[dict[str, object]]:
    yield ACTIONS
    ACTIONS.clear()


def state_of_torch() -> tuple[object, ...]:
    return (
        torch.get_num_threads(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.get_default_dtype(),
        torch.are_deterministic_algorithms_enabled(),
        torch.backends.cudnn.benchmark,
        torch.backends.cudnn.conv.fp32_precision,
        torch.backends.cuda.matmul.fp32_precision,
        torch.backends.mkldnn.conv.fp32_precision,
        torch.backends.mkldnn.matmul.fp32_precision,
        torch.get_rng_state().tolist(),
        random.getstate(),
        np.random.get_state()[1].tolist(),
    )


class Of(nn.Module):
    """Takes batches of one size."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.fc = size, nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[0] != self.size:
            raise ValueError(f"takes {self.size}")
        return self.fc(x)


def fails(x: Tensor) -> None:
    raise RuntimeError("a layer that fails")


@pytest.mark.parametrize(
    ("train", "others"),
    [
        (False, {}),
        (False, {"fuse_bn": True}),
        (True, {"dtype": "amp-bf16"}),
        (None, {"dtype": "bf16", "channels_last": True}),
    ],
)
def test_the_model_and_torch_are_what_they_were(train: bool | None, others: dict[str, object]) -> None:
    model = Eventful().train()
    model.drop.eval()
    calls: list[int] = []
    model.fc.register_forward_hook(lambda *_: calls.append(1))
    model.conv.weight.grad = torch.ones_like(model.conv.weight)
    before = copy.deepcopy(model.state_dict())
    flags = [module.training for module in model.modules()]
    hooks = dict(model.fc._forward_hooks)
    tensors = [id(tensor) for tensor in (*model.parameters(), *model.buffers())]
    states = state_of_torch()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = state_of_torch()
        timed(
            [subject(model, (2, 3, 8, 8), train=train)],
            settings=combinations(
                dtypes=(str(others.get("dtype", "fp32")),),
                channels_last=bool(others.get("channels_last")),
                fused=bool(others.get("fuse_bn")),
                train=bool(train),
                threads=1,
            ),
            device=Cpu(),
            wishes=SOON,
        )
        assert state_of_torch() == inside
    assert state_of_torch() == states
    assert [module.training for module in model.modules()] == flags
    assert [id(tensor) for tensor in (*model.parameters(), *model.buffers())] == tensors
    assert dict(model.fc._forward_hooks) == hooks
    assert model.tied is model.fc.weight
    assert (model.calls, model.seen) == (0, [])
    after = model.state_dict()
    assert all(
        torch.equal(before[name], after[name]) and before[name].dtype == after[name].dtype for name in after
    )
    assert torch.equal(model.conv.weight.grad, torch.ones_like(model.conv.weight))
    assert all(
        parameter.grad is None for name, parameter in model.named_parameters() if name != "conv.weight"
    )


def test_torch_is_what_it_was_when_the_model_fails(actions: dict[str, object]) -> None:
    actions["fail"] = fails
    model = Acting("fail")
    states = state_of_torch()
    with pytest.raises(LayerError, match="a layer that fails"):
        ip.bench(model, (1, 4), threads=1, device="cpu")
    assert state_of_torch() == states


def test_a_measurement_has_what_was_asked() -> None:
    row = ip.bench(Acting(), (3, 4), threads=1, device="cpu", time_limit=0.05)
    assert isinstance(row, Measurement)
    assert (row.model, row.batch, row.inputs[0].shape) == ("Acting", 3, (3, 4))
    assert row.setting == Setting(threads=1)
    assert row.seconds
    assert row.device_seconds == ()
    assert row.energy is None
    assert list(row.to_frame()["seconds"]) == list(row.seconds)
    assert set(row.to_frame()["clock"]) == {"host"}
    assert row.footprint is not None
    assert (
        row.footprint.peak_bytes == row.footprint.predicted_bytes == 3 * 4 * 4
    )  # the output; MKL takes nothing


def test_the_counts_are_those_of_the_step_that_runs() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))
    x = torch.rand(2, 3, 8, 8)
    with FlopCounterMode(display=False) as counter:
        model(x).sum().backward()
    (row,) = timed(
        [subject(model, (2, 3, 8, 8), train=True)],
        settings=combinations(train=True, threads=1),
        device=Cpu(),
        wishes=SOON,
    ).measurements
    assert 2 * row.macs == counter.get_total_flops()
    assert row.flops > 2 * row.macs
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    assert 2 * ip.bench(model, (2, 3, 8, 8), time_limit=0.01, memory=False).macs == counter.get_total_flops()


def test_side_by_side_on_a_device_of_known_speed(actions: dict[str, object]) -> None:
    device = FakeDevice()
    noise = random.Random(1)
    actions["fast"] = lambda _: device.run(host=1e-3, device=4e-3 * noise.uniform(0.99, 1.01))
    actions["slow"] = lambda _: device.run(host=1e-3, device=8e-3 * noise.uniform(0.99, 1.01))
    steps: list[Step] = []
    found = timed(
        [subject(Acting("fast"), (1, 4)), subject(Acting("slow"), (1, 4)), subject(Acting("fast"), (1, 4))],
        batches=(1, 2),
        device=device,
        wishes=FAKE,
        progress=steps.append,
    )
    assert [row.batch for row in found.measurements] == [1, 1, 1, 2, 2, 2]
    assert [(ratio.subject, ratio.reference) for ratio in found.ratios] == [(0, 1), (0, 2), (3, 4), (3, 5)]
    for ratio, expected in zip(found.ratios, (5 / 9, 1, 5 / 9, 1), strict=True):
        assert ratio.median == pytest.approx(expected, rel=0.01)
    assert found.ratios[0].verdict() == FASTER
    first = found.measurements[0]
    assert first.median == pytest.approx(5e-3, rel=0.01)
    assert first.device_time == pytest.approx(4e-3, rel=0.01)
    assert first.host_bound == pytest.approx(0.2, abs=0.02)
    assert first.throughput == pytest.approx(200, rel=0.01)
    assert {step.title for step in steps} == {
        "1 of 2: batch 1, fp32, eager", "2 of 2: batch 2, fp32, eager"
    }  # fmt: skip
    assert steps[0].state == "warming up"
    assert "rounds" in steps[-1].state


def test_a_model_without_room_is_a_row_and_the_rest_goes_on(actions: dict[str, object]) -> None:
    def full(x: Tensor) -> None:
        if len(x) > 1:
            raise torch.OutOfMemoryError("the device is full")
        device.run(device=1e-3)

    device = FakeDevice()
    actions["full"], actions["fine"] = full, lambda _: device.run(device=1e-3)
    found = timed(
        [subject(Acting("full"), (1, 4)), subject(Acting("fine"), (1, 4))],
        batches=(2, 1),
        device=device,
        wishes=FAKE,
    )
    assert [row.failed for row in found.measurements] == ["out of memory", "", "", ""]
    assert [bool(row.seconds) for row in found.measurements] == [False, True, True, True]
    assert [(ratio.subject, ratio.reference) for ratio in found.ratios] == [(2, 3)]


def test_one_that_fails_later_drops_out_alone(actions: dict[str, object]) -> None:
    def tiring(_: Tensor) -> None:
        device.run(device=1e-3)
        if device.now > 0.2:
            raise RuntimeError("tired")

    device = FakeDevice()
    actions["tiring"], actions["fine"] = tiring, lambda _: device.run(device=1e-3)
    found = timed(
        [subject(Acting("fine"), (1, 4)), subject(Acting("tiring"), (1, 4))], device=device, wishes=FAKE
    )
    assert [row.failed for row in found.measurements] == ["", "RuntimeError: tired"]
    assert found.ratios == ()


def test_a_model_larger_than_the_memory_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inception_profiler.bench.entry.free_bytes", lambda: 10_000)
    row = ip.bench("lenet5", device="cpu")
    assert row.failed.startswith("out of memory: it needs")
    assert row.median is None


def test_an_interrupt_keeps_what_was_measured(actions: dict[str, object]) -> None:
    def patient(_: Tensor) -> None:
        device.run(device=1e-3)
        if device.now > 0.5:
            raise KeyboardInterrupt

    device = FakeDevice()
    actions["patient"] = patient
    found = timed([subject(Acting("patient"), (1, 4))], batches=(1, 2, 3), device=device, wishes=FAKE)
    (row,) = found.measurements
    assert found.interrupted
    assert row.stopped == INTERRUPTED
    assert row.seconds
    assert row.failed == ""


def test_an_interrupt_before_anything_was_measured_is_one(actions: dict[str, object]) -> None:
    def impatient(_: Tensor) -> None:
        raise KeyboardInterrupt

    actions["impatient"] = impatient
    found = timed([subject(Acting("impatient"), (1, 4))], batches=(1, 2), device=FakeDevice(), wishes=FAKE)
    (row,) = found.measurements
    assert (row.stopped, row.failed, row.seconds) == (INTERRUPTED, INTERRUPTED, ())


def test_with_references_it_is_a_benchmark() -> None:
    found = ip.bench(Acting(), (1, 4), vs=[Acting(), Acting()], time_limit=0.05, memory=False, device="cpu")
    assert isinstance(found, Benchmark)
    assert len(found.measurements) == 3
    assert len(found.ratios) == 2
    assert len(ip.bench(Acting(), (1, 4), vs=Acting(), time_limit=0.05, memory=False).measurements) == 2


def test_what_cannot_be_done_is_a_note_beside_what_can() -> None:
    found = timed(
        [subject(Acting(), (1, 4))],
        settings=combinations(dtypes=("tf32", "fp32"), threads=1),
        device=Cpu(),
        wishes=SOON,
    )
    assert [row.setting.dtype for row in found.measurements] == ["fp32"]
    assert any(note.startswith("tf32 is a mode of NVIDIA's tensor cores") for note in found.notes)


def test_a_batch_that_a_model_cannot_take_loses_none_of_the_others() -> None:
    found = timed(
        [subject(Of(2), (2, 4))],
        batches=(2, 3, 1),
        settings=combinations(dtypes=("fp32",), threads=1),
        device=Cpu(),
        wishes=SOON,
    )
    assert [row.batch for row in found.measurements] == [2]
    assert all(row.seconds for row in found.measurements)
    told = [note for note in found.notes if note.startswith("not measured: batch ")]
    assert [note.split(":")[1] for note in told] == [" batch 3, fp32, eager", " batch 1, fp32, eager"]
    with pytest.raises(LayerError, match="takes 2"):
        timed([subject(Of(2), (2, 4))], batches=(3, 1), device=Cpu(), wishes=SOON)


def test_of_several_models_the_one_that_fails_is_named() -> None:
    with pytest.raises(LayerError, match=r"^Of: the model's own forward: forward: .*takes 2"):
        ip.bench(Acting(), (3, 4), vs=Of(2), device="cpu")


def test_if_nothing_can_be_done_it_is_an_error() -> None:
    with pytest.raises(InputError, match="take eager or compile"):
        ip.bench(Acting(), (1, 4), mode="cuda-graph", device="cpu")


def test_the_ceiling_is_asked_for_once_in_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def attainable(device: object, setting: Setting, *, again: bool) -> float:
        asked.append((setting.dtype, again))
        return 1e9

    monkeypatch.setattr("inception_profiler.bench.latency.attainable", attainable)
    found = timed(
        [subject(Acting(), (1, 4))],
        batches=(1, 2),
        settings=combinations(dtypes=("fp32", "bf16"), threads=1),
        device=Cpu(),
        wishes=SOON._replace(ceilings=True, again=True, memory=False),
    )
    assert asked == [("fp32", True), ("bf16", True)]
    assert {row.ceiling for row in found.measurements} == {1e9}
    assert all(row.attained == row.flops / row.median / 1e9 for row in found.measurements if row.median)
