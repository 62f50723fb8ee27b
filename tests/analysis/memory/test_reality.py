"""The memory lens against the allocator of the CPU and `saved_tensors_hooks`, where no library needs more."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import inception_profiler as ip
from tests.analysis.memory import reality
from tests.analysis.memory.networks import NETWORKS, Attentive, Branches, Normalized, Plain
from tests.analysis.memory.reality import OPTIMIZERS, SCALARS


def image(network: Any) -> torch.Tensor:
    return torch.rand(network.shape)


@pytest.mark.parametrize("kind", NETWORKS)
def test_inference_is_what_the_allocator_gives(kind: type[nn.Module]) -> None:
    network = kind().eval()
    counted = ip.memory(network, inputs=[image(network)])
    taken = reality.inference(network, image(network))
    assert (counted.peak_bytes, counted.end_bytes) == taken


@pytest.mark.parametrize("kind", NETWORKS)
def test_autograd_saves_what_its_hooks_are_told(kind: type[nn.Module]) -> None:
    network = kind().train()
    counted = ip.memory(network, inputs=[image(network)], train=True)
    assert counted.saved_bytes == reality.saved(network, image(network))
    assert counted.saved_bytes == sum(layer.saved_bytes for layer in counted.layers)


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_training_step_is_what_the_allocator_gives(kind: type[nn.Module]) -> None:
    network = kind().train()
    counted = ip.memory(network, inputs=[image(network)], train=True, optimizer="momentum")
    steps = reality.training(network, "momentum", image(network))
    assert counted.optimizer_bytes == steps.state
    assert (counted.first_peak_bytes, counted.peak_bytes) == (steps.first.peak, steps.steady.peak)
    assert counted.end_bytes == steps.first.end == steps.steady.end


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str) -> None:
    network = Plain()
    counted = ip.memory(network, inputs=[image(network)], train=True, optimizer=name)
    steps = reality.training(network, name, image(network))
    assert counted.optimizer_bytes == steps.state
    assert counted.end_bytes == steps.first.end == steps.steady.end
    assert 0 <= steps.first.peak - counted.first_peak_bytes <= SCALARS
    assert 0 <= steps.steady.peak - counted.peak_bytes <= SCALARS
    assert counted.gradient_bytes == reality.nbytes(network.parameters())


@pytest.mark.parametrize("name", ["momentum", "adam"])
@pytest.mark.parametrize("kind", [Plain, Branches, Normalized])
def test_an_optimizer_that_updates_all_parameters_at_once(kind: type[nn.Module], name: str) -> None:
    network = kind().train()
    counted = ip.memory(network, inputs=[image(network)], train=True, optimizer=name, foreach=True)
    steps = reality.training(network, name, image(network), foreach=True)
    assert counted.optimizer_bytes == steps.state
    assert counted.end_bytes == steps.first.end == steps.steady.end
    assert 0 <= steps.first.peak - counted.first_peak_bytes <= SCALARS
    assert 0 <= steps.steady.peak - counted.peak_bytes <= SCALARS


def test_attention_never_holds_its_scores() -> None:
    network = Attentive()
    images, scores = image(network), 2 * 4 * 24 * 24 * 4
    counted = ip.memory(network, inputs=[images], train=True)
    assert counted.saved_bytes == reality.saved(network, images)
    steps = reality.training(network, "sgd", images)
    assert 0 <= steps.steady.peak - counted.peak_bytes < scores  # the kernel's own buffers are smaller
    assert counted.end_bytes == steps.steady.end
