"""How two networks get from the image to a small map."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, calculator
from inception_profiler.claims.given import whole
from inception_profiler.claims.sides import curve, part, side, summed
from inception_profiler.records.argument import Argument, Side


@calculator("stem")
def stem(
    model: Annotated[
        str, Asked("the network whose stem is asked about, a name that profile knows")
    ] = "inception_v1",
    *,
    vs: Annotated[str, Asked("the network that it is held against")] = "vgg16",
    until: Annotated[int, Asked("side of the map where both end")] = 28,
) -> Argument:
    """What one network spends until its map is small, against another.

    Every operation that works on a map larger than ``until`` × ``until``, and those that make that one, of
    both networks: their convolutions by the closed formula of each, the rest as counted.

    Raises:
        UnknownNameError: no such network.
        InputError: a network that never has a map of that side; those that it has are listed.
    """
    from inception_profiler.analysis.part import reductions
    from inception_profiler.analysis.part import stem as cut
    from inception_profiler.analysis.profile import profile

    whole("until", until)
    networks = profile(vs), profile(model)

    def pair(end: int) -> tuple[Side, Side]:
        first, second = (side(network.model, cut(network, end)) for network in networks)
        return first, second

    sides = pair(until)
    shared = set(reductions(networks[0])) & set(reductions(networks[1]))
    formula = "K²·C_in·C_out·H·W"
    firsts, seconds = (one.profile.by_resolution() for one in sides)
    titles = dict.fromkeys(group.title for group in (*firsts, *seconds))
    return Argument(
        title=f"The way to {until}×{until}: {vs} against {model}",
        question=f"What does {vs} spend until its map is {until}×{until}, and what does {model}?",
        rule=(
            "A convolution costs its weights times the positions of the map that it makes. On the largest "
            "maps every filter is dearest, so a network that shrinks its map before it widens spends a small "
            "part of what one does that keeps full resolution for several layers."
        ),
        sides=sides,
        steps=(summed(sides, "macs", (formula, formula)),),
        curve=curve("side of the map where both end", "macs", ((end, pair(end)) for end in shared)),
        parts=tuple(
            part(
                title,
                ([layer for layer in one.profile.layers if layer.resolution_title == title] for one in sides),
            )
            for title in sorted(titles, key=lambda title: -int(title.partition("×")[0]))
        ),
        notes=(
            "An operation belongs to the map that it makes; the one that makes the last map is counted, and "
            "nothing that reads it.",
        ),
    )
