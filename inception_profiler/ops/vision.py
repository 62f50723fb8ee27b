"""Prices for torchvision's own operators, by name: they exist only where that library is installed."""

# ruff: noqa: ARG001 - a rule takes all arguments of its operator, also those that cost nothing

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from inception_profiler.ops.rule import ON_META, Outcome

_TAPS = 4
"""Neighbours that a bilinear sample weighs: 4 multiplications and 3 adds."""


def roi_align(
    input: Tensor, rois: Tensor, scale: float, height: int, width: int, sampling_ratio: int, aligned: bool
) -> Outcome | None:
    """Price the pooling of regions: each output is the mean of S = ratio² bilinear samples.

    ::

        multiplications = 4·S · outputs        adds = (4·S − 1) · outputs        divisions = outputs

    A ratio of 0 or less adapts to the size of each region, which the shapes do not tell. Shapes: input (N, C,
    H, W), regions (K, 5), output (K, C, height, width).
    """
    if sampling_ratio <= 0:
        return None
    numel = rois.shape[0] * input.shape[1] * height * width
    weighed = _TAPS * sampling_ratio**2
    return Outcome(
        ON_META,
        multiplications=weighed * numel,
        adds=(weighed - 1) * numel,
        divisions=numel,
        spatial=2,
    )


def deform_conv2d(input: Tensor, weight: Tensor, offset: Tensor, mask: Tensor, *settings: Any) -> Outcome:
    """Price a deformable convolution: a convolution over bilinear samples at places of their own.

    ::

        macs = N · C_out · H_out · W_out · (C_in / G) · K_h · K_w

    and per sample, of which there are ``N · C_in · K_h · K_w · H_out · W_out``, 4 multiplications and 3 adds,
    one multiplication more with a mask; the bias is one add per output element.
    """
    sites = offset.shape[0] * offset.shape[2] * offset.shape[3]
    samples = sites * input.shape[1] * weight.shape[2] * weight.shape[3]
    masked = bool(settings[-1])
    return Outcome(
        ON_META,
        macs=sites * weight.numel(),
        multiplications=(_TAPS + masked) * samples,
        adds=(_TAPS - 1) * samples + sites * weight.shape[0],
        spatial=2,
    )


VISION: dict[str, Callable[..., Outcome | None]] = {
    "torchvision::roi_align": roi_align,
    "torchvision::deform_conv2d": deform_conv2d,
}
"""Every operator that has a price, by the name of its schema."""
