"""Every inception module of GoogLeNet against its naive form, on the map that it has."""

from __future__ import annotations

from inception_profiler.claims.calculator import calculator
from inception_profiler.claims.modules import NETWORK, networks, places
from inception_profiler.claims.sides import part, side, summed
from inception_profiler.records.argument import Argument, Curve, Point
from inception_profiler.records.metrics import METRICS


@calculator("modules")
def modules() -> Argument:
    """What every inception module of GoogLeNet saves by its reductions.

    All nine modules of the paper's Table 1, each naive and reduced, and each on the map that it is given in
    the network: like for like, module by module.
    """
    from inception_profiler.analysis.profile import profile
    from inception_profiler.zoo.sketch import SideBySide

    found = places()
    rows = [networks(place) for place in found.values()]
    inputs = [place.shape for place in found.values()]
    sides = tuple(
        side(title, profile(SideBySide(column), inputs=inputs))
        for title, column in zip(("naive", "reduced"), zip(*rows, strict=True), strict=True)
    )
    parts = tuple(
        part(
            name,
            (
                [layer for layer in one.profile.layers if layer.path.split(".")[0] == f"part{position}"]
                for one in sides
            ),
        )
        for position, name in enumerate(found, start=1)
    )
    of = METRICS.get("macs").of
    return Argument(
        title=f"Every module of {NETWORK} without and with its reductions",
        question=f"What would each module of {NETWORK} cost without its 1×1 convolutions, on the same map?",
        rule=(
            "Each module is held against the naive one with the same 1×1, 3×3 and 5×5 filters on the same "
            "map, so that nothing but the reductions and the projection makes the difference."
        ),
        sides=sides,
        steps=(summed(sides, "macs", ("K²·C·F·H·W", "(C·R + K²·R·F)·H·W")),),
        curve=Curve(
            "module",
            "macs",
            tuple(
                Point(position, tuple(of(group) for group in one.groups))
                for position, one in enumerate(parts, start=1)
            ),
        ),
        parts=parts,
        notes=(
            "The modules stand side by side here, each on a map of its own, so that the live peak is not "
            "that of a network.",
        ),
    )
