"""Resampling of feature maps: interpolation, pixel shuffling, unfolding."""

from __future__ import annotations

import math
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.pooling import adaptive_shape
from inception_profiler.ops.rule import MOVEMENT, ON_META, Outcome, cover, op, require, spellings

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

    Nearest takes none; ``area`` is an adaptive average pooling. Shapes: input (N, C, H, W), output (N, C, *size), where
    ``size = ⌊H · scale_factor⌋``.
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
        factors = (scale_factor,) * dimensions if isinstance(scale_factor, int | float) else tuple(scale_factor)
        require(len(factors) == dimensions)
        target = tuple(math.floor(side * factor) for side, factor in zip(given, factors, strict=True))
    require(len(target) == dimensions and min(target) > 0)
    shape = (*input.shape[:2], *target)
    attributes = (("mode", mode),)
    if mode == "area":
        _, read = adaptive_shape(input, target, dimensions)
        numel = math.prod(shape)
        return Outcome(shape, adds=read - numel, divisions=numel, spatial=dimensions, attributes=attributes)
    taps, numel = _TAPS[mode], math.prod(shape)
    weighed = 0 if taps == 1 else taps * numel
    return Outcome(
        shape, multiplications=weighed, adds=(taps - 1) * numel, spatial=dimensions, attributes=attributes
    )


@op(*spellings("pixel_shuffle", "pixel_unshuffle", "channel_shuffle"))
def shuffle(input: Tensor, factor: int) -> Outcome:
    """Price a rearrangement between channels and pixels: no operations, only bytes."""
    return Outcome(ON_META, spatial=2)


@op(F.unfold, F.fold)
def unfold(*arguments: Any, **options: Any) -> Outcome:
    """Price a gathering of patches into columns, or back: no operations, only bytes."""
    return MOVEMENT


