"""What the tests of several networks ask of them: sizes after each stage, and one step of training."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import inception_profiler as ip
from inception_profiler.errors import LayerError
from inception_profiler.zoo.card import MODELS, build

Sizes = dict[str, tuple[int, ...]]

ANSWERS = {"inception_v1_blog": (1, 1)}
"""What stands between the batch and the classes of an answer, where anything does."""


def sizes(name: str, stages: Iterable[str], side: int | None = None) -> Sizes:
    """Return the shape, without the batch, after each of ``stages`` of a registered model, run on meta.

    The image is the card's, or as high and wide as ``side``. The answer must be one value for each class.
    """
    model = build(name, device="meta").eval()
    card = MODELS.get(name).card
    channels, height, width = card.input
    found: Sizes = {}
    for stage in stages:

        def note(_: nn.Module, __: object, output: Tensor, stage: str = stage) -> None:
            found[stage] = tuple(output.shape[1:])

        model.get_submodule(stage).register_forward_hook(note)
    with torch.no_grad():
        answer = model(torch.empty(2, channels, side or height, side or width, device="meta"))
    assert answer.shape == (2, *ANSWERS.get(name, ()), card.classes)
    return found


def auxiliary_widths(name: str, classes: int = 7) -> dict[str, tuple[int, ...]]:
    """Return the fields that training with auxiliary heads answers with, and their shapes."""
    card = MODELS.get(name).card
    model = build(name, aux=True, num_classes=classes, device="meta")
    output = model.train()(torch.empty(2, *card.input, device="meta"))
    assert model.eval()(torch.empty(2, *card.input, device="meta")).shape == (2, classes)
    return {field: tuple(value.shape) for field, value in output._asdict().items()}


def trains(network: nn.Module, shape: tuple[int, ...]) -> None:
    """Assert that a step of gradient descent leaves every weight finite and moves every one that may move."""
    torch.manual_seed(0)
    network.train()
    before = {key: value.detach().clone() for key, value in network.named_parameters()}
    output = network(torch.randn(shape))
    answers = [each.flatten(1) for each in (output if isinstance(output, tuple) else (output,))]
    target = torch.arange(shape[0]) % answers[0].shape[1]
    loss = torch.stack([F.cross_entropy(each, target) for each in answers]).sum()
    assert torch.isfinite(loss)
    loss.backward()
    torch.optim.SGD(network.parameters(), lr=0.01).step()
    for key, value in network.named_parameters():
        assert value.grad is not None, f"{key} takes no part in training"
        assert torch.isfinite(value.grad).all(), key
        assert torch.isfinite(value).all(), key
        if value.grad.abs().max() > 1e-4:
            assert not torch.equal(value, before[key]), key


def refuses(name: str, small: int) -> None:
    """Assert that a colour too many and an image of side ``small`` are refused, by the layer's name."""
    channels, height, width = MODELS.get(name).card.input
    with pytest.raises(LayerError, match=rf"^layer \S+: .*{channels} channels, but got {channels + 1}"):
        ip.profile(name, (1, channels + 1, height, width))
    with pytest.raises(LayerError, match=r"^layer \S+: .*([Ss]mall|can't be greater)"):
        ip.profile(name, (1, channels, small, small))
