"""Normalizations: batch, group, layer, instance, RMS and local response."""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import Outcome, op, require


def normalized(
    input: Tensor, groups: int, *, measured: bool, updated: int = 0, weight: Tensor | None = None
) -> Outcome:
    """Price ``y = γ · (x − μ) / √(σ² + ε) + β`` over ``groups`` sets of statistics.

    Once per set, ``1/√(σ² + ε)`` takes one add, one root and one division. Per element, scale and shift
    folded together take one multiplication and one add, with or without γ and β. Where mean and variance are
    ``measured``, the mean takes an add per element and a division per set; the variance a subtraction, a
    squaring and an add per element and a division per set. Each of ``updated`` running values takes two
    multiplications and one add: ``(1 − m) · running + m · new``. That there is a ``weight`` γ changes no
    count here, but those of other tools.
    """
    shape = tuple(input.shape)
    numel = math.prod(shape)
    temporary = 2 * groups * input.dtype.itemsize  # what each set is scaled and shifted by
    attributes = (("affine", weight is not None), ("measured", measured))
    if not measured:
        return Outcome(
            shape,
            adds=numel + groups,
            multiplications=numel,
            divisions=groups,
            exponentials=groups,
            temporary_bytes=temporary,
            attributes=attributes,
        )
    return Outcome(
        shape,
        adds=4 * numel + groups + updated,
        multiplications=2 * (numel + updated),
        divisions=3 * groups,
        exponentials=groups,
        temporary_bytes=temporary,
        attributes=attributes,
    )


def _fitting(size: int, *vectors: Tensor | None) -> None:
    """Require that each vector that is given has one element for each channel."""
    for vector in vectors:
        require(vector is None or vector.shape == (size,))


