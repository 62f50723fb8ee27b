"""An inception module with its reductions, and the naive one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from inception_profiler.claims.calculator import Asked, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.modules import NETWORK, Place, pair, places
from inception_profiler.claims.sides import curve, part, ratio
from inception_profiler.errors import UnknownNameError
from inception_profiler.records.argument import Argument, Part, Side
from inception_profiler.records.layer import LayerCost

if TYPE_CHECKING:
    from inception_profiler.zoo.inception_v1 import Widths

symbol = Expression.symbol
WIDTHS = range(64, 1025, 64)
"""Input channels of the curve."""
BRANCHES = {
    "1×1": ("conv_1x1",),
    "3×3": ("reduce_3x3", "conv_3x3"),
    "5×5": ("reduce_5x5", "conv_5x5"),
    "pooling": ("pool", "pool_proj"),
}


@calculator("module")
def module(
    name: Annotated[str, Asked("a module of the paper's Table 1, like inception_3b")] = "inception_3b",
) -> Argument:
    """What an inception module saves by its 1×1 reductions, against the naive one.

    The module of the paper's Figure 2b against that of Figure 2a, on the map and with the filters that it has
    in GoogLeNet; F are its filters, R its reductions, P its projection::

        C·(F_1 + 9·F_3 + 25·F_5) / (C·(F_1 + R_3 + R_5 + P) + 9·R_3·F_3 + 25·R_5·F_5)

    Raises:
        UnknownNameError: no module of that name; the nearest are suggested.
    """
    found = places()
    if name not in found:
        import difflib

        near = difflib.get_close_matches(name, found, n=2, cutoff=0.5)
        raise UnknownNameError("module", name, near, known=len(found))
    place = found[name]
    sides = pair(place)
    return Argument(
        title=f"{name} without and with its reductions",
        question=f"What would {name} cost without its 1×1 convolutions, and what does it cost with them?",
        rule=(
            "In a naive module every filter of the 3×3 and the 5×5 meets every channel of the input, and the "
            "pooled input goes on as wide as it came. A 1×1 before each large kernel, and one behind the "
            "pooling, make the large kernels meet few channels and the module's output narrow."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", _formula(place)),),
        curve=curve(
            "channels of the input",
            "macs",
            ((width, pair(place.of_width(width))) for width in sorted({*WIDTHS, place.channels})),
        ),
        parts=tuple(_branches(sides)),
        notes=(
            f"Both get the map that {name} has in {NETWORK}: {place.channels} channels of "
            f"{place.size[0]}×{place.size[1]}. The naive module hands on {place.naive_out}, the other "
            f"{place.widths.out}: the next naive module would be dearer still (argue naive).",
        ),
    )


def _formula(place: Place) -> Expression:
    """Return the closed formula of the ratio."""
    widths: Widths = place.widths
    c, f1, f3 = symbol("C", place.channels), symbol("F_1", widths.conv_1x1), symbol("F_3", widths.conv_3x3)
    f5, r3, r5 = (
        symbol("F_5", widths.conv_5x5),
        symbol("R_3", widths.reduce_3x3),
        symbol("R_5", widths.reduce_5x5),
    )
    p = symbol("P", widths.pool_proj)
    three, five = symbol("3", 3) ** 2, symbol("5", 5) ** 2
    naive = c * (f1 + three * f3 + five * f5)
    return naive / (c * (f1 + r3 + r5 + p) + three * r3 * f3 + five * r5 * f5)


def _branches(sides: tuple[Side, Side]) -> Iterator[Part]:
    def below(side: Side, names: Iterable[str]) -> list[LayerCost]:
        return [layer for layer in side.profile.layers if layer.path.split(".")[0] in names]

    for title, names in BRANCHES.items():
        yield part(title, (below(side, names) for side in sides))
    yield part("concatenation", (below(side, ("",)) for side in sides))  # by the module itself
