"""Putting values in order: sorting, the largest of them, a place among them.

How many comparisons a kernel makes depends on its method and on the values. What the answer itself takes does
not: to tell apart A possible answers, some input needs ⌈log₂ A⌉ comparisons by any method, and that is what
is counted.
"""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from inception_profiler.ops.rule import ON_META, Outcome, cover, op, require, spellings

_EXACT = 512


def orders(values: int, kept: int, *, ranked: bool = True) -> int:
    """Return ⌈log₂⌉ of the number of ways to choose ``kept`` of ``values``, in their order if ``ranked``.

    >>> orders(3, 3), orders(4, 1), orders(4, 2, ranked=False)
    (3, 2, 3)
    """
    if values <= _EXACT:
        ways = math.perm(values, kept) if ranked else math.comb(values, kept)
        return (ways - 1).bit_length()
    nats = math.lgamma(values + 1) - math.lgamma(values - kept + 1)
    return math.ceil((nats if ranked else nats - math.lgamma(kept + 1)) / math.log(2))


def _rows(input: Tensor, dim: int) -> tuple[int, int]:
    """Return how many values a row along ``dim`` has, and how many rows there are."""
    rank = max(input.dim(), 1)
    require(-rank <= dim < rank)
    if input.dim() == 0:
        return 1, 1
    length = input.shape[dim]
    return length, math.prod(input.shape) // length if length else 0


@op(*spellings("sort"))
def sort(input: Tensor, *settings: Any, dim: int = -1, **options: Any) -> Outcome:
    """Price a sort: ``⌈log₂ n!⌉`` comparisons per row of n. Shapes: (…, n) to values and places (…, n)."""
    placed = [setting for setting in settings if type(setting) is int]
    length, rows = _rows(input, placed[0] if placed else dim)
    return Outcome(ON_META, comparisons=rows * orders(length, length))


@op(*spellings("argsort"))
def argsort(input: Tensor, *settings: Any, dim: int = -1, **options: Any) -> Outcome:
    """Price the places of a sort: ``⌈log₂ n!⌉`` comparisons per row of n. Shapes: (…, n) to (…, n)."""
    return sort(input, *settings, dim=dim)


@op(*spellings("msort"))
def msort(input: Tensor) -> Outcome:
    """Price a sort along the first dimension: ``⌈log₂ n!⌉`` comparisons a column. Shapes: (n, …) to same."""
    return sort(input, dim=0)


@op(*spellings("topk"))
def topk(
    input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True, **options: Any
) -> Outcome:
    """Price the k greatest of n values: ``⌈log₂ n!/(n − k)!⌉`` comparisons per row.

    Unsorted ones take ``⌈log₂ n!/(k!·(n − k)!)⌉``. Shapes: (…, n) to values and places (…, k).
    """
    cover(type(k) is int)
    length, rows = _rows(input, dim)
    require(0 <= k <= length)
    return Outcome(ON_META, comparisons=rows * orders(length, k, ranked=sorted))


@op(*spellings("searchsorted"))
def searchsorted(sorted_sequence: Tensor, input: Any, **options: Any) -> Outcome:
    """Price the places of values among n sorted ones: ``⌈log₂ (n + 1)⌉`` comparisons each.

    Shapes: sequence (…, n), values and places (…, m).
    """
    require(sorted_sequence.dim() > 0)
    values = input.numel() if isinstance(input, Tensor) else 1
    return Outcome(ON_META, comparisons=values * sorted_sequence.shape[-1].bit_length())


@op(*spellings("bucketize"))
def bucketize(input: Any, boundaries: Tensor, **options: Any) -> Outcome:
    """Price the places of values among n sorted boundaries: ``⌈log₂ (n + 1)⌉`` comparisons each."""
    require(boundaries.dim() == 1)
    return searchsorted(boundaries, input)