@op(torch.batch_norm, name="batch_norm")
def batch_norm_function(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Outcome:
    """Price a batch normalization: C sets of statistics, measured in training only.

    Shapes: input and output (N, C, …), statistics and affine parameters (C,). In training the running
    statistics are updated with two multiplications and one add each.
    """
    shape = input.shape
    require(len(shape) >= 2)
    channels = shape[1]
    _fitting(channels, running_mean, running_var, weight, bias)
    require((running_mean is None) == (running_var is None) and (training or running_mean is not None))
    kept = 2 * channels if training and running_mean is not None else 0
    return normalized(input, channels, measured=training, updated=kept, weight=weight)


@op(F.batch_norm)
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Outcome:
    """Price a batch normalization as ``torch.batch_norm``; to train, a channel needs several values."""
    shape = input.shape
    require(not training or (len(shape) >= 2 and math.prod(shape) != shape[1]))
    return batch_norm_function(input, weight, bias, running_mean, running_var, training, momentum, eps, False)


@op(torch.instance_norm, name="instance_norm")
def instance_norm_function(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Outcome:
    """Price an instance normalization: N·C sets of statistics, C where the running ones are used.

    Running values that are updated are first averaged over the batch: N adds and one division each, of which
    one add is their update's own. Shapes: input and output (N, C, …).
    """
    shape = input.shape
    require(len(shape) >= 2)
    examples, channels = shape[0], shape[1]
    _fitting(channels, running_mean, running_var, weight, bias)
    require((running_mean is None) == (running_var is None) and (use_input_stats or running_mean is not None))
    repeated = 2 * examples * channels * input.dtype.itemsize  # running values, once for each example
    launches = 1 + sum(vector is not None for vector in (weight, bias, running_mean, running_var))
    if not use_input_stats:
        return normalized(input, channels, measured=False, weight=weight)._replace(
            temporary_bytes=2 * repeated, launches=launches
        )
    if running_mean is None:
        return normalized(input, examples * channels, measured=True, weight=weight)._replace(
            launches=launches
        )
    kept = 2 * channels
    outcome = normalized(input, examples * channels, measured=True, updated=kept, weight=weight)
    return outcome._replace(
        adds=outcome.adds + (examples - 1) * kept,
        divisions=outcome.divisions + kept,
        temporary_bytes=outcome.temporary_bytes + repeated,
        launches=launches + 4,  # two means over the examples, two copies
    )


@op(F.instance_norm)
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Outcome:
    """Price an instance normalization as ``torch.instance_norm``; a channel needs more than one position."""
    require(not use_input_stats or math.prod(input.shape[2:]) != 1)
    return instance_norm_function(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, False
    )


@op(torch.group_norm, name="group_norm")
def group_norm_function(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Outcome:
    """Price a group normalization: N·G sets of statistics.

    Shapes: input and output (N, C, …), G divides C.
    """
    shape = input.shape
    require(len(shape) >= 2 and num_groups > 0 and shape[1] % num_groups == 0)
    _fitting(shape[1], weight, bias)
    return normalized(input, shape[0] * num_groups, measured=True, weight=weight)


@op(F.group_norm)
def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Outcome:
    """Price a group normalization as ``torch.group_norm``; a group needs more than one value."""
    shape = input.shape
    require(len(shape) >= 2 and num_groups > 0)
    require(shape[0] * shape[1] // num_groups * math.prod(shape[2:]) != 1)
    return group_norm_function(input, num_groups, weight, bias, eps)


@op(F.layer_norm, torch.layer_norm)
def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Outcome:
    """Price a layer normalization: one set of statistics per position.

    Shapes: input and output (…, *normalized_shape).
    """
    tail = tuple(normalized_shape)
    require(len(tail) > 0 and tuple(input.shape[-len(tail) :]) == tail)
    for vector in (weight, bias):
        require(vector is None or vector.shape == tail)
    sets = math.prod(input.shape[: -len(tail)])
    return normalized(input, sets, measured=True, weight=weight)


@op(F.rms_norm, torch.rms_norm)
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Outcome:
    """Price a root-mean-square normalization ``y = x / √(mean(x²) + ε) · γ``.

    Per element a squaring, an add and a scaling (and one more with γ); per position two divisions, an add and
    a root.
    """
    tail = tuple(normalized_shape)
    require(len(tail) > 0 and tuple(input.shape[-len(tail) :]) == tail)
    require(weight is None or weight.shape == tail)
    numel, sets = math.prod(input.shape), math.prod(input.shape[: -len(tail)])
    temporary = 2 * sets if weight is None else numel + sets
    return Outcome(
        tuple(input.shape),
        adds=numel + sets,
        multiplications=(2 if weight is None else 3) * numel,
        divisions=2 * sets,
        exponentials=sets,
        temporary_bytes=temporary * input.dtype.itemsize,
        launches=5 if weight is None else 6,
    )


@op(F.local_response_norm)
def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Outcome:
    """Price a local response normalization ``y = x / (k + α/n · Σ x²)^β`` over n neighbouring channels.

    Per element: one squaring and one scaling by α/n (multiplications), n − 1 adds for the window and one for
    k, one power (exponential), one division. Source: Krizhevsky et al. 2012, section 3.3.

    PyTorch runs it as a chain of kernels on full-size tensors. Beside input and output, the worst moment
    holds either the squares padded by n − 1 channels, or two full-size intermediates of ``(k + α · mean)^β``.
    """
    shape = input.shape
    require(len(shape) >= 3 and size > 0)
    numel = math.prod(shape)
    padded = numel // shape[1] * (shape[1] + size - 1)
    return Outcome(
        tuple(shape),
        adds=size * numel,
        multiplications=2 * numel,
        divisions=numel,
        exponentials=numel,
        temporary_bytes=max(padded, 2 * numel) * input.dtype.itemsize,
        launches=7,
        attributes=(("size", size),),
    )


@op(torch._weight_norm)
def weight_norm(v: Tensor, g: Tensor, dim: int = 0) -> Outcome:
    """Price a weight made of a direction and lengths: ``w = v · (g / ‖v‖)``, the norm over all but ``dim``.

    Per element of v a squaring and a multiplication; per norm of D elements D − 1 adds, a root and a
    division. Shapes: v and w (C, …), g (C, 1, …).
    """
    require(-1 <= dim < v.dim() and v.dtype is g.dtype)
    norms = 1 if dim == -1 else v.shape[dim]
    require(g.numel() == norms)
    numel = v.numel()
    return Outcome(
        tuple(v.shape),
        multiplications=2 * numel,
        adds=max(numel - norms, 0),
        exponentials=norms,
        divisions=norms,
        launches=1 if dim in {0, v.dim() - 1} else 3 if dim == -1 else 4,  # fused for an outermost dimension
    )
