"""A 1×1 convolution before a wide one: fewer channels for the expensive kernel to meet."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import odd, plane, whole
from inception_profiler.claims.sides import curve, drawn, ratio
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Side
from inception_profiler.records.sketch import Convolution, Sketch

symbol = Expression.symbol
STEPS = 16
"""How many equal steps the curve takes to the full width."""


@calculator("bottleneck")
def bottleneck(
    *,
    in_channels: Annotated[int, Asked("channels of the map", "in")] = 256,
    reduce: Annotated[int, Asked("channels that the 1×1 leaves of them")] = 64,
    out_channels: Annotated[int, Asked("channels of the result", "out")] = 256,
    kernel: Annotated[int, Asked("side of the kernel, odd")] = 3,
    size: Annotated[Sizes, Asked("height and width of the map")] = (28, 28),
    restore: Annotated[
        bool, Asked("let a second 1×1 make the result (ResNet), or the kernel itself (Inception)")
    ] = True,
    bias: Annotated[bool, Asked("give every convolution a bias")] = False,
) -> Argument:
    """What a 1×1 saves that reduces the channels before a larger kernel.

    One K×K convolution against a 1×1 that reduces, the K×K on what it leaves, and a 1×1 that restores::

        K²·C_in·C_out / (C_in·R + K²·R² + R·C_out)

    Without ``restore`` the K×K gives the result itself, as in an Inception module::

        K²·C_in·C_out / (C_in·R + K²·R·C_out)

    Raises:
        InputError: a reduction that does not reduce, an even kernel, or a number below 1.
    """
    for name, value in (("in", in_channels), ("reduce", reduce), ("out", out_channels)):
        whole(name, value)
    odd("kernel", kernel)
    plain = plane("size", size)
    if reduce > in_channels:
        raise InputError(
            f"reduce {reduce} is more than the {in_channels} channels that come in: it would not reduce them"
        )

    def pair(left: int) -> tuple[Side, Side]:
        direct = (Convolution(out_channels, (kernel, kernel)),)
        narrow = (Convolution(left, (kernel, kernel)), Convolution(out_channels, (1, 1)))
        behind = (Convolution(left, (1, 1)), *(narrow if restore else direct))
        return (
            drawn("direct", Sketch(in_channels, plain, direct, bias)),
            drawn("bottleneck", Sketch(in_channels, plain, behind, bias)),
        )

    sides = pair(reduce)
    k, c, r = symbol("K", kernel), symbol("C_in", in_channels), symbol("R", reduce)
    o = symbol("C_out", out_channels)
    narrow = k**2 * r**2 + r * o if restore else k**2 * r * o
    square = f"{kernel}×{kernel}"
    layers = f"a 1×1, a {square} and a 1×1" if restore else f"a 1×1 and a {square}"
    return Argument(
        title=f"{square} {in_channels}→{out_channels} against a bottleneck of {reduce}",
        question=f"What does a {square} cost directly, and what behind a 1×1 that reduces its input?",
        rule=(
            "A convolution costs the product of its input channels, its output channels and the area of its "
            "kernel, at every position of the map. A 1×1 that leaves R of the channels makes the larger "
            f"kernel meet R of them instead of all: {layers} in the place of one {square}. The map that "
            "comes out has the same shape."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", k**2 * c * o / (c * r + narrow)),),
        curve=curve(
            "channels after the reduction",
            "macs",
            (
                (left, pair(left))
                for left in {max(1, in_channels * n // STEPS) for n in range(1, STEPS + 1)} | {reduce}
            ),
        ),
    )
