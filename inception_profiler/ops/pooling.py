"""Pooling: max, average, adaptive, in one, two and three dimensions."""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import (
    ON_META,
    Outcome,
    Price,
    Shape,
    cover,
    op,
    per_dimension,
    require,
    spellings,
)

Sizes = int | Sequence[int]
_INDEX_BYTES = 8


def pooled_size(
    given: Sequence[int], kernel: Shape, stride: Shape, padding: Shape, dilation: Shape, *, ceil_mode: bool
) -> Shape:
    """Return the output sizes of a sliding window.

    ::

        H_out = ⌊(H + 2·P − D·(K − 1) − 1) / S⌋ + 1        (⌈ ⌉ with ceil_mode)

    With ``ceil_mode``, a last window that would start beyond the input and its left padding is dropped.
    """
    sizes = []
    for side, k, s, pad, d in zip(given, kernel, stride, padding, dilation, strict=True):
        room = side + 2 * pad - d * (k - 1) - 1
        size = (-(-room // s) if ceil_mode else room // s) + 1
        if ceil_mode and (size - 1) * s >= side + pad:
            size -= 1
        sizes.append(size)
    return tuple(sizes)


def _window(
    input: Tensor,
    dimensions: int,
    kernel: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    dilation: Sizes,
    ceil_mode: bool,
) -> tuple[Shape, Shape, tuple[tuple[str, Any], ...]]:
    """Check a pooling's arguments; return its output shape, its kernel and its attributes."""
    given = tuple(input.shape)
    require(len(given) in {dimensions + 1, dimensions + 2} and min(given[-dimensions - 1 :]) > 0)
    window = per_dimension(kernel, dimensions)
    # None is "as the kernel", which the C++ spellings write as an empty list
    steps = (
        window
        if stride is None or not (isinstance(stride, int) or stride)
        else per_dimension(stride, dimensions)
    )
    pads, spread = per_dimension(padding, dimensions), per_dimension(dilation, dimensions)
    require(min(window) > 0 and min(steps) > 0 and min(spread) > 0 and min(pads) >= 0)
    require(all(pad <= ((k - 1) * d + 1) // 2 for pad, k, d in zip(pads, window, spread, strict=True)))
    size = pooled_size(given[-dimensions:], window, steps, pads, spread, ceil_mode=ceil_mode)
    require(min(size) > 0)
    settings = (("kernel", window), ("stride", steps), ("padding", pads), ("dilation", spread))
    return (*given[:-dimensions], *size), window, settings


def _max_pool(dimensions: int, *, positions: bool) -> Price:
    def max_pool(
        input: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Outcome:
        """Price a max pooling: K − 1 comparisons per output element, with K elements in the window.

        Windows are counted whole, also where padding or the border cuts them. Shapes: input (N, C, H, W) or
        without N, output (N, C, H_out, W_out). Except in one dimension, PyTorch finds the positions of the
        maxima too, as int64, and drops them unless asked.
        """
        shape, window, attributes = _window(
            input, dimensions, kernel_size, stride, padding, dilation, ceil_mode
        )
        numel = math.prod(shape)
        return Outcome(
            ON_META if positions else shape,
            comparisons=numel * (math.prod(window) - 1),
            temporary_bytes=0 if positions or dimensions == 1 else numel * _INDEX_BYTES,
            spatial=dimensions,
            attributes=attributes,
        )

    return max_pool


def _avg_pool(dimensions: int) -> Price:
    def avg_pool(
        input: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Outcome:
        """Price an average pooling.

        K − 1 adds and one division per output element, with K elements in the window.

        Windows are counted whole, also where padding or the border cuts them. Shapes: input (N, C, H, W) or
        without N, output (N, C, H_out, W_out).
        """
        shape, window, attributes = _window(input, dimensions, kernel_size, stride, padding, 1, ceil_mode)
        require(divisor_override != 0 and (dimensions < 3 or _holds(input, window)))
        numel = math.prod(shape)
        return Outcome(
            shape,
            adds=numel * (math.prod(window) - 1),
            divisions=numel,
            spatial=dimensions,
            attributes=attributes,
        )

    return avg_pool


def _holds(input: Tensor, window: Shape) -> bool:
    """Return whether the bare input holds a window, on which an average in three dimensions insists."""
    return all(side >= size for side, size in zip(input.shape[-len(window) :], window, strict=True))


def adaptive_shape(input: Tensor, output_size: Any, dimensions: int) -> tuple[Shape, int]:
    """Return the output shape of an adaptive pooling and how many elements its windows read together.

    Output i of n over a side of H reads from ⌊i·H/n⌋ up to ⌈(i+1)·H/n⌉, so neighbours can overlap.
    """
    given = tuple(input.shape)
    require(len(given) in {dimensions + 1, dimensions + 2} and min(given[-dimensions - 1 :]) > 0)
    alike = output_size is None or isinstance(output_size, int)
    wanted = (output_size,) * dimensions if alike else tuple(output_size)
    wanted = wanted * dimensions if len(wanted) == 1 else wanted
    require(len(wanted) == dimensions)
    size = tuple(
        side if want is None else want for want, side in zip(wanted, given[-dimensions:], strict=True)
    )
    cover(min(size) > 0)
    read = math.prod(
        sum(-(-(i + 1) * side // n) - i * side // n for i in range(n))
        for side, n in zip(given[-dimensions:], size, strict=True)
    )
    return (*given[:-dimensions], *size), read * math.prod(given[:-dimensions])


def _adaptive_avg_pool(dimensions: int) -> Price:
    def adaptive_avg_pool(input: Tensor, output_size: Any) -> Outcome:
        """Price an adaptive average pooling.

        ::

            adds = Σ over outputs of (elements in its window − 1)        divisions = outputs

        Shapes: input (N, C, H, W) or without N, output (N, C, *output_size).
        """
        shape, read = adaptive_shape(input, output_size, dimensions)
        numel = math.prod(shape)
        return Outcome(
            shape,
            adds=read - numel,
            divisions=numel,
            spatial=dimensions,
            attributes=(("output_size", shape[-dimensions:]),),
        )

    return adaptive_avg_pool


def _adaptive_max_pool(dimensions: int, *, positions: bool) -> Price:
    def adaptive_max_pool(input: Tensor, output_size: Any, return_indices: bool = False) -> Outcome:
        """Price an adaptive max pooling: ``comparisons = Σ over outputs of (elements in its window − 1)``.

        Shapes: input (N, C, H, W) or without N, output (N, C, *output_size).
        """
        shape, read = adaptive_shape(input, output_size, dimensions)
        numel = math.prod(shape)
        return Outcome(
            ON_META if positions else shape,
            comparisons=read - numel,
            temporary_bytes=0 if positions else numel * _INDEX_BYTES,
            spatial=dimensions,
            attributes=(("output_size", shape[-dimensions:]),),
        )

    return adaptive_max_pool


def _register(dimensions: int) -> None:
    """Register the poolings of one dimensionality; some spellings return the positions of the maxima."""
    for name, average in (
        (f"avg_pool{dimensions}d", _avg_pool(dimensions)),
        (f"adaptive_avg_pool{dimensions}d", _adaptive_avg_pool(dimensions)),
    ):
        op(*spellings(name), name=name)(average)
    name = f"max_pool{dimensions}d"
    op(*spellings(name), name=name)(_max_pool(dimensions, positions=False))
    op(*spellings(f"{name}_with_indices"), name=name)(_max_pool(dimensions, positions=True))
    name = f"adaptive_{name}"
    plain = getattr(F, name)
    both = (*spellings(name), *spellings(f"{name}_with_indices"))
    op(plain, name=name)(_adaptive_max_pool(dimensions, positions=False))
    op(*(function for function in both if function is not plain), name=name)(
        _adaptive_max_pool(dimensions, positions=True)
    )


for _dimensions in (1, 2, 3):
    _register(_dimensions)
