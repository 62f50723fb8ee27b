"""Reductions over dimensions: sums, means, extremes, norms, cumulative sums."""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import (
    ON_META,
    Outcome,
    Price,
    Shape,
    Work,
    broadcast,
    cover,
    op,
    require,
    spellings,
)


def taken(rank: int, dim: Any) -> Shape:
    """Return which of ``rank`` dimensions a reduction of ``dim`` takes away: None or empty is all of them.

    >>> taken(3, (1, -1))
    (1, 2)
    """
    rank = max(rank, 1)
    if dim is None or (not isinstance(dim, int) and not dim):
        return tuple(range(rank))
    axes = (dim,) if isinstance(dim, int) else tuple(dim)
    cover(all(isinstance(axis, int) for axis in axes))
    require(all(-rank <= axis < rank for axis in axes))
    gone = tuple(sorted({axis % rank for axis in axes}))
    require(len(gone) == len(axes))
    return gone


def _reducing(input: Tensor, dim: Any) -> tuple[tuple[str, Shape]]:
    """Name the dimensions that a reduction takes away, as an attribute."""
    return (("dims", taken(input.dim(), dim)),)


def reduced(given: tuple[int, ...], dim: Any, *, keepdim: bool) -> tuple[Shape, int]:
    """Return the shape left after reducing ``dim`` (None or empty: all), and how many elements are left.

    >>> reduced((2, 3, 4), (1, -1), keepdim=False)
    ((2,), 2)
    """
    gone = taken(len(given), dim)
    if keepdim:
        shape = tuple([1 if axis in gone else size for axis, size in enumerate(given)])
    else:
        shape = tuple([size for axis, size in enumerate(given) if axis not in gone])
    return shape, math.prod(shape)


def _total(name: str, *, divide: bool) -> Price:
    def price(
        input: Tensor,
        dim: Any = None,
        keepdim: bool = False,
        *rest: Any,
        dtype: torch.dtype | None = None,
        axis: Any = None,
    ) -> Outcome:
        cover(not rest and not isinstance(dim, torch.dtype))
        shape, left = reduced(tuple(input.shape), dim if axis is None else axis, keepdim=keepdim)
        numel = math.prod(input.shape)
        natural = input.dtype if input.dtype.is_floating_point or input.dtype.is_complex else torch.int64
        kind = dtype or natural
        require(not divide or kind.is_floating_point)
        cover(not kind.is_complex)
        return Outcome(
            shape,
            kind,
            adds=max(numel - left, 0),
            divisions=left if divide else 0,
            attributes=_reducing(input, dim if axis is None else axis),
        )

    per_output = "and one division " if divide else ""
    price.__doc__ = f"Price ``{name}`` over D elements: D − 1 adds {per_output}per output element."
    return price


op(*spellings("sum"), name="sum")(_total("sum", divide=False))
op(*spellings("mean"), name="mean")(_total("mean", divide=True))


def _extreme(name: str) -> Price:
    def price(input: Tensor, dim: Any = None, keepdim: bool = False, *, axis: Any = None) -> Outcome:
        _, left = reduced(tuple(input.shape), dim if axis is None else axis, keepdim=keepdim)
        numel = math.prod(input.shape)
        require(
            name in {"all", "any"} or (numel > 0 and (name[:3] != "arg" or input.dtype is not torch.bool))
        )
        return Outcome(
            ON_META,
            comparisons=max(numel - left, 0),
            attributes=_reducing(input, dim if axis is None else axis),
        )

    price.__doc__ = f"Price ``{name}`` over D elements: D − 1 comparisons per output element."
    return price


for _name in ("amax", "amin", "all", "any", "argmax", "argmin"):
    op(*spellings(_name), name=_name)(_extreme(_name))


def _max_or_min(name: str) -> Price:
    def price(
        input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None, axis: Any = None
    ) -> Outcome:
        mate = dim if isinstance(dim, Tensor) else other
        if mate is not None:
            return Outcome(ON_META, comparisons=math.prod(broadcast(input.shape, mate.shape)))
        _, left = reduced(tuple(input.shape), dim if axis is None else axis, keepdim=keepdim)
        numel = math.prod(input.shape)
        require(numel > 0)
        return Outcome(
            ON_META, comparisons=numel - left, attributes=_reducing(input, dim if axis is None else axis)
        )

    price.__doc__ = f"""Price ``{name}``: of everything, along a dimension with positions, or of two tensors.

    D − 1 comparisons per output element of D; one per element of the broadcast shape of two tensors.
    """
    return price


for _name in ("max", "min"):
    op(*spellings(_name), name=_name)(_max_or_min(_name))


def _variance(name: str, *, root: bool) -> Price:
    def price(
        input: Tensor,
        dim: Any = None,
        unbiased: bool = True,
        keepdim: bool = False,
        *,
        correction: float | None = 1,
        axis: Any = None,
    ) -> Outcome:
        along = None if isinstance(dim, bool) else dim if axis is None else axis
        numel = math.prod(input.shape)
        shape, left = reduced(tuple(input.shape), along, keepdim=keepdim)
        require(input.dtype.is_floating_point)
        return Outcome(
            shape,
            adds=max(3 * numel - 2 * left, 0),
            multiplications=numel,
            divisions=2 * left,
            exponentials=left if root else 0,
            attributes=_reducing(input, along),
        )

    last = ", and a root" if root else ""
    price.__doc__ = f"""Price ``{name}`` over D elements.

    Per output element: D − 1 adds and a division for the mean; D subtractions, D squarings, D − 1 adds and a
    division for the variance{last}.
    """
    return price


