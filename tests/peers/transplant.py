"""Moves the weights of an original into our network, and compares the two as functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

COUNTER = "num_batches_tracked"

M = TypeVar("M", bound=nn.Module)


def tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return parameters and buffers by name, without the counters that no function depends on."""
    return {name: tensor for name, tensor in module.state_dict().items() if not name.endswith(COUNTER)}


@torch.no_grad()
def transplant(source: nn.Module, target: nn.Module, order: Sequence[str] | None = None) -> None:
    """Copy every tensor of ``source`` into ``target``, pair by pair in the order of their state dicts.

    Args:
        source: the original.
        target: our network.
        order: names of the source's tensors in the target's order, where the two register them differently.

    Raises:
        AssertionError: a tensor of either side is left over, used twice or of another shape than its pair.
    """
    theirs, ours = tensors(source), tensors(target)
    names = list(theirs) if order is None else list(order)
    twice = [name for name, times in Counter(names).items() if times > 1]
    assert not twice, f"used twice: {twice}"
    unknown, left = sorted(set(names) - set(theirs)), sorted(set(theirs) - set(names))
    assert not unknown, f"not in the original: {unknown}"
    assert not left, f"left over: {left}"
    assert len(names) == len(ours), f"{len(names)} tensors of the original for {len(ours)} of ours"
    for name, (own, tensor) in zip(names, ours.items(), strict=True):
        assert tensor.shape == theirs[name].shape, (
            f"{own} {tuple(tensor.shape)} cannot take {name} {tuple(theirs[name].shape)}"
        )
        tensor.copy_(theirs[name])


@torch.no_grad()
def randomised(module: M, seed: int = 0) -> M:
    """Fill every parameter and floating buffer with moderate random values, so that none is neutral.

    Weights keep the size of what flows through them; variances are positive.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in tensors(module).items():
        if not tensor.is_floating_point():
            continue
        tensor.normal_(generator=generator)
        if name.endswith("running_var"):
            tensor.abs_().add_(0.5)
        elif tensor.dim() > 1:
            tensor.mul_((2 / tensor[0].numel()) ** 0.5)
        elif name.endswith("weight"):
            tensor.mul_(0.2).add_(1)
        else:
            tensor.mul_(0.2)
    return module


def outputs(result: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Return the logits, and the auxiliary logits where there are any."""
    return (result,) if isinstance(result, Tensor) else tuple(result)


def without_dropout(module: nn.Module) -> nn.Module:
    """Return ``module`` with every dropout switched to evaluation, which a functional dropout escapes."""
    for part in module.modules():
        if isinstance(part, nn.modules.dropout._DropoutNd):
            part.eval()
    return module


@torch.no_grad()
def difference(
    ours: nn.Module, theirs: nn.Module, shape: tuple[int, ...], *, training: bool = False, seed: int = 0
) -> float:
    """Return the largest deviation of our outputs from the original's, as a share of their largest value.

    Both are left in double precision, so that rounding does not hide a difference, and in evaluation or
    training; there, batch statistics are measured and dropout is off.
    """
    x = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    own, other = (outputs(without_dropout(module.double().train(training))(x)) for module in (ours, theirs))
    assert len(own) == len(other), f"{len(own)} outputs against {len(other)}"
    worst = 0.0
    for a, b in zip(own, other, strict=True):
        assert a.shape == b.shape, f"{tuple(a.shape)} against {tuple(b.shape)}"
        scale = b.abs().max()
        assert 1e-6 < scale < 1e9, f"outputs of size {scale} prove nothing"
        assert (b[0] - b[-1]).abs().max() > 1e-3 * scale, "the original answers every image alike"
        worst = max(worst, ((a - b).abs().max() / scale).item())
    return worst


def assert_same_function(
    ours: nn.Module,
    theirs: nn.Module,
    shape: tuple[int, ...],
    rtol: float = 1e-5,
    *,
    training: bool = False,
) -> None:
    """Assert that both networks answer the same to the same images, to ``rtol`` of the largest answer."""
    worst = difference(ours, theirs, shape, training=training)
    assert worst <= rtol, f"outputs differ by {worst:.2e} of the largest, more than {rtol:.0e}"
