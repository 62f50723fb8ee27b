"""The convolutions of a network that stand one after the other, and so for one larger kernel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from inception_profiler.analysis.part import FOLLOWERS
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Convolution, Sketch

Chain = tuple[LayerCost, ...]


def chains(profile: Profile) -> tuple[Chain, ...]:
    """Return the chains of convolutions that together see a square which no one of them sees.

    Each reads what the one before it made, behind its normalization and activation, and is the only one to
    read it. Squares make one chain as long as they follow each other; rows and columns make one as soon as
    they see a square: 1×7, 7×1, 1×7, 7×1 are two chains for a 7×7 each. Convolutions of 1×1, in groups or
    dilated are in no chain.
    """
    return tuple(one for line in _lines(profile) for one in _squares(line) if len(one) > 1)


def sketched(chain: Chain) -> Sketch:
    """Write the convolutions of a chain down as they stand in the network."""
    image = chain[0].call.inputs[0].shape
    bias = len(chain[0].call.inputs) > 2
    return Sketch(image[1], (image[2], image[3]), tuple(map(_convolution, chain)), bias)


def dense(chain: Sketch) -> Sketch:
    """Write down the one convolution that a chain stands for: it sees as much and makes the same map.

    With K_i, P_i and S_i the kernel, padding and stride of the convolutions of the chain::

        K = 1 + Σ (K_i − 1)·S_1 … S_(i−1)     P = Σ P_i·S_1 … S_(i−1)     S = S_1·S_2 …
    """
    pads, step = [0, 0], [1, 1]
    for one in chain.convolutions:
        for axis in (0, 1):
            pads[axis] += one.pads[axis] * step[axis]
            step[axis] *= one.stride[axis]
    single = Convolution(
        chain.convolutions[-1].filters,
        chain.receptive_field,
        stride=(step[0], step[1]),
        padding=(pads[0], pads[1]),
    )
    return Sketch(chain.in_channels, chain.size, (single,), chain.bias)


def _lines(profile: Profile) -> Iterator[Chain]:
    """Yield the longest runs of convolutions, each the only reader of the one before it."""
    origin: dict[int, int] = {}  # for each tensor, the convolution that made it
    readers: Counter[int] = Counter()
    before: dict[int, int] = {}
    for position, layer in enumerate(profile.layers):
        reads, writes = layer.call.reads, layer.call.writes
        if layer.call.kind in FOLLOWERS and len(reads) == 1 and reads[0] in origin:
            origin[writes[0]] = origin[reads[0]]
            continue
        made_by = [origin[number] for number in reads if number in origin]
        readers.update(made_by)
        for number in writes:
            origin.pop(number, None)
        if _links(layer):
            origin[writes[0]] = position
            if made_by:
                before[position] = made_by[0]
    runs: dict[int, list[int]] = {}
    for position in (n for n, layer in enumerate(profile.layers) if _links(layer)):
        previous = before.get(position)
        run = runs.pop(previous, []) if previous is not None and readers[previous] == 1 else []
        runs[position] = [*run, position]
    for run in runs.values():
        yield tuple(profile.layers[position] for position in run)


def _links(layer: LayerCost) -> bool:
    """Tell whether a layer is a convolution that can stand in a chain."""
    if layer.op != "conv2d":
        return False
    known = dict(layer.call.attributes)
    return known["kernel"] != (1, 1) and known["groups"] == 1 and known["dilation"] == (1, 1)


def _squares(line: Chain) -> Iterator[Chain]:
    """Part a run where what it sees has become a square: squares stay together."""
    gathered: list[LayerCost] = []
    for layer in line:
        height, width = _convolution(layer).kernel
        if gathered and height != width and _is_square(gathered):
            yield tuple(gathered)
            gathered = []
        elif gathered and height == width and not _is_square(gathered[-1:]):
            if _is_square(gathered):
                yield tuple(gathered)
            gathered = []
        gathered.append(layer)
    if gathered and _is_square(gathered):
        yield tuple(gathered)


def _is_square(layers: Sequence[LayerCost]) -> bool:
    height, width = sketched(tuple(layers)).receptive_field
    return height == width


def _convolution(layer: LayerCost) -> Convolution:
    known = dict(layer.call.attributes)
    pads = known["padding"]
    return Convolution(
        layer.call.outputs[0].shape[1],
        _pair(known["kernel"]),
        stride=_pair(known["stride"]),
        padding=_pair(pads) if isinstance(pads, tuple) else None,
    )


def _pair(value: object) -> tuple[int, int]:
    assert isinstance(value, tuple)
    return value[0], value[1]