op(*spellings("var"), name="var")(_variance("var", root=False))
op(*spellings("std"), name="std")(_variance("std", root=True))


@op(*spellings("prod"))
def prod(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: torch.dtype | None = None
) -> Outcome:
    """Price a product over D elements: D − 1 multiplications per output element."""
    cover(dim is None or isinstance(dim, int))
    _, left = reduced(tuple(input.shape), dim, keepdim=keepdim)
    return Outcome(
        ON_META,
        multiplications=max(math.prod(input.shape) - left, 0),
        attributes=_reducing(input, dim),
    )


def _running(input: Tensor, dim: int, dtype: torch.dtype | None) -> tuple[Shape, torch.dtype, int]:
    """Return shape and type of a cumulative result, and its steps: all elements but the first of each row."""
    given = tuple(input.shape)
    _, rows = reduced(given, dim, keepdim=False)
    natural = torch.int64 if not (input.dtype.is_floating_point or input.dtype.is_complex) else input.dtype
    return given, dtype or natural, max(math.prod(given) - rows, 0)


@op(*spellings("cumprod"), in_place=spellings("cumprod_"))
def cumprod(input: Tensor, dim: int, *, dtype: torch.dtype | None = None) -> Outcome:
    """Price a cumulative product: one multiplication per element but the first along ``dim``."""
    shape, kind, steps = _running(input, dim, dtype)
    return Outcome(shape, kind, multiplications=steps)


@op(*spellings("cumsum"), in_place=spellings("cumsum_"))
def cumsum(input: Tensor, dim: int, *, dtype: torch.dtype | None = None) -> Outcome:
    """Price a cumulative sum: one add per element but the first along ``dim``."""
    shape, kind, steps = _running(input, dim, dtype)
    return Outcome(shape, kind, adds=steps)


@op(*spellings("logsumexp"))
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Outcome:
    """Price ``max + log Σ exp(x − max)`` over D elements.

    Per output element: D − 1 comparisons, D subtractions, D exponentials, D − 1 adds, a logarithm and an add.
    """
    numel = math.prod(input.shape)
    require(isinstance(dim, int) or len(dim) > 0)
    _, left = reduced(tuple(input.shape), dim, keepdim=keepdim)
    work = Work(adds=2, comparisons=1, exponentials=1).times(numel)
    return Outcome(
        ON_META,
        None,
        0,
        *work._replace(comparisons=max(numel - left, 0), exponentials=numel + left),
        attributes=_reducing(input, dim),
    )


@op(torch.linalg.vector_norm)
def vector_norm(
    x: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: torch.dtype | None = None
) -> Outcome:
    """Price ``(Σ |x|^p)^(1/p)`` over D elements.

    Per output element: D − 1 adds; D squarings and a root for p = 2; D comparisons for p = 1; D powers and a
    root for any other. The maximum norm takes D comparisons for the absolute values and D − 1 for the
    greatest of them.
    """
    numel = math.prod(x.shape)
    shape, left = reduced(tuple(x.shape), dim, keepdim=keepdim)
    require(x.dtype.is_floating_point and (numel > 0 or (ord > 0 and not math.isinf(ord))))
    cover(ord != 0)
    dims = _reducing(x, dim)
    if math.isinf(ord):
        return Outcome(shape, dtype, comparisons=2 * numel - left, attributes=dims)
    adds = max(numel - left, 0)
    if ord == 1:
        return Outcome(shape, dtype, adds=adds, comparisons=numel, attributes=dims)
    if ord == 2:
        return Outcome(shape, dtype, adds=adds, multiplications=numel, exponentials=left, attributes=dims)
    return Outcome(shape, dtype, adds=adds, exponentials=numel + left, attributes=dims)


@op(F.embedding_bag)
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Outcome:
    """Price bags of looked-up rows, each reduced to one.

    For I indices in B bags, each of which holds one at least, and rows of D elements::

        adds = (I − B) · D        in place of them, comparisons for ``max``

    and B·D divisions for ``mean``, I·D multiplications for weights of the samples. A padding index counts as
    any other. Shapes: indices (B, L), or (I,) with offsets (B,); weight (V, D); output (B, D).
    """
    cover(
        max_norm is None and mode in {"sum", "mean", "max"} and (mode == "sum" or per_sample_weights is None)
    )
    require(weight.dim() == 2 and input.dtype in {torch.int32, torch.int64})
    require(input.dim() == (2 if offsets is None else 1) and (offsets is None or offsets.dim() == 1))
    cover(offsets is None or offsets.dtype is input.dtype)
    require(per_sample_weights is None or per_sample_weights.shape == input.shape)
    bags = input.shape[0] if offsets is None else offsets.shape[0] - include_last_offset
    require(bags >= 0)
    numel, width = input.numel(), weight.shape[1]
    joined = max(numel - bags, 0) * width
    return Outcome(
        (bags, width),
        weight.dtype,
        adds=0 if mode == "max" else joined,
        comparisons=joined if mode == "max" else 0,
        divisions=bags * width if mode == "mean" else 0,
        multiplications=0 if per_sample_weights is None else numel * width,
        launches=1 if offsets is not None else 2,  # where bags are rows, where they begin is worked out first
    )
