"""GoogLeNet of naive modules: how the width blows up."""

from __future__ import annotations

from itertools import accumulate

from inception_profiler.claims.calculator import calculator
from inception_profiler.claims.modules import NAIVE, NETWORK, places
from inception_profiler.claims.sides import part, side, summed
from inception_profiler.records.argument import Argument, Curve, Part, Point
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile


@calculator("naive")
def naive() -> Argument:
    """What GoogLeNet would cost of naive modules, whose width grows from each to the next.

    The whole network of the paper's Figure 2a modules against that of Figure 2b, module by module in its
    place: a naive module hands its input on beside its own filters, and the next one pays for both.
    """
    from inception_profiler.analysis.part import inside
    from inception_profiler.analysis.profile import profile

    sides = tuple(side(name, profile(name)) for name in (NAIVE, NETWORK))
    parts = tuple(_place(name, [inside(one.profile, name) for one in sides]) for name in places())
    sums = zip(_sums(parts, 0), _sums(parts, 1), strict=True)
    return Argument(
        title=f"{NETWORK} of naive modules",
        question=f"What would {NETWORK} cost if none of its modules reduced anything?",
        rule=(
            "A naive module is wider than its input by all its filters, since the pooled input is handed on "
            "whole. Cost grows with the width of what a module is given, so the blow-up feeds itself: "
            "deep modules have far larger ratios than the first ones."
        ),
        sides=sides,
        steps=(summed(sides, "macs", ("K²·C_in·C_out·H·W", "K²·C_in·C_out·H·W")),),
        curve=Curve(
            "modules from the first, added up",
            "macs",
            tuple(Point(position, pair) for position, pair in enumerate(sums, start=1)),
        ),
        parts=parts,
        notes=("Stem, poolings and classifier are in both sides, and no part of a module.",),
    )


def _place(name: str, modules: list[Profile]) -> Part:
    """Return a module in both networks, titled with the widths of what it is given."""
    widths = " and ".join(str(one.inputs[0].shape[1]) for one in modules)
    return part(f"{name}, {widths} in", (one.layers for one in modules))


def _sums(parts: tuple[Part, ...], position: int) -> list[int]:
    """Add up what one side spends, from its first module on."""
    return list(accumulate(int(METRICS.get("macs").of(one.groups[position])) for one in parts))
