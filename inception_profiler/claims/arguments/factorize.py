"""Small kernels one after the other in the place of a large one."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import odd, plane, whole
from inception_profiler.claims.sides import curve, drawn, ratio, step
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Side
from inception_profiler.records.sketch import Convolution, Sketch

symbol = Expression.symbol
SMALLEST = 3
"""Side of the smallest kernel that sees more than one pixel: the curve's steps are stacks of it."""
WIDEST = 13
"""Side of the largest kernel of the curve."""


@calculator("factorize")
def factorize(
    *,
    kernel: Annotated[int, Asked("side of the large kernel, odd")] = 5,
    into: Annotated[Sizes, Asked("sides of the small kernels that replace it, like 3,3", between=",")] = (
        3,
        3,
    ),
    channels: Annotated[int, Asked("channels of the map, kept by every convolution")] = 64,
    size: Annotated[Sizes, Asked("height and width of the map")] = (28, 28),
    bias: Annotated[bool, Asked("give every convolution a bias")] = False,
) -> Argument:
    """What small kernels one after the other save against a large one that sees as much.

    One K×K convolution against several of sides K_1, K_2, … with the same receptive field,
    ``K = 1 + Σ (K_i − 1)``, all of C channels::

        K² / (K_1² + K_2² + …)

    Raises:
        InputError: kernels that are even, or do not see what the large one sees, or a number below 1.
    """
    odd("kernel", kernel, least=SMALLEST)
    whole("channels", channels)
    plain = plane("size", size)
    for side in into:
        odd("into", side)
    listed = ",".join(map(str, into))
    seen = 1 + sum(side - 1 for side in into)
    if seen != kernel:
        raise InputError(
            f"into {listed} sees {seen}×{seen}, and the kernel {kernel}×{kernel}: "
            f"take {','.join([str(SMALLEST)] * ((kernel - 1) // (SMALLEST - 1)))}, or kernel {seen}"
        )

    def pair(large: int, small: tuple[int, ...]) -> tuple[Side, Side]:
        dense = (Convolution(channels, (large, large)),)
        stack = tuple(Convolution(channels, (side, side)) for side in small)
        return (
            drawn(f"{large}×{large}", Sketch(channels, plain, dense, bias)),
            drawn("→".join(f"{side}×{side}" for side in small), Sketch(channels, plain, stack, bias)),
        )

    sides = pair(kernel, tuple(into))
    small = [symbol(f"K_{n}", side) for n, side in enumerate(into, start=1)]
    field = sum((one - 1 for one in small), symbol("1", 1))
    large = range(SMALLEST, max(WIDEST, kernel) + 1, 2)
    return Argument(
        title=f"{kernel}×{kernel} against {sides[1].title}",
        question=f"What does a {kernel}×{kernel} cost, and what do smaller ones that together see as much?",
        rule=(
            "A convolution costs the area of its kernel for each pair of channels, at every position of the "
            "map. Kernels one after the other see as far as one whose side is 1 more than the sum of theirs, "
            "each less 1; their areas add up to less than its area. Every one of them brings a "
            "non-linearity of its own."
        ),
        sides=sides,
        steps=(
            step(f"receptive field of {sides[1].title}", "receptive_field", field, kernel),
            ratio(sides, "macs", symbol("K", kernel) ** 2 / reduce(add, (one**2 for one in small))),
        ),
        curve=curve(
            f"side of the kernel, in {SMALLEST}×{SMALLEST}",
            "macs",
            ((side, pair(side, (SMALLEST,) * ((side - 1) // (SMALLEST - 1)))) for side in large),
        ),
    )
