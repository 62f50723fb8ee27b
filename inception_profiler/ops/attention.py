"""Attention: scaled dot products; multi-head attention is priced through the products it is made of."""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import Outcome, Shape, broadcast, cover, op, require


@op(F.scaled_dot_product_attention)
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Outcome:
    """Price ``softmax(Q Kᵀ / √E + mask) V``.

    ::

        macs = batch · L · S · (E + E_v)

    and per score of the L·S: one scaling, one softmax share, one add with a mask. A causal mask does not
    halve the count: what is masked is still counted, as the papers do. Shapes: query (…, L, E), key (…, S,
    E), value (…, S, E_v), output (…, L, E_v). With ``enable_gqa`` each key and value head serves several
    query heads.

    PyTorch's fused kernel on the CPU keeps one number for each query beside its output. Where it does not
    apply (no batch, E other than E_v), scaled copies of query and key and all scores are alive at once, and
    five kernels are started instead of one. A mask of truth values is turned into numbers by one more, and
    any mask is added by one where nothing is fused.
    """
    left, middle, right = tuple(query.shape), tuple(key.shape), tuple(value.shape)
    cover(dropout_p == 0.0)
    require(min(len(left), len(middle), len(right)) >= 2 and query.dtype == key.dtype == value.dtype)
    require(left[-1] == middle[-1] and middle[-2] == right[-2])
    if enable_gqa:
        require(left[-3] % middle[-3] == 0 and middle[-3] == right[-3])
        batch = left[:-2]
    else:
        batch = broadcast(broadcast(left[:-2], middle[:-2]), right[:-2])
    rows, columns = left[-2], middle[-2]
    shape = (*batch, rows, columns)
    require(
        attn_mask is None
        or ((attn_mask.dim() >= 2 or len(left) < 4) and broadcast(attn_mask.shape, shape) == shape)
    )
    fused = len(left) > 2 and left[-1] == right[-1]
    scores = math.prod(batch) * rows * columns
    positions = math.prod(batch) * rows
    return Outcome(
        (*batch, rows, right[-1]),
        macs=scores * (left[-1] + right[-1]),
        products=((scores * left[-1], query, key), (scores * right[-1], 0, value)),
        multiplications=scores,
        comparisons=scores - positions,
        adds=(2 if attn_mask is None else 3) * scores - positions,
        exponentials=scores,
        divisions=scores,
        temporary_bytes=_temporary(fused, positions, scores, left, middle, right)
        * max(query.dtype.itemsize, 4),
        launches=(1 if fused else 5)
        + (attn_mask is not None and (not fused or attn_mask.dtype is torch.bool)),
        attributes=(("causal", is_causal),),
    )


def _temporary(fused: bool, positions: int, scores: int, query: Shape, key: Shape, value: Shape) -> int:
    """Return how many numbers are alive at the worst moment beside the output."""
    if fused:
        return positions
    output = positions * value[-1]
    return max(math.prod(query) + math.prod(key) + scores, 2 * scores, scores + output) - output
