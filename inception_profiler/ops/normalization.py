"""Normalizations: batch, group, layer, instance, RMS and local response."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import Outcome, op, require


def statistics(numel: int, groups: int) -> dict[str, int]:
    """Operations that find mean and variance of ``groups`` sets of together ``numel`` elements.

    The mean takes an add per element and a division per set; the variance a subtraction, a squaring and an add per
    element and a division per set.
    """
    return {"adds": 3 * numel, "multiplications": numel, "divisions": 2 * groups}


def normalized(input: Tensor, groups: int, *, measured: bool, temporary_bytes: int = 0) -> Outcome:
    """Price ``y = γ · (x − μ) / √(σ² + ε) + β`` over ``groups`` sets of statistics.

    Once per set, ``1/√(σ² + ε)`` takes one add, one root and one division. Per element, scale and shift folded
    together take one multiplication and one add, with or without γ and β. ``measured`` adds what it takes to find μ
    and σ² first.
    """
    numel = math.prod(input.shape)
    first = statistics(numel, groups) if measured else {"adds": 0, "multiplications": 0, "divisions": 0}
    return Outcome(
        tuple(input.shape),
        adds=first["adds"] + numel + groups,
        multiplications=first["multiplications"] + numel,
        divisions=first["divisions"] + groups,
        exponentials=groups,
        temporary_bytes=temporary_bytes,
    )


@op(F.batch_norm, torch.batch_norm)
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float | None = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = False,
) -> Outcome:
    """Price a batch normalization: C sets of statistics, measured in training only.

    Shapes: input and output (N, C, …), statistics and affine parameters (C,). In training the running statistics are
    updated with two multiplications and one add each.
    """
    shape = input.shape
    require(len(shape) >= 2)
    channels = shape[1]
    for vector in (running_mean, running_var, weight, bias):
        require(vector is None or vector.shape == (channels,))
    require(training or (running_mean is not None and running_var is not None))
    require(not training or math.prod(shape) > channels)
    size = input.dtype.itemsize
    outcome = normalized(input, channels, measured=training, temporary_bytes=2 * channels * size if training else 0)
    if training and running_mean is not None:
        return outcome._replace(adds=outcome.adds + 2 * channels, multiplications=outcome.multiplications + 4 * channels)
    return outcome


@op(F.instance_norm, torch.instance_norm)
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = False,
) -> Outcome:
    """Price an instance normalization: N·C sets of statistics, C where the running ones are used.

    Shapes: input and output (N, C, …).
    """
    shape = input.shape
    require(len(shape) >= 2)
    for vector in (running_mean, running_var, weight, bias):
        require(vector is None or vector.shape == (shape[1],))
    require(use_input_stats or (running_mean is not None and running_var is not None))
    require(not use_input_stats or math.prod(shape[2:]) > 1)
    return normalized(input, shape[0] * shape[1] if use_input_stats else shape[1], measured=use_input_stats)


@op(F.group_norm, torch.group_norm)
def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Outcome:
    """Price a group normalization: N·G sets of statistics. Shapes: input and output (N, C, …), G divides C."""
    shape = input.shape
    require(len(shape) >= 2 and num_groups > 0 and shape[1] % num_groups == 0)
    require(shape[0] * math.prod(shape[2:]) * (shape[1] // num_groups) > shape[0])
    for vector in (weight, bias):
        require(vector is None or vector.shape == (shape[1],))
    sets = shape[0] * num_groups
    return normalized(input, sets, measured=True, temporary_bytes=2 * sets * input.dtype.itemsize)


@op(F.layer_norm, torch.layer_norm)
def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Outcome:
    """Price a layer normalization: one set of statistics per position. Shapes: input and output (…, *normalized_shape)."""
    tail = tuple(normalized_shape)
    require(len(tail) > 0 and tuple(input.shape[-len(tail) :]) == tail)
    for vector in (weight, bias):
        require(vector is None or vector.shape == tail)
    sets = math.prod(input.shape[: -len(tail)])
    return normalized(input, sets, measured=True, temporary_bytes=2 * sets * input.dtype.itemsize)


@op(F.rms_norm, torch.rms_norm)
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Outcome:
    """Price a root-mean-square normalization ``y = x / √(mean(x²) + ε) · γ``.

    Per element a squaring, an add and a scaling (and one more with γ); per position two divisions, an add and a root.
    """
    tail = tuple(normalized_shape)
    require(len(tail) > 0 and tuple(input.shape[-len(tail) :]) == tail)
    require(weight is None or weight.shape == tail)
    numel, sets = math.prod(input.shape), math.prod(input.shape[: -len(tail)])
    return Outcome(
        tuple(input.shape),
        adds=numel + sets,
        multiplications=(2 if weight is None else 3) * numel,
        divisions=2 * sets,
        exponentials=sets,
    )


@op(F.local_response_norm)
def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Outcome:
    """Price a local response normalization ``y = x / (k + α/n · Σ x²)^β`` over n neighbouring channels.

    Per element: one squaring and one scaling by α/n (multiplications), n − 1 adds for the window and one for k, one
    power (exponential), one division. Source: Krizhevsky et al. 2012, section 3.3.

    PyTorch runs it as a chain of kernels on full-size tensors. Beside input and output, the worst moment holds either
    the squares padded by n − 1 channels, or two full-size intermediates of ``(k + α · mean)^β``.
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
        attributes=(("size", size),),
    )
