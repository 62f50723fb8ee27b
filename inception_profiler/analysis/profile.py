"""Profile a model: build it if it is a name, trace it, price it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.price import price
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.analysis.trace import trace
from inception_profiler.records.profile import Profile

if TYPE_CHECKING:
    from torch import nn


def profile(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    batch: int | None = None,
    train: bool | None = False,
    dtype: str = "",
) -> Profile:
    """Count what a model costs, layer by layer, without running it and without changing it.

    Args:
        model: any ``torch.nn.Module``, or the spelling of one that `resolve` understands: a registered name,
            ``timm:resnet50``, ``package.module:build``, ``file.py:Net``.
        input_shape: N C H W; for a name also C H W. The model's own input if left out, where it is known.
        inputs: several inputs in place of ``input_shape``: a list of shapes, texts like ``"int64:1x128"`` and
            tensors, or a dict of named ones, such as a tokenizer returns. See `gather`.
        batch: images in a batch, in place of N.
        train: False counts inference, whatever the module's flags say; True counts training, with the
            auxiliary heads of a registered model built and executed; None (modules only) counts each module
            as its own flag says.
        dtype: type of the weights, and of inputs that do not say theirs, ``"float16"``; for names only.

    Returns:
        The profile. For a module its flags, statistics, weights, hooks and random states are what they were.

    Raises:
        UnknownNameError: no model of that name.
        InputError: no or a bad input.
        LayerError: a layer cannot take its input.
    """
    return counted(subject(model, input_shape, inputs=inputs, batch=batch, train=train, dtype=dtype))


def counted(about: Subject) -> Profile:
    """Trace and price a subject."""
    facts = trace(about.network, about.inputs, train=about.train, name=about.name)
    return price(facts, about.naming, about.auxiliary)
