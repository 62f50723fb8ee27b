"""The comparison with the originals itself: what must make it fail does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from tests.peers.transplant import (
    assert_same_function,
    difference,
    outputs,
    randomised,
    tensors,
    transplant,
    without_dropout,
)

SHAPE = (2, 3, 2, 2)


def net(width: int = 4, *, last: bool = True) -> nn.Module:
    head = [nn.Dropout(0.9), nn.Linear(4 * width, 2)] if last else []
    return nn.Sequential(nn.Conv2d(3, width, 1), nn.BatchNorm2d(width), nn.Flatten(), *head)


def test_a_transplant_makes_both_the_same_function() -> None:
    source, target = randomised(net()), net()
    assert difference(target, source, SHAPE) > 1e-5
    transplant(source, target)
    assert all(
        torch.equal(a, b) for a, b in zip(tensors(source).values(), tensors(target).values(), strict=True)
    )
    assert difference(target, source, SHAPE) == 0.0
    assert difference(target, source, SHAPE, training=True) == 0.0
    transplant(source, target, list(tensors(source)))
    assert_same_function(target, source, SHAPE, rtol=0.0)


def test_tensors_that_do_not_fit_are_named() -> None:
    with pytest.raises(AssertionError, match=r"0.weight \(5, 3, 1, 1\) cannot take 0.weight \(4, 3, 1, 1\)"):
        transplant(net(), net(5))
    for source, target in ((net(), net(last=False)), (net(last=False), net())):
        with pytest.raises(AssertionError, match=r"\d tensors of the original for \d of ours"):
            transplant(source, target)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda names: names[:-1], r"left over: \['4.bias'\]"),
        (lambda names: [*names, names[0]], r"used twice: \['0.weight'\]"),
        (lambda names: ["other", *names[1:]], r"not in the original: \['other'\]"),
        (lambda names: names[::-1], "cannot take"),
    ],
)
def test_an_order_must_use_every_tensor_once(change: Callable[[list[str]], list[str]], says: str) -> None:
    source = net()
    with pytest.raises(AssertionError, match=says):
        transplant(source, net(), change(list(tensors(source))))


@pytest.mark.parametrize("name", tensors(net()))
def test_one_wrong_number_is_seen(name: str) -> None:
    source, target = randomised(net()), net()
    transplant(source, target)
    tensors(target)[name].view(-1)[0] *= 1.01
    with pytest.raises(AssertionError, match="outputs differ by"):
        assert_same_function(target, source, SHAPE)


def test_another_epsilon_is_seen() -> None:
    source, target = randomised(net()), net()
    transplant(source, target)
    target.get_submodule("1").eps = 1e-3
    with pytest.raises(AssertionError, match="outputs differ by"):
        assert_same_function(target, source, SHAPE)


def test_answers_that_prove_nothing_are_refused() -> None:
    source, target = randomised(net()), net()
    for name, factor in (("4.weight", 0.0), ("4.weight", 1e12), ("4.weight", torch.inf)):
        tensors(source)[name].copy_(torch.ones(2, 16) * factor)
        transplant(source, target)
        with pytest.raises(AssertionError, match=r"alike|prove nothing"):
            assert_same_function(target, source, SHAPE)


def test_outputs_must_be_as_many_and_as_wide() -> None:
    class Two(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return x, x

    with pytest.raises(AssertionError, match="2 outputs against 1"):
        difference(Two(), nn.Identity(), SHAPE)
    with pytest.raises(AssertionError, match=r"\(2, 12\) against \(2, 3, 2, 2\)"):
        difference(nn.Flatten(), nn.Identity(), SHAPE)
    assert len(outputs(Two()(torch.zeros(1)))) == 2


def test_dropout_is_off_in_training_too() -> None:
    network = without_dropout(net().train())
    assert [part.training for part in network] == [True, True, True, False, True]


def test_random_values_leave_nothing_trivial() -> None:
    for name, tensor in tensors(randomised(net())).items():
        assert tensor.unique().numel() == tensor.numel() > 1, name
        assert not name.endswith("running_var") or tensor.min() > 0
    norm = randomised(nn.BatchNorm2d(1000))
    assert norm.running_var is not None
    assert 0.5 <= float(norm.running_var.min()) < 0.6
    assert float(norm.bias.detach().abs().max()) > 0.4
