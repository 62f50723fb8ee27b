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


class Scaled(nn.Module):
    """A normalization of something that needs a gradient."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.norm, self.scale = norm, nn.Parameter(torch.ones(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(x * self.scale)
        return x * x


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


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("affine", [False, True])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("kind", ["BatchNorm", "InstanceNorm"])
def test_a_normalization_keeps_what_it_has_measured_and_nothing_else(
    kind: str, dimensions: int, affine: bool, tracked: bool, train: bool
) -> None:
    norm = getattr(nn, f"{kind}{dimensions}d")(8, affine=affine, track_running_stats=tracked)
    network = Scaled(norm).train(train)
    images = torch.rand(2, 8, *(5,) * dimensions)
    counted = ip.memory(network, inputs=[images], train=None, optimizer="sgd")
    assert counted.saved_bytes == reality.saved(network, images)
    if tracked and not train:
        inference = ip.memory(network, inputs=[images])
        assert (inference.peak_bytes, inference.end_bytes) == reality.inference(network, images)


def test_attention_never_holds_its_scores() -> None:
    network = Attentive()
    images, scores = image(network), 2 * 4 * 24 * 24 * 4
    counted = ip.memory(network, inputs=[images], train=True)
    assert counted.saved_bytes == reality.saved(network, images)
    steps = reality.training(network, "sgd", images)
    assert 0 <= steps.steady.peak - counted.peak_bytes < scores  # the kernel's own buffers are smaller
    assert counted.end_bytes == steps.steady.end
