"""What squeeze and excitation add to a residual block."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import plane, whole
from inception_profiler.claims.sides import curve, ratio, side
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Side
from inception_profiler.units import Unit, scale_for

symbol = Expression.symbol
PLAIN, SQUEEZED = "resnet50", "se_resnet50"


@calculator("squeeze")
def squeeze(
    *,
    channels: Annotated[int, Asked("channels of the block's 3×3; its map has four times as many")] = 64,
    reduction: Annotated[int, Asked("by how much the squeezed channels are reduced")] = 16,
    size: Annotated[Sizes, Asked("height and width of the map")] = (56, 56),
) -> Argument:
    """What squeeze and excitation cost on top of a residual bottleneck.

    Two 1×1 on one pixel, from C channels to C/r and back, beside the block's own convolutions on H × W::

        1 + (2·C²/r) / ((2·C·B + 9·B²)·H·W)

    with B the block's inner channels and C = 4·B.

    Raises:
        InputError: channels that the reduction does not divide, or a number below 1.
    """
    whole("channels", channels)
    whole("reduction", reduction)
    height, width = plane("size", size)
    wide = 4 * channels
    if wide % reduction:
        raise InputError(
            f"reduction {reduction} does not divide the block's {wide} channels (4·{channels}): "
            f"take {_nearest(wide, reduction)}"
        )

    def pair(factor: int) -> tuple[Side, Side]:
        from inception_profiler.analysis.profile import profile
        from inception_profiler.zoo.resnet import Bottleneck, Widths
        from inception_profiler.zoo.se_resnet import SEBottleneck, SqueezeExcitation
        from inception_profiler.zoo.weightless import Weightless

        widths = Widths(wide, channels, wide)
        with Weightless():
            squeezed, plain = SEBottleneck(widths, 1), Bottleneck(widths, 1)
            squeezed.se = SqueezeExcitation(wide, factor)
        blocks = (("with squeeze", squeezed), ("without", plain))
        first, second = (side(title, profile(one, (1, wide, height, width))) for title, one in blocks)
        return first, second

    sides = pair(reduction)
    b, c, r = symbol("B", channels), symbol("C", wide), symbol("r", reduction)
    block = (2 * c * b + symbol("3", 3) ** 2 * b**2) * symbol("H", height) * symbol("W", width)
    return Argument(
        title=f"A bottleneck on {wide}×{height}×{width} with squeeze and excitation, and without",
        question="What do squeeze and excitation add to a residual block?",
        rule=(
            "The excitation works on one pixel, the mean of the map, so its weights are used once where the "
            "block's are used at every position: it adds parameters, and next to no MACs. What it does "
            "add is passes over the whole map, the mean and the scaling, which are other operations."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", (block + 2 * c * (c / r)) / block),),
        curve=curve("reduction", "params", ((n, pair(n)) for n in _divisors(wide, reduction))),
        notes=(_network(),),
    )


def _nearest(wide: int, reduction: int) -> int:
    return min((n for n in range(1, wide + 1) if wide % n == 0), key=lambda n: abs(n - reduction))


def _divisors(wide: int, reduction: int) -> list[int]:
    """Return the powers of 2 that divide the width, and the reduction asked for."""
    powers = (2**n for n in range(wide.bit_length()))
    return sorted({reduction, *(power for power in powers if wide % power == 0)})


def _network() -> str:
    """Say what it adds to a whole network."""
    from inception_profiler.analysis.profile import profile

    plain, squeezed = profile(PLAIN), profile(SQUEEZED)

    def added(more: int, base: int, title: str) -> str:
        share = scale_for((), Unit.SHARE).full(more / base)
        return f"{scale_for((more,), Unit.COUNT).full(more)} {title} ({share})"

    return (
        f"To {PLAIN} it adds {added(squeezed.params - plain.params, plain.params, 'params')} and "
        f"{added(squeezed.macs - plain.macs, plain.macs, 'MACs')}."
    )
