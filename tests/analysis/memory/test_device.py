"""The memory lens against the allocator of an accelerator: the virtual device, which takes no workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

import inception_profiler as ip
from tests.analysis.memory.networks import NETWORKS, Branches, Dropped, Normalized, Plain
from tests.analysis.memory.reality import OPTIMIZERS, loss_of

if TYPE_CHECKING:
    from tests.virtual_device.backend import VirtualDevice


COUNTER = 4
"""Bytes of Adam's count of steps, one for each parameter, which PyTorch keeps on the host."""


def placed(kind: type[nn.Module]) -> tuple[nn.Module, torch.Tensor]:
    """Return the network, made on the device, and its input there."""
    with torch.device("virtual"):
        return kind(), torch.rand(kind.shape)


@pytest.mark.parametrize("kind", NETWORKS)
def test_inference_is_what_the_device_gives(virtual: VirtualDevice, kind: type[nn.Module]) -> None:
    counted = ip.memory(kind().eval(), inputs=[torch.rand(kind.shape)])
    virtual.configure(block=1)
    network, x = placed(kind)
    network.eval()
    level = torch.accelerator.memory_allocated()
    torch.accelerator.reset_peak_memory_stats()
    with torch.no_grad():
        outputs = network(x)
    assert outputs is not None
    assert torch.accelerator.max_memory_allocated() - level == counted.peak_bytes
    assert torch.accelerator.memory_allocated() - level == counted.end_bytes


def trained(kind: type[nn.Module], name: str) -> tuple[list[int], list[int], int]:
    """Return the peaks and the ends of two steps, and how many parameters the optimizer has."""
    network, x = placed(kind)
    optimizer = OPTIMIZERS[name](network.train().parameters())
    level = torch.accelerator.memory_allocated()
    peaks, ends = [], []
    for _ in range(2):
        torch.accelerator.reset_peak_memory_stats()
        optimizer.zero_grad()
        outputs = network(x)
        loss = loss_of(outputs)
        loss.backward()
        optimizer.step()
        peaks.append(torch.accelerator.max_memory_allocated() - level)
        ends.append(torch.accelerator.memory_allocated() - level)
        del outputs, loss
    return peaks, ends, len(optimizer.state)


@pytest.mark.parametrize("kind", NETWORKS)
def test_training_is_what_the_device_gives(virtual: VirtualDevice, kind: type[nn.Module]) -> None:
    x = torch.rand(kind.shape)
    counted = ip.memory(kind().train(), inputs=[x], train=True, optimizer="momentum", foreach=True)
    virtual.configure(block=1)
    peaks, ends, _ = trained(kind, "momentum")
    assert ends == [counted.end_bytes, counted.end_bytes]
    spared = [counted.first_peak_bytes - peaks[0], counted.peak_bytes - peaks[1]]
    if kind is Dropped:  # an accelerator keeps a byte for each element it may drop, the CPU a float
        assert 0 <= min(spared) <= max(spared) == 3 * 16 * 64
    else:
        assert spared == [0, 0]


@pytest.mark.parametrize("kind", [Plain, Branches, Normalized])
def test_training_with_adam_is_what_the_device_gives(virtual: VirtualDevice, kind: type[nn.Module]) -> None:
    x = torch.rand(kind.shape)
    counted = ip.memory(kind().train(), inputs=[x], train=True, optimizer="adam", foreach=True)
    virtual.configure(block=1)
    peaks, ends, parameters = trained(kind, "adam")
    counters = parameters * COUNTER
    assert ends == [counted.end_bytes - counters] * 2
    assert peaks == [counted.first_peak_bytes - counters, counted.peak_bytes - counters]
