"""Half the map, twice the channels: equal cost at every stage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from inception_profiler.claims.calculator import Asked, Sizes, calculator
from inception_profiler.claims.expression import Expression
from inception_profiler.claims.given import odd, plane, whole
from inception_profiler.claims.sides import curve, drawn, part, ratio
from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument, Part, Side
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.sketch import Convolution, Sketch

symbol = Expression.symbol
NETWORK = "vgg16"
"""The network whose stages are held against each other."""


@calculator("double")
def double(
    *,
    channels: Annotated[int, Asked("channels before they are doubled")] = 64,
    size: Annotated[Sizes, Asked("height and width before they are halved")] = (56, 56),
    kernel: Annotated[int, Asked("side of the kernel, odd")] = 3,
    bias: Annotated[bool, Asked("give every convolution a bias")] = False,
) -> Argument:
    """Why channels double where the map is halved: every stage costs the same.

    A convolution C → C on H × W against one 2·C → 2·C on H/2 × W/2::

        K²·C²·H·W / (K²·(2·C)²·(H / 2)·(W / 2)) = 1

    Raises:
        InputError: a map that cannot be halved, an even kernel, or a number below 1.
    """
    whole("channels", channels)
    odd("kernel", kernel)
    height, width = plane("size", size)
    if height % 2 or width % 2:
        raise InputError(f"size {height}×{width} cannot be halved: give even sides")

    def stage(halvings: int) -> Side:
        wide, times = channels * 2**halvings, 2**halvings
        sketch = Sketch(wide, (height // times, width // times), (Convolution(wide, (kernel, kernel)),), bias)
        return drawn(f"{wide}×{height // times}×{width // times}", sketch)

    first = stage(0)
    sides = (first, stage(1))
    k, c, h, w = symbol("K", kernel), symbol("C", channels), symbol("H", height), symbol("W", width)
    before = k**2 * c**2 * h * w
    after = k**2 * (2 * c) ** 2 * (h / 2) * (w / 2)
    return Argument(
        title=f"A {kernel}×{kernel} on {sides[0].title} against one on {sides[1].title}",
        question=f"What does a {kernel}×{kernel} cost where the map is halved and the channels are doubled?",
        rule=(
            "A convolution that keeps its channels costs their square at every position. Twice the channels "
            "make that four times, half the sides leave a quarter of the positions: the two cancel, and "
            "every stage costs the same. The weights grow fourfold, and the activations halve."
        ),
        sides=sides,
        steps=(ratio(sides, "macs", before / after),),
        curve=curve("halvings", "macs", ((n, (first, stage(n))) for n in _halvings(height, width))),
        parts=tuple(_stages(NETWORK)),
        parts_of=NETWORK,
        notes=(
            f"The parts are {NETWORK}'s: the last convolution of each stage against that of the next. Where "
            "the channels do not double, as in its last stage, the later one is cheaper.",
        ),
    )  # fmt: skip


def _halvings(height: int, width: int) -> Iterator[int]:
    """Yield how often both sides can be halved, from never."""
    times = 0
    while height % 2**times == 0 and width % 2**times == 0:
        yield times
        times += 1


def _stages(model: str) -> Iterator[Part]:
    """Yield the last convolution of each stage of a network against that of the next."""
    from inception_profiler.analysis.profile import profile

    last: dict[str, LayerCost] = {}
    for layer in profile(model).layers:
        if layer.call.kind == "convolution":
            last[layer.resolution_title] = layer
    for one, two in pairwise(last.values()):
        titles = (
            f"{layer.name} ({layer.call.outputs[0].shape[1]} at {layer.resolution_title})"
            for layer in (one, two)
        )
        yield part(" and ".join(titles), ((one,), (two,)))
