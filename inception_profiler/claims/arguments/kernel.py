"""What a larger kernel costs more than a smaller one."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import odd, plane, whole
from inception_profiler.claims.sides import curve, drawn, ratio
from inception_profiler.records.argument import Argument, Side
from inception_profiler.records.sketch import Convolution, Sketch

symbol = Expression.symbol
WIDEST = 11
"""Side of the largest kernel of the curve."""


@calculator("kernel")
def kernel(
    *,
    kernel: Annotated[int, Asked("side of the larger kernel, odd")] = 5,
    against: Annotated[int, Asked("side of the smaller kernel, odd")] = 3,
    in_channels: Annotated[int, Asked("channels of the map", "in")] = 64,
    out_channels: Annotated[int, Asked("channels of the result", "out")] = 64,
    size: Annotated[Sizes, Asked("height and width of the map")] = (28, 28),
    bias: Annotated[bool, Asked("give every convolution a bias")] = False,
) -> Argument:
    """What a large kernel costs against a small one of as many channels.

    Two convolutions of equal channels with kernels of sides K and L::

        K² / L²

    Raises:
        InputError: an even kernel, or a number below 1.
    """
    odd("kernel", kernel)
    odd("against", against)
    whole("in", in_channels)
    whole("out", out_channels)
    plain = plane("size", size)

    def pair(side: int) -> tuple[Side, Side]:
        drawings = (
            (f"{one}×{one}", Sketch(in_channels, plain, (Convolution(out_channels, (one, one)),), bias))
            for one in (side, against)
        )
        first, second = (drawn(*drawing) for drawing in drawings)
        return first, second

    sides = pair(kernel)
    return Argument(
        title=f"{kernel}×{kernel} against {against}×{against}",
        question=f"How many times a {against}×{against} does a {kernel}×{kernel} of as many channels cost?",
        rule="With equal channels on an equal map, convolutions cost as much as their kernels have area.",
        sides=sides,
        steps=(ratio(sides, "macs", symbol("K", kernel) ** 2 / symbol("L", against) ** 2),),
        curve=curve(
            "side of the larger kernel",
            "macs",
            ((side, pair(side)) for side in range(1, max(WIDEST, kernel) + 1, 2)),
        ),
    )
