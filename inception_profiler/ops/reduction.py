"""Reductions over dimensions: sums, means, extremes, norms, cumulative sums."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from inception_profiler.ops.rule import ON_META, Outcome, Shape, cover, op, require, spellings


def reduced(given: tuple[int, ...], dim: Any, *, keepdim: bool) -> tuple[Shape, int]:
    """Return the shape left after reducing ``dim`` (None or empty: all), and how many elements are left.

    >>> reduced((2, 3, 4), (1, -1), keepdim=False)
    ((2,), 2)
    """
    rank = max(len(given), 1)
    axes = range(rank) if dim is None or dim == () or dim == [] else ((dim,) if isinstance(dim, int) else tuple(dim))
    require(all(-rank <= axis < rank for axis in axes))
    gone = {axis % rank for axis in axes}
    require(len(gone) == len(axes))
    if keepdim:
        shape = tuple(1 if axis in gone else size for axis, size in enumerate(given))
    else:
        shape = tuple(size for axis, size in enumerate(given) if axis not in gone)
    return shape, math.prod(shape)


def _total(name: str, *, divide: bool) -> Callable[..., Outcome]:
    def price(
        input: Tensor, dim: Any = None, keepdim: bool = False, *rest: Any, dtype: torch.dtype | None = None, axis: Any = None
    ) -> Outcome:
        cover(not rest and not isinstance(dim, torch.dtype) and not isinstance(dim, str))
        shape, left = reduced(tuple(input.shape), dim if axis is None else axis, keepdim=keepdim)
        floating = input.dtype.is_floating_point
        require(floating or not divide or dtype is not None)
        kind = dtype or (input.dtype if floating else torch.int64)
        return Outcome(shape, kind, adds=math.prod(input.shape) - left, divisions=left if divide else 0)

    per_output = "and one division " if divide else ""
    price.__doc__ = f"Price ``{name}`` over D elements: D − 1 adds {per_output}per output element."
    return price


op(*spellings("sum"), name="sum")(_total("sum", divide=False))
op(*spellings("mean"), name="mean")(_total("mean", divide=True))


@op(*spellings("amax", "amin", "all", "any", "argmax", "argmin"))
def extreme(input: Tensor, dim: Any = None, keepdim: bool = False) -> Outcome:
    """Price a maximum, minimum, or a truth over D elements: D − 1 comparisons per output element."""
    _, left = reduced(tuple(input.shape), dim, keepdim=keepdim)
    return Outcome(ON_META, comparisons=math.prod(input.shape) - left)


@op(*spellings("max", "min"))
def max_or_min(input: Tensor, *rest: Any, **options: Any) -> Outcome:
    """Price a maximum or minimum: over everything, along one dimension (with positions), or of two tensors."""
    numel = math.prod(input.shape)
    other = rest[0] if rest else options.get("other")
    if isinstance(other, Tensor):
        return Outcome(ON_META, comparisons=math.prod(torch.broadcast_shapes(input.shape, other.shape)))
    dim = rest[0] if rest else options.get("dim")
    _, left = reduced(tuple(input.shape), dim, keepdim=False)
    return Outcome(ON_META, comparisons=numel - left)


@op(*spellings("var", "std"))
def variance(input: Tensor, dim: Any = None, *rest: Any, keepdim: bool = False, **options: Any) -> Outcome:
    """Price a variance over D elements: per element two adds, a subtraction and a squaring, less two adds per output.

    Two divisions per output, and a root (booked for ``var`` and ``std`` alike, as one per output).
    """
    cover(not isinstance(dim, bool) and not rest)
    numel = math.prod(input.shape)
    _, left = reduced(tuple(input.shape), dim, keepdim=keepdim)
    return Outcome(ON_META, adds=3 * numel - 2 * left, multiplications=numel, divisions=2 * left, exponentials=left)


@op(*spellings("prod", "cumprod"))
def product(input: Tensor, dim: Any = None, *rest: Any, **options: Any) -> Outcome:
    """Price a product: one multiplication per element but the first of each output; one per element if cumulative."""
    return Outcome(ON_META, multiplications=math.prod(input.shape))


@op(*spellings("cumsum"))
def cumsum(input: Tensor, dim: int, *, dtype: torch.dtype | None = None) -> Outcome:
    """Price a cumulative sum: one add per element."""
    return Outcome(ON_META, adds=math.prod(input.shape))


@op(*spellings("logsumexp"))
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Outcome:
    """Price ``log Σ exp(x)`` over D elements: D − 1 comparisons, D subtractions, D exponentials, D − 1 adds, a logarithm, an add."""
    numel = math.prod(input.shape)
    shape, left = reduced(tuple(input.shape), dim, keepdim=keepdim)
    return Outcome(shape, comparisons=numel - left, adds=2 * numel, exponentials=numel + left)


@op(torch.linalg.vector_norm)
def vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: torch.dtype | None = None
) -> Outcome:
    """Price a vector norm: for the 2-norm a squaring and an add per element and a root per output.

    Other orders take a power in place of the squaring; the maximum norm comparisons only.
    """
    numel = math.prod(x.shape)
    shape, left = reduced(tuple(x.shape), dim, keepdim=keepdim)
    if math.isinf(ord):
        return Outcome(shape, dtype, comparisons=2 * numel - left)
    powers = 0 if ord in {1, 2} else numel
    squares = numel if ord == 2 else 0
    return Outcome(shape, dtype, adds=numel - left, multiplications=squares, exponentials=powers + (ord != 1) * left)
