"""Fully connected layers on a flattened map, and one behind a global pooling."""

from __future__ import annotations

from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import plane, whole
from inception_profiler.claims.sides import curve, drawn, part, ratio
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Part, Side
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Head
from inception_profiler.units import Unit, scale_for

symbol = Expression.symbol
SIDES = range(1, 15)
"""Sides of the map on the curve."""


@calculator("head")
def head(
    model: Annotated[str, Asked("take channels, size, hidden, classes and biases from this network")] = "",
    *,
    channels: Annotated[int, Asked("channels of the last map")] = 512,
    size: Annotated[Sizes, Asked("height and width of the last map")] = (7, 7),
    hidden: Annotated[
        Sizes, Asked("units of the fully connected layers between, like 4096,4096", between=",")
    ] = (
        4096,
        4096,
    ),
    classes: Annotated[int, Asked("outputs of the classifier")] = 1000,
    pool: Annotated[
        bool, Asked("average the map to one pixel first; without, only the layers between are left out")
    ] = True,
    bias: Annotated[bool, Asked("give every layer a bias")] = False,
) -> Argument:
    """What a global average pooling saves against fully connected layers.

    The flattened map through hidden layers to the classes, against one layer behind the pooled map::

        (C·H·W·F_1 + F_1·F_2 + … + F_n·N) / (C·N)

    Raises:
        UnknownNameError: no such network.
        InputError: a network that does not end in a flattened map, or a number below 1.
    """
    from inception_profiler.analysis.profile import profile

    network = profile(model) if model else None
    if network is None:
        for name, value in (("channels", channels), ("classes", classes), *(("hidden", n) for n in hidden)):
            whole(name, value)
        full = Head(channels, plane("size", size), tuple(hidden), classes, pool=False, bias=bias)
    else:
        full = _of(network)
    sides = _pair(full, pool=pool)
    maps = [(side, side) for side in sorted({*SIDES, full.size[0]})]
    return Argument(
        title=f"{sides[0].title} against {sides[1].title}",
        question="What does a classifier cost that is fully connected, and what one behind a pooling?",
        rule=(
            "A fully connected layer has a weight for each pair of what it is given and what it makes, and "
            "uses each once. A flattened map gives every channel at every position; averaged over its "
            "positions it gives every channel once."
        ),
        sides=sides,
        steps=tuple(
            ratio(sides, key, _formula(full, pool=pool, bias=full.bias and key == "params"))
            for key in ("macs", "params")
        ),
        curve=curve(
            "side of the map",
            "params",
            (
                (
                    size[0],
                    _pair(Head(full.channels, size, full.hidden, full.classes, False, full.bias), pool=pool),
                )
                for size in maps
            ),
        ),
        parts=tuple(_parts(sides)),
        notes=() if network is None else (_shares(network, sides[0]),),
    )


def _pair(full: Head, *, pool: bool) -> tuple[Side, Side]:
    short = Head(full.channels, full.size, (), full.classes, pool, full.bias)
    return drawn("fully connected", full), drawn("pooled" if pool else "one layer", short)


def _formula(full: Head, *, pool: bool, bias: bool) -> Expression:
    """Return the closed formula of the ratio."""
    c, n = symbol("C", full.channels), symbol("N", full.classes)
    area = symbol("H", full.size[0]) * symbol("W", full.size[1])
    units = [symbol(f"F_{position}", width) for position, width in enumerate(full.hidden, start=1)]
    given: Expression = c * area
    total: Expression | None = None
    for made in (*units, n):
        term = given * made + made if bias else given * made
        total = term if total is None else total + term
        given = made
    below = c * n if pool else c * area * n
    assert total is not None
    return total / (below + n if bias else below)


def _of(network: Profile) -> Head:
    """Read the classifier of a network off its profile: as it is, or flattened where the network pools."""
    flat = [n for n, layer in enumerate(network.layers) if layer.op == "flatten"]
    dense = [layer for layer in network.layers[flat[-1] + 1 :] if layer.op == "linear"] if flat else []
    if not dense:
        raise InputError(f"{network.model} does not end in fully connected layers on a flattened map")
    shape = network.layers[flat[-1]].call.inputs[0].shape
    before = network.layers[flat[-1] - 1].call
    if before.kind == "pooling" and set(shape[2:]) == {1}:
        shape = before.inputs[0].shape
    widths = [layer.call.outputs[0].shape[-1] for layer in dense]
    bias = len(dense[0].call.inputs) > 2
    return Head(shape[1], plane("size", shape[2:]), tuple(widths[:-1]), widths[-1], pool=False, bias=bias)


def _parts(sides: tuple[Side, Side]) -> list[Part]:
    layers = [[layer for layer in side.profile.layers if layer.params] for side in sides]
    titles = [f"fc{position}" for position in range(1, 1 + max(map(len, layers)))]
    return [part(title, (one[n : n + 1] for one in layers)) for n, title in enumerate(titles)]


def _shares(network: Profile, full: Side) -> str:
    """Say what part of a network its classifier is."""

    def share(of_head: float, of_all: float) -> str:
        return scale_for((), Unit.SHARE).full(of_head / of_all)

    return (
        f"In {network.model} the fully connected layers hold {share(full.profile.params, network.params)} "
        f"of the params and do {share(full.profile.macs, network.macs)} of the MACs."
    )
