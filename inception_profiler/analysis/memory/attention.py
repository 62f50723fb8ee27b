"""Attention as it runs: fused, without its scores, though without data PyTorch goes the long way."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

ATTENTION: Any = F.scaled_dot_product_attention


def fused_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Call the fused kernel of the CPU wherever PyTorch would, and else what it calls itself.

    On the meta device PyTorch multiplies the matrices out, so that the scores (N, heads, L, S) would be made
    and saved, which neither the CPU nor an accelerator does. The kernel of the CPU stands for both.
    """
    same = (
        query.dim() == key.dim() == value.dim() == 4 and query.shape[-1] == key.shape[-1] == value.shape[-1]
    )
    free = attn_mask is None or not attn_mask.requires_grad
    if (
        same
        and free
        and query.shape[:2] == key.shape[:2] == value.shape[:2]
        and not dropout_p
        and not enable_gqa
    ):
        output: Tensor = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
            query, key, value, dropout_p, is_causal, attn_mask=attn_mask, scale=scale
        )[0]
        return output
    made: Tensor = ATTENTION(
        query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa
    )
    return made
