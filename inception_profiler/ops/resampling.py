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
_REACH = {"bilinear": 1, "bicubic": 2}
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

    Nearest takes none; ``area`` is an adaptive average pooling; ``antialias`` filters one dimension after the
    other, see `_filtered`. Shapes: input (N, C, H, W), output (N, C, *size), where ``size = ⌊H ·
    scale_factor⌋``.
    """
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
    if antialias:
        cover(recompute_scale_factor or scale_factor is None)
        require(mode in _REACH)
        weighed, adds = _filtered(tuple(input.shape), target, _REACH[mode])
        return Outcome(shape, multiplications=weighed, adds=adds, spatial=dimensions, attributes=attributes)
    taps, numel = _TAPS[mode], math.prod(shape)
    weighed = 0 if taps == 1 else taps * numel
    return Outcome(
        shape, multiplications=weighed, adds=(taps - 1) * numel, spatial=dimensions, attributes=attributes
    )


def _filtered(given: tuple[int, ...], target: tuple[int, ...], reach: int) -> tuple[int, int]:
    """Return the multiplications and adds of a filter along the width, then one along the height.

    The filter reaches ``reach`` output pixels to both sides, or input pixels where the map is enlarged. Each
    output weighs the D input pixels that it reaches: D multiplications and D − 1 adds. A dimension whose size
    stays is not filtered.
    """
    images, height, width = given[0] * given[1], given[2], given[3]
    wide, high = _reached(width, target[1], reach), _reached(height, target[0], reach)
    passes = ((height, wide, target[1]), (target[1], high, target[0]))
    done = [(lines * taps, lines * (taps - outputs)) for lines, taps, outputs in passes if taps]
    return images * sum(taps for taps, _ in done), images * sum(adds for _, adds in done)


def _reached(given: int, target: int, reach: int) -> int:
    """Return how many input pixels all outputs of one dimension reach; 0 where it keeps its size."""
    if given == target:
        return 0
    scale = given / target
    radius = reach * max(scale, 1.0)
    found = 0
    for place in range(target):
        centre = scale * (place + 0.5)
        found += min(int(centre + radius + 0.5), given) - max(int(centre - radius + 0.5), 0)
    return found


@op(F.grid_sample)
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,  # noqa: ARG001
) -> Outcome:
    """Price a sampling of a map at the places of a grid.

    Each output element weighs T neighbours (bilinear 4, or 8 in three dimensions, bicubic 16; nearest none)::

        multiplications = T · outputs        adds = (T − 1) · outputs

    Places and weights, which all channels share, are not counted, as with `interpolate`. Shapes: input (N, C,
    H, W), grid (N, H_out, W_out, 2), output (N, C, H_out, W_out).
    """
    dimensions = input.dim() - 2
    require(dimensions in {2, 3} and grid.dim() == input.dim() and grid.shape[-1] == dimensions)
    require(mode in {"bilinear", "nearest", "bicubic"} and (mode != "bicubic" or dimensions == 2))
    require(padding_mode in {"zeros", "border", "reflection"} and grid.shape[0] == input.shape[0])
    require(grid.dtype is input.dtype and min(input.shape[2:]) > 0)
    shape = (*input.shape[:2], *grid.shape[1:-1])
    taps = {"nearest": 1, "bilinear": 2**dimensions}.get(mode, 16)
    numel = math.prod(shape)
    weighed = 0 if taps == 1 else taps * numel
    return Outcome(
        shape,
        multiplications=weighed,
        adds=(taps - 1) * numel,
        spatial=dimensions,
        attributes=(("mode", mode),),
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
