"""The loss that a training step is given: the sum of everything that the model returns."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from inception_profiler.analysis.returned import returned_tensors
from inception_profiler.errors import InputError


def loss_of(outputs: Any) -> Tensor:
    """Return the sum of all elements of all outputs that depend on a parameter; absolute values of complex.

    Auxiliary heads are outputs too, so all of the network is trained.

    Raises:
        InputError: no output depends on a parameter that is trained.
    """
    terms = [
        (tensor.abs() if tensor.is_complex() else tensor).sum()
        for tensor in reversed(returned_tensors(outputs))  # found last to first
        if tensor.requires_grad
    ]
    if not terms:
        raise InputError("nothing to train: no output of the model depends on a parameter that is not frozen")
    loss = terms[0]
    for term in terms[1:]:
        loss = loss + term
    return loss
