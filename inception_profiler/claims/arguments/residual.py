"""The two residual blocks: two 3×3, and a 3×3 between two 1×1."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import plane, whole
from inception_profiler.claims.sides import curve, ratio, side
from inception_profiler.records.argument import Argument, Side

symbol = Expression.symbol
WIDER = 8
"""The largest expansion of the curve."""


@calculator("residual")
def residual(
    *,
    channels: Annotated[int, Asked("channels of the 3×3 convolutions")] = 64,
    expansion: Annotated[int, Asked("how many times wider the bottleneck's input and output are")] = 4,
    same_width: Annotated[
        bool, Asked("give the basic block the bottleneck's input, and so its width")
    ] = False,
    size: Annotated[Sizes, Asked("height and width of the map")] = (56, 56),
) -> Argument:
    """What a residual bottleneck costs against a basic block.

    Two 3×3 on C channels against 1×1, 3×3 and 1×1 between maps of E·C channels, as in ResNet-34 and
    ResNet-50, where they cost about the same; with ``same_width`` the two 3×3 have E·C channels too::

        2·9·C² / (2·E·C² + 9·C²)        2·9·(E·C)² / (2·E·C² + 9·C²)

    Raises:
        InputError: a number below 1.
    """
    whole("channels", channels)
    whole("expansion", expansion)
    plain = plane("size", size)

    def pair(times: int) -> tuple[Side, Side]:
        from inception_profiler.analysis.profile import profile
        from inception_profiler.zoo.resnet import Basic, Bottleneck, Widths
        from inception_profiler.zoo.weightless import Weightless

        wide = channels * times
        width = wide if same_width else channels
        with Weightless():
            basic = Basic(Widths(width, width, width), 1)
            bottleneck = Bottleneck(Widths(wide, channels, wide), 1)
        return (
            side(f"basic {width}", profile(basic, (1, width, *plain))),
            side(f"bottleneck {wide}", profile(bottleneck, (1, wide, *plain))),
        )

    sides = pair(expansion)
    c, e, three = symbol("C", channels), symbol("E", expansion), symbol("3", 3)
    width = e * c if same_width else c
    formula = (2 * three**2 * width**2) / (2 * e * c**2 + three**2 * c**2)
    return Argument(
        title=f"A residual block, {sides[0].title} against {sides[1].title}",
        question="What does a residual bottleneck cost, and what a basic block?",
        rule=(
            "A 1×1 brings the bottleneck's input down to the channels that its 3×3 works on, another brings "
            "it back up. So the block hands on more channels than the basic one of equal cost, in three "
            "layers with three non-linearities instead of two; the 3×3 that both have sees as far, the "
            "basic block's second one farther."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", formula),),
        curve=curve("expansion", "macs", ((n, pair(n)) for n in {*range(1, WIDER + 1), expansion})),
        notes=("Normalization, addition and activations are in FLOPs and activations, not in MACs.",),
    )
