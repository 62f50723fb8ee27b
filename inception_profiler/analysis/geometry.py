"""Where every call of a trace stands: what it sees of the input, and how deep it lies."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from itertools import count

from inception_profiler.analysis.reach import Reach
from inception_profiler.analysis.receptive_field import Sight, followed, sight_of_input
from inception_profiler.records.geometry import UNPLACED, Geometry
from inception_profiler.records.layer import CONTRACTIONS
from inception_profiler.records.trace import Call, ParameterSpec, TensorSpec

_IMAGE = 4
_MOST_PLACES = 50_000
_BY_VALUE = frozenset({"movement", "reduction", "resampling", "creation", "operator"})
_PLANNED = frozenset({"cat", "pad"})


class _Place:
    """Where a tensor stands in a network.

    Equal calls lead from equal places to equal ones, between traces too, so what a call leads to is found
    once: ``onward`` keeps it. ``weighty`` marks a tensor that is made of weights alone, such as a normalized
    or transposed kernel. ``sides`` are those of the input along its axes.
    """

    __slots__ = ("geometry", "onward", "sides", "sight", "weighty")

    def __init__(
        self, sight: Sight | None, geometry: Geometry, sides: tuple[int, ...], *, weighty: bool = False
    ) -> None:
        self.sight = sight
        self.geometry = geometry
        self.sides = sides
        self.weighty = weighty
        self.onward: dict[Hashable, tuple[tuple[_Place, ...], object]] = {}


_NOWHERE = _Place(None, UNPLACED, ())
_WEIGHTS = _Place(None, UNPLACED, (), weighty=True)
_INPUTS: dict[tuple[tuple[int, ...], int], _Place] = {}
_COUNT = count(1)


def geometries(
    calls: Sequence[Call], inputs: Sequence[TensorSpec], buffers: Iterable[ParameterSpec] = ()
) -> list[Geometry]:
    """Return where each call stands.

    Inputs of four and more dimensions are N C and positions; of three, N C L where a one-dimensional
    convolution or pooling comes first, and C H W where a two-dimensional one does. All others are tokens or
    numbers, which have a depth and no field. A convolution by a fixed buffer, such as a blur, is not a layer
    with weights.
    """
    fixed = frozenset(spec.identity for spec in buffers)
    places = {number: _of_input(spec.shape, calls) for number, spec in enumerate(inputs)}
    found: list[Geometry] = []
    for call in calls:
        reads = call.reads
        kind = call.kind
        if len(reads) == 1:
            here = places.get(reads[0], _NOWHERE)
            operands: tuple[_Place, ...] = (here,)
            key: Hashable = id(call.inputs)
        else:
            operands = tuple([places.get(number, _NOWHERE) for number in reads])
            here = operands[0] if operands else _WEIGHTS if call.parameters else _NOWHERE
            key = (id(call.inputs), *map(id, operands))
        if kind in CONTRACTIONS and not fixed.issuperset(call.parameters):
            key = (key,)  # told apart from the same call with other than weights
        elif kind in _BY_VALUE and call.op not in _PLANNED:
            key = (
                call.op,
                call.attributes,
                call.inputs,
                call.outputs,
                call.activations,
                *map(id, operands[1:]),
            )
        known = here.onward.get(key)
        if known is None:
            known = (_onward(call, operands or (here,), fixed), (call.inputs, operands))
            _keep(here, key, known)
        after = known[0]
        if len(after) == 1:
            places[call.writes[0]] = after[0]
        else:
            places.update(zip(call.writes, after, strict=True))
        found.append(after[-1].geometry if after else UNPLACED)
    return found


def _keep(here: _Place, key: Hashable, known: tuple[tuple[_Place, ...], object]) -> None:
    """Remember where a call leads to, and what it was given, so that nothing else takes the id of that."""
    if next(_COUNT) % _MOST_PLACES == 0:
        for place in (_NOWHERE, _WEIGHTS):
            place.onward.clear()
        _INPUTS.clear()
    here.onward[key] = known


def _of_input(shape: tuple[int, ...], calls: Sequence[Call]) -> _Place:
    axes = len(shape) - 2 if len(shape) >= _IMAGE else calls[0].spatial if calls and len(shape) == 3 else 0
    place = _INPUTS.get((shape, axes))
    if place is None:
        place = _NOWHERE
        if axes > 0:
            sight = sight_of_input(shape, axes)
            sides = shape[-axes:]
            place = _Place(sight, _geometry(sight, sides, 0, 0), sides)
        else:
            place = _Place(None, UNPLACED, ())
        _INPUTS[shape, axes] = place
    return place


def _onward(call: Call, operands: tuple[_Place, ...], fixed: frozenset[int]) -> tuple[_Place, ...]:
    """Work out where a call leads from the places of the tensors that it reads."""
    if all(place.weighty for place in operands):
        return (_WEIGHTS,) * len(call.outputs)
    weighed = not fixed.issuperset(call.parameters) or any(place.weighty for place in operands)
    layer = weighed and call.kind in CONTRACTIONS
    depth = max(place.geometry.depth for place in operands) + layer
    pooled = max(place.geometry.depth_with_pooling for place in operands)
    pooled += layer or call.kind == "pooling"
    sides = max((place.sides for place in operands), key=len)
    sights = [place.sight for place in operands if place.sight is not None]
    after = []
    for spec in call.outputs:
        sight = followed(call, sights, spec.shape)
        after.append(_Place(sight, _geometry(sight, sides, depth, pooled), sides))
    return tuple(after)


def _geometry(sight: Sight | None, sides: tuple[int, ...], depth: int, pooled: int) -> Geometry:
    if sight is None or not sight.widest:
        return Geometry(None, None, None, depth, pooled, unknown=sight is not None)
    return Geometry(
        _extents(sight.widest, sides),
        _extents(sight.narrowest, sides) if sight.narrowest else None,
        tuple(reach.step for reach in sight.widest) if sight.stepping else None,
        depth,
        pooled,
    )


def _extents(reaches: Sequence[Reach], sides: Sequence[int]) -> tuple[int, ...]:
    return tuple(
        side if reach.size == math.inf else int(reach.size)
        for reach, side in zip(reaches, sides, strict=True)
    )
