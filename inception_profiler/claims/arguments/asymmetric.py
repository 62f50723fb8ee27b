"""A row and a column in the place of a square kernel."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import odd, plane, whole
from inception_profiler.claims.sides import curve, drawn, ratio
from inception_profiler.records.argument import Argument, Side
from inception_profiler.records.sketch import Convolution, Sketch

SMALLEST = 3
"""Side of the smallest kernel that a row and a column are different from."""
WIDEST = 13
"""Side of the largest kernel of the curve."""


@calculator("asymmetric")
def asymmetric(
    *,
    kernel: Annotated[int, Asked("side of the square kernel, odd")] = 7,
    channels: Annotated[int, Asked("channels of the map, kept by every convolution")] = 64,
    size: Annotated[Sizes, Asked("height and width of the map")] = (17, 17),
    bias: Annotated[bool, Asked("give every convolution a bias")] = False,
) -> Argument:
    """What a 1×n and an n×1 save against the n×n that sees as much.

    A square kernel of side K against a row and a column of it, all of C channels::

        K² / (K + K)

    Raises:
        InputError: a kernel that is even or has no row and column, or a number below 1.
    """
    odd("kernel", kernel, least=SMALLEST)
    whole("channels", channels)
    plain = plane("size", size)

    def pair(side: int) -> tuple[Side, Side]:
        square = (Convolution(channels, (side, side)),)
        lines = (Convolution(channels, (1, side)), Convolution(channels, (side, 1)))
        return (
            drawn(f"{side}×{side}", Sketch(channels, plain, square, bias)),
            drawn(f"1×{side}→{side}×1", Sketch(channels, plain, lines, bias)),
        )

    sides = pair(kernel)
    k = Expression.symbol("K", kernel)
    return Argument(
        title=f"{kernel}×{kernel} against {sides[1].title}",
        question=f"What does a {kernel}×{kernel} cost, and what a row and a column that see as much?",
        rule=(
            "A row of K weights and then a column of K see the same square of the map as a kernel of K·K. "
            "The saving grows with the side of the kernel; the price is that the square is no longer free: "
            "it is a product of the two, for each pair of channels through the channels between them."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", k**2 / (k + k)),),
        curve=curve(
            "side of the kernel",
            "macs",
            ((side, pair(side)) for side in range(SMALLEST, max(WIDEST, kernel) + 1, 2)),
        ),
    )
