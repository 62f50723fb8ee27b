"""Resampling of feature maps: interpolation, pixel shuffling, unfolding."""

from __future__ import annotations

import math
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.pooling import adaptive_shape
from inception_profiler.ops.rule import (
    MOVEMENT,
    ON_META,
    Outcome,
    cover,
    op,
    per_dimension,
    require,
    spellings,
)
from inception_profiler.records.trace import Attribute

_TAPS = {"nearest": 1, "nearest-exact": 1, "linear": 2, "bilinear": 4, "trilinear": 8, "bicubic": 16}
_DIMENSIONS = {"linear": 1, "bilinear": 2, "trilinear": 3, "bicubic": 2}


@op(F.interpolate)
def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Outcome:
    """Price an interpolation.

    Each output element weighs T neighbours (linear 2, bilinear 4, trilinear 8, bicubic 16)::

        multiplications = T · outputs        adds = (T − 1) · outputs

    Nearest takes none; ``area`` is an adaptive average pooling. Shapes: input (N, C, H, W), output (N, C,
    *size), where ``size = ⌊H · scale_factor⌋``.
    """
    cover(not antialias)
    dimensions = input.dim() - 2
    require(1 <= dimensions <= 3 and (size is None) != (scale_factor is None))
    require(mode in {*_TAPS, "area"} and _DIMENSIONS.get(mode, dimensions) == dimensions)
    require(align_corners is None or mode in _DIMENSIONS)
    given = tuple(input.shape[2:])
    if size is not None:
        target = (size,) * dimensions if isinstance(size, int) else tuple(size)
    else:
        factors = (
            (scale_factor,) * dimensions if isinstance(scale_factor, int | float) else tuple(scale_factor)
        )
        require(len(factors) == dimensions)
        target = tuple(math.floor(side * factor) for side, factor in zip(given, factors, strict=True))
    require(len(target) == dimensions and min(target) > 0)
    shape = (*input.shape[:2], *target)
    attributes: tuple[tuple[str, Attribute], ...] = (
        ("mode", mode),
        ("size", size if size is None or isinstance(size, int) else tuple(size)),
        ("scale", scale_factor if isinstance(scale_factor, int | float | None) else tuple(scale_factor)),
        ("align_corners", bool(align_corners)),
        ("recompute_scale_factor", bool(recompute_scale_factor)),
    )
    if mode == "area":
        _, read = adaptive_shape(input, target, dimensions)
        numel = math.prod(shape)
        return Outcome(shape, adds=read - numel, divisions=numel, spatial=dimensions, attributes=attributes)
    taps, numel = _TAPS[mode], math.prod(shape)
    weighed = 0 if taps == 1 else taps * numel
    return Outcome(
        shape, multiplications=weighed, adds=(taps - 1) * numel, spatial=dimensions, attributes=attributes
    )


@op(*spellings("pixel_shuffle"))
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Outcome:
    """Price a rearrangement of channels into pixels: no operations, only bytes.

    Shapes: (…, C·r², H, W) to (…, C, H·r, W·r).
    """
    require(input.dim() >= 3 and upscale_factor > 0 and input.shape[-3] % upscale_factor**2 == 0)
    return Outcome(ON_META, spatial=2)


@op(*spellings("pixel_unshuffle"))
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Outcome:
    """Price a rearrangement of pixels into channels: no operations, only bytes.

    Shapes: (…, C, H·r, W·r) to (…, C·r², H, W).
    """
    require(input.dim() >= 3 and downscale_factor > 0)
    require(input.shape[-1] % downscale_factor == 0 and input.shape[-2] % downscale_factor == 0)
    return Outcome(ON_META, spatial=2)


@op(*spellings("channel_shuffle"))
def channel_shuffle(input: Tensor, groups: int) -> Outcome:
    """Price a rearrangement of channels among groups: no operations, only bytes.

    Shapes: (N, C, …) to the same.
    """
    require(input.dim() > 2 and groups > 0 and input.shape[1] % groups == 0)
    return MOVEMENT


def _positions(sides: Any, kernel: Any, dilation: Any, padding: Any, stride: Any) -> int:
    """Return at how many positions a patch can be laid down; there must be one."""
    sizes = [per_dimension(size, 2) for size in (sides, kernel, dilation, padding, stride)]
    require(min(*sizes[1], *sizes[2], *sizes[4]) > 0 and min(sizes[3]) >= 0)
    counts = [(side + 2 * pad - d * (k - 1) - 1) // s + 1 for side, k, d, pad, s in zip(*sizes, strict=True)]
    require(min(counts) > 0)
    return math.prod(counts)


@op(F.unfold)
def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Outcome:
    """Price a gathering of patches into columns: no operations, only bytes.

    Shapes: (N, C, H, W) to (N, C·K, L).
    """
    require(input.dim() in {3, 4})
    _positions(input.shape[-2:], kernel_size, dilation, padding, stride)
    return MOVEMENT


@op(F.fold)
def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Outcome:
    """Price a sum of columns into an image of zeros: one add per element of the columns.

    Shapes: (N, C·K, L) to (N, C, H, W).
    """
    require(input.dim() in {2, 3})
    require(input.shape[-1] == _positions(output_size, kernel_size, dilation, padding, stride))
    return Outcome(ON_META, adds=math.prod(input.shape))
