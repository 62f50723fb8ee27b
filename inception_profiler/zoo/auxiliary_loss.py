"""The loss of a network with auxiliary heads."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from inception_profiler.errors import InputError

WEIGHT = 0.3


def auxiliary_loss(
    output: Tensor | tuple[Tensor | None, ...], target: Tensor, weights: float | Sequence[float] = WEIGHT
) -> Tensor:
    """Add the losses of the auxiliary heads, at a discount, to the loss of the logits.

    With cross entropy as the loss L of each head::

        total = L(logits, target) + Σ weight_i · L(auxiliary_i, target)

    A network's own output goes in as it is: in training a named tuple of the logits and the auxiliary logits,
    in inference and without auxiliary heads the logits alone, for which the total is their loss.

    Shapes: logits and auxiliary logits (N, classes), target (N,) of class indices, total ().

    Args:
        output: what the network returned; a head that was not built may be None.
        target: the right classes.
        weights: one weight for all auxiliary heads, or one for each in the order of ``output``.

    Raises:
        InputError: not as many weights as auxiliary outputs.

    Source: Szegedy et al., Going Deeper with Convolutions, arXiv:1409.4842, section 5 (weight 0.3).
    """
    if isinstance(output, Tensor):
        return F.cross_entropy(output, target)
    logits, *heads = output
    if logits is None:
        raise InputError("the output has no logits: its first part is None")
    factors = [weights] * len(heads) if isinstance(weights, int | float) else list(weights)
    if len(factors) != len(heads):
        mismatch = f"{len(factors)} weights for {len(heads)} auxiliary outputs"
        raise InputError(f"{mismatch}: give one for each, or one number for all")
    total = F.cross_entropy(logits, target)
    for factor, head in zip(factors, heads, strict=True):
        if head is not None:
            total = total + factor * F.cross_entropy(head, target)
    return total
