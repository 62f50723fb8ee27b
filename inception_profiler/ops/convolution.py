"""Convolutions and transposed convolutions in one, two and three dimensions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from inception_profiler.ops.rule import Outcome, Shape, cover, op, per_dimension, require

Sizes = int | Sequence[int]


def conv(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Outcome:
    """Price a convolution.

    Each output element is one dot product over a patch of its channel group::

        macs = N · C_out · H_out · W_out · (C_in / G) · K_h · K_w
        H_out = ⌊(H + 2·P − D·(K_h − 1) − 1) / S⌋ + 1

    Shapes: input (N, C_in, H, W), weight (C_out, C_in/G, K_h, K_w), output (N, C_out, H_out, W_out), with
    one, two or three spatial dimensions; without N for a single example. The bias is one add per output
    element, booked in ``adds``, so that ``macs`` stays comparable with the papers.
    """
    given, kernel = tuple(input.shape), tuple(weight.shape)
    width, depth, *taps = kernel
    dimensions = len(taps)
    require(len(given) > dimensions)
    examples, channels, sides = given[: -dimensions - 1], given[-dimensions - 1], given[-dimensions:]
    steps, spread = per_dimension(stride, dimensions), per_dimension(dilation, dimensions)
    require(
        len(examples) <= 1
        and groups > 0
        and channels == depth * groups
        and width % groups == 0
        and input.dtype == weight.dtype
        and (bias is None or bias.shape == (width,))
        and min(steps) > 0
        and min(spread) > 0
        and min(kernel) > 0
    )
    if isinstance(padding, str):
        pads: Shape | str = padding
        require(padding == "valid" or (padding == "same" and max(steps) == 1))
        around = [d * (k - 1) if padding == "same" else 0 for d, k in zip(spread, taps, strict=True)]
    else:
        pads = per_dimension(padding, dimensions)
        require(min(pads) >= 0)
        around = [2 * pad for pad in pads]
    size = [
        (side + pad - d * (k - 1) - 1) // s + 1
        for side, pad, d, k, s in zip(sides, around, spread, taps, steps, strict=True)
    ]
    require(min(size) > 0)
    shape = (*examples, width, *size)
    numel = math.prod(shape)
    macs = numel * depth * math.prod(taps)
    return Outcome(
        shape,
        macs=macs,
        products=((macs, input, weight),),
        adds=0 if bias is None else numel,
        spatial=dimensions,
        launches=1 + any(pad % 2 for pad in around),  # PyTorch pads first what cannot be padded alike
        attributes=(
            ("kernel", tuple(taps)),
            ("stride", steps),
            ("padding", pads),
            ("dilation", spread),
            ("groups", groups),
            ("bias", bias is not None),
        ),
    )


def conv_transpose(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Outcome:
    """Price a transposed convolution.

    Each *input* element is spread over one patch of every output channel of its group::

        macs = N · C_in · H_in · W_in · (C_out / G) · K_h · K_w
        H_out = (H − 1)·S − 2·P + D·(K_h − 1) + P_out + 1

    Shapes: input (N, C_in, H, W), weight (C_in, C_out/G, K_h, K_w), output (N, C_out, H_out, W_out). Products
    that padding crops away are counted, as PyTorch's kernels compute them. The bias is one add per output
    element.
    """
    given, kernel = input.shape, weight.shape
    dimensions = len(kernel) - 2
    batched = len(given) == dimensions + 2
    require(batched or len(given) == dimensions + 1)
    channels = given[-dimensions - 1]
    require(groups > 0 and channels == kernel[0] and channels % groups == 0)
    width = kernel[1] * groups
    require(bias is None or bias.shape == (width,))
    require(input.dtype == weight.dtype)
    steps, spread = per_dimension(stride, dimensions), per_dimension(dilation, dimensions)
    pads, extra = per_dimension(padding, dimensions), per_dimension(output_padding, dimensions)
    require(min(steps) > 0 and min(spread) > 0 and min(pads) >= 0 and min(extra) >= 0)
    require(all(more < max(s, d) for more, s, d in zip(extra, steps, spread, strict=True)))
    size = tuple(
        (side - 1) * s - 2 * pad + d * (k - 1) + more + 1
        for side, pad, d, k, s, more in zip(
            given[-dimensions:], pads, spread, kernel[2:], steps, extra, strict=True
        )
    )
    require(min(size) > 0)
    cover(min(given) > 0)
    shape = (*given[: -dimensions - 1], width, *size)
    macs = math.prod(given) * math.prod(kernel[1:])
    return Outcome(
        shape,
        macs=macs,
        products=((macs, input, weight),),
        adds=0 if bias is None else math.prod(shape),
        spatial=dimensions,
        attributes=(
            ("kernel", tuple(kernel[2:])),
            ("stride", steps),
            ("padding", pads),
            ("output_padding", extra),
            ("dilation", spread),
            ("groups", groups),
            ("bias", bias is not None),
        ),
    )


for _rule in (conv, conv_transpose):
    for _dimensions in (1, 2, 3):
        _name = f"{_rule.__name__}{_dimensions}d"
        op(getattr(torch, _name), name=_name)(_rule)
