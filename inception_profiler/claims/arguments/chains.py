"""The factorized convolutions of a network, each held against the one that it stands for."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, calculator
from inception_profiler.claims.sides import beside, part, summed
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Curve, Part, Point, Side
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.sketch import Sketch
from inception_profiler.units import Unit, scale_for


@calculator("chains")
def chains(
    model: Annotated[str, Asked("a network that profile knows")] = "inception_v3",
) -> Argument:
    """What a network saves where convolutions one after the other stand for a larger one.

    Every chain of the network, such as 3×3 → 3×3 or 1×7 → 7×1, against the one convolution between the same
    channels that sees as much and makes the same map.

    Raises:
        UnknownNameError: no such network.
        InputError: a network without such chains.
    """
    from inception_profiler.analysis.chains import chains as find
    from inception_profiler.analysis.chains import dense, sketched
    from inception_profiler.analysis.profile import profile

    network = profile(model)
    found = find(network)
    if not found:
        raise InputError(f"in {model} no convolutions one after the other stand for a larger one")
    small = [sketched(chain) for chain in found]
    large = [dense(sketch) for sketch in small]
    sides = (beside("dense", large), beside("factorized", small))
    counted = sum(layer.macs for chain in found for layer in chain)
    if counted != sides[1].profile.macs:
        raise ArithmeticError(
            f"the chains of {model} cost {counted} MACs in it, and {sides[1].profile.macs} written down"
        )
    titles = [
        f"{_names(chain, network.naming.separator)}: {_kernels(one)} for {_kernels(whole)}"
        for chain, one, whole in zip(found, small, large, strict=True)
    ]
    parts = tuple(_part(position, title, sides) for position, title in enumerate(titles, start=1))
    return Argument(
        title=f"The factorized convolutions of {model}",
        question=f"What would {model} cost with one large kernel where it takes several small ones?",
        rule=(
            "Kernels one after the other see as far as one whose side is 1 more than the sum of theirs, each "
            "less 1. Here each chain of a network is held against that one, between the same channels. What "
            "the chain saves depends on the channels between as well: where the first convolution already "
            "widens the map, or works before a stride, the saving shrinks, or turns into a loss."
        ),
        sides=sides,
        steps=(summed(sides, "macs", ("K²·C_in·C_out·H·W", "K_h·K_w·C_in·C_out·H·W")),),
        curve=Curve("side of the large kernel", "macs", tuple(_points(large, parts))),
        parts=parts,
        notes=(
            f"These chains are {_share(counted, network.macs)} of the MACs of {model}. Convolutions that "
            "stand side by side, as the 1×3 and the 3×1 of a module that fans out, are in no chain.",
        ),
    )


def _names(chain: tuple[LayerCost, ...], separator: str) -> str:
    """Name a chain by its first and last convolution, without what both names end in."""
    first, last = (chain[n].name.split(separator) for n in (0, -1))
    while len(first) > 1 and len(last) > 1 and first[-1] == last[-1]:
        first, last = first[:-1], last[:-1]
    return f"{separator.join(first)} … {last[-1]}"


def _kernels(sketch: Sketch) -> str:
    return "→".join(f"{height}×{width}" for height, width in (one.kernel for one in sketch.convolutions))


def _part(position: int, title: str, sides: tuple[Side, ...]) -> Part:
    name = f"part{position}"
    return part(
        title,
        ([layer for layer in side.profile.layers if layer.path.split(".")[0] == name] for side in sides),
    )


def _points(large: list[Sketch], parts: tuple[Part, ...]) -> list[Point]:
    """Add the chains up by the side of the kernel that they stand for."""
    of = METRICS.get("macs").of
    sums: dict[int, list[int]] = {}
    for sketch, one in zip(large, parts, strict=True):
        known = sums.setdefault(sketch.receptive_field[0], [0, 0])
        for n, group in enumerate(one.groups):
            known[n] += int(of(group))
    return [Point(side, tuple(sums[side])) for side in sorted(sums)]


def _share(counted: int, total: int) -> str:
    return scale_for((), Unit.SHARE).full(counted / total)
