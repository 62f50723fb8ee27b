"""The virtual device itself: its times and bytes are what was configured, worked out by hand here."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import nn

from tests.virtual_device.backend import VirtualDevice

COSTS = {
    "convolution": 20_000,
    "native_batch_norm": 3_000,
    "relu": 2_000,
    "max_pool2d_with_indices": 7_000,
    "addmm": 11_000,
}
WHOLE = 20_000 + 3_000 + 2_000 + 7_000 + 11_000  # one of each, in nanoseconds


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 10),
    )


def image(batch: int = 2) -> torch.Tensor:
    return torch.rand(batch, 3, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def there(virtual: VirtualDevice) -> tuple[nn.Module, torch.Tensor]:
    """The network and its input on the device, whose clocks are at 0."""
    moved = network().eval().to("virtual"), image().to("virtual")
    virtual.reset()
    return moved


def events() -> tuple[torch.Event, torch.Event]:
    return torch.Event("virtual", enable_timing=True), torch.Event("virtual", enable_timing=True)


@torch.inference_mode()
def test_the_device_takes_the_sum_of_what_its_operators_cost(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(device_of=COSTS)
    start, end = events()
    start.record()
    model(x)
    end.record()
    torch.accelerator.synchronize()
    assert [launch.operator for launch in virtual.launches()] == list(COSTS)
    assert start.elapsed_time(end) == WHOLE / 1e6
    assert virtual.clock() == WHOLE / 1e9


@torch.inference_mode()
def test_a_host_timer_that_does_not_synchronize_reads_what_the_host_did(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(host=100, device_of=COSTS)
    before = virtual.host
    model(x)
    assert virtual.host - before == 5 * 100
    torch.accelerator.synchronize()
    assert virtual.host - before == 100 + WHOLE  # the device starts when the first operator is enqueued


@torch.inference_mode()
def test_events_of_two_rounds_paired_wrongly_read_another_time(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(device_of=COSTS)
    rounds = [events(), events()]
    for start, end in rounds:
        start.record()
        model(x)
        end.record()
    torch.accelerator.synchronize()
    (start, end), (other_start, other_end) = rounds
    assert start.elapsed_time(end) == other_start.elapsed_time(other_end) == WHOLE / 1e6
    assert start.elapsed_time(other_end) == 2 * WHOLE / 1e6
    assert end.elapsed_time(other_start) == 0
    assert other_end.elapsed_time(start) < 0


@torch.inference_mode()
def test_an_event_that_the_device_has_not_reached_has_no_time(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(device_of=COSTS)
    start, end = events()
    start.record()
    model(x)
    end.record()
    assert start.query()
    assert not end.query()
    with pytest.raises(RuntimeError, match="must be completed"):
        start.elapsed_time(end)
    end.synchronize()
    assert end.query()
    assert virtual.host == WHOLE


@torch.inference_mode()
def test_where_the_host_is_slower_the_device_waits_for_it(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(host=1_000, device=10)
    start, end = events()
    start.record()
    model(x)
    end.record()
    torch.accelerator.synchronize()
    assert start.elapsed_time(end) == (5 * 1_000 + 10) / 1e6  # and not the 50 ns that the device worked
    assert sum(launch.time for launch in virtual.launches()) == 50


@torch.inference_mode()
def test_behind_a_blocking_operation_the_device_is_not_kept_waiting(
    virtual: VirtualDevice, there: tuple[nn.Module, torch.Tensor]
) -> None:
    model, x = there
    virtual.configure(host=1_000, device=10)
    torch.get_device_module("virtual")._sleep(100_000)
    assert virtual.host == 1_000
    start, end = events()
    start.record()
    model(x)
    end.record()
    assert not end.query()
    torch.accelerator.synchronize()
    assert start.elapsed_time(end) == 50 / 1e6
    assert virtual.host == 1_000 + 100_000 + 50


def test_a_full_queue_keeps_the_host_waiting(virtual: VirtualDevice) -> None:
    x = torch.zeros(4, device="virtual")
    virtual.reset()
    virtual.configure(host=1, device=100, queue=2)
    for _ in range(4):
        x.add_(1)
    # the third waits for the first, which ends at 101, and the fourth for the second
    assert [launch.enqueued for launch in virtual.launches()] == [1, 2, 101, 201]
    assert virtual.busy == 401


def test_an_operator_can_cost_as_much_as_it_gives(virtual: VirtualDevice) -> None:
    x = torch.zeros(4, 6, device="virtual")
    virtual.reset()
    virtual.configure(device=5, per_element={"cat": 3})
    torch.cat([x, x])
    x.relu()
    assert [(launch.operator, launch.time) for launch in virtual.launches()] == [
        ("cat", 5 + 3 * 48),
        ("relu", 5),
    ]


@pytest.mark.parametrize("read", [torch.Tensor.item, torch.Tensor.cpu, bool, torch.Tensor.tolist])
def test_whoever_reads_a_value_waits_for_it(
    virtual: VirtualDevice, read: Callable[[torch.Tensor], object]
) -> None:
    x = torch.zeros((), device="virtual")
    virtual.reset()
    virtual.configure(device_of={"add": 500})
    x.add_(1)
    assert virtual.host == 0
    read(x)
    assert virtual.host == 500


def test_two_streams_work_side_by_side_and_wait_for_each_other_when_told(virtual: VirtualDevice) -> None:
    x = torch.zeros(4, device="virtual")
    virtual.reset()
    virtual.configure(device=100)
    side = torch.Stream("virtual")
    x.add(1)
    with side:
        x.add(1)
    assert [(launch.started, launch.ended) for launch in virtual.launches()] == [(0, 100), (0, 100)]
    x.add(1)
    side.wait_stream(torch.accelerator.current_stream())
    with side:
        x.add(1)
    assert virtual.launches()[-1][2:] == (0, 200, 300)
    side.synchronize()
    assert virtual.host == 300


def blocks(*shapes: tuple[int, ...]) -> int:
    """What tensors of 4-byte numbers take in blocks of 512 bytes."""
    total = 0
    for shape in shapes:
        size = 4
        for extent in shape:
            size *= extent
        total += -(-size // 512) * 512
    return total


@torch.inference_mode()
def test_the_peak_is_that_of_the_blocks_alive(virtual: VirtualDevice) -> None:
    before = torch.accelerator.memory_allocated()
    model, x = network().eval().to("virtual"), image().to("virtual")
    level = torch.accelerator.memory_allocated()
    weights = (
        blocks((8, 3, 3, 3), (8,), (8,), (8,), (8,), (8,), (10, 128), (10,)) + 512
    )  # the batches' counter
    assert level - before == weights + blocks((2, 3, 8, 8))
    torch.accelerator.reset_peak_memory_stats()
    y = model(x)
    # the norm gets and gives; or the pool gets, gives, and says where it was, in 8 bytes each
    alive = max(2 * blocks((2, 8, 8, 8)), blocks((2, 8, 8, 8), (2, 8, 4, 4), (2, 8, 4, 4, 2)))
    assert torch.accelerator.max_memory_allocated() - level == alive
    assert torch.accelerator.memory_allocated() - level == blocks((2, 10))
    del y, model, x
    assert torch.accelerator.memory_allocated() == before


def test_a_network_trains_as_on_the_cpu_and_leaves_nothing(virtual: VirtualDevice) -> None:
    before = torch.accelerator.memory_allocated()

    def train(model: nn.Module, place: str) -> Iterator[float]:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        target = torch.tensor([1, 2]).to(place)
        for _ in range(3):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(image().to(place)), target)
            loss.backward()
            optimizer.step()
            yield loss.item()

    here, there = network(), copy.deepcopy(network()).to("virtual")
    losses = list(train(here, "cpu"))
    assert losses[-1] < losses[0]
    assert list(train(there, "virtual")) == losses
    for name, tensor in there.state_dict().items():
        assert tensor.device.type == "virtual"
        torch.testing.assert_close(tensor.cpu(), here.state_dict()[name], rtol=0, atol=0)
    del there, tensor
    assert torch.accelerator.memory_allocated() == before


def test_a_device_that_is_full_says_so_and_goes_on(virtual: VirtualDevice) -> None:
    held = torch.accelerator.memory_allocated()
    virtual.configure(memory=held + 4096)
    x = torch.empty(1024, device="virtual")
    with pytest.raises(torch.OutOfMemoryError, match="virtual device out of memory"):
        torch.empty(1, device="virtual")
    assert torch.accelerator.memory_stats()["num_ooms"] >= 1
    del x
    torch.empty(1024, device="virtual")


def test_operators_see_the_devices_own_memory(virtual: VirtualDevice) -> None:
    x = torch.arange(12.0, device="virtual").view(3, 4)
    x[1].mul_(10)
    x.t()[0].add_(1)
    torch.testing.assert_close(x.cpu(), torch.tensor([[1.0, 1, 2, 3], [41, 50, 60, 70], [9, 9, 10, 11]]))
    out = torch.empty(0, device="virtual")
    torch.add(x, x, out=out)
    assert out.shape == x.shape
    torch.testing.assert_close(out.cpu(), 2 * x.cpu())
    assert x.nonzero().shape == (12, 2)
    assert copy.deepcopy(x).data_ptr() != x.data_ptr()


def test_it_is_in_no_process_but_its_own(virtual: VirtualDevice) -> None:
    assert torch.accelerator.current_accelerator() == torch.device("virtual")
    assert os.getpid() != int(os.environ["INCEPTION_PROFILER_VIRTUAL_DEVICE"])


def test_elsewhere_there_is_none() -> None:
    assert torch._C._get_privateuse1_backend_name() == "privateuseone"
