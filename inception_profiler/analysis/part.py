"""A part of a profile, which is a profile again: some of the layers, and the parameters they use."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from inception_profiler.errors import InputError
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

FOLLOWERS = frozenset({"normalization", "activation"})
"""Kinds of operations that end the block they stand in without changing its map."""


def part(profile: Profile, layers: Iterable[LayerCost], model: str) -> Profile:
    """Return the profile of some layers alone, under the title ``model``.

    Its parameters, buffers and modules are those that the layers use; its input is what the first of them
    was given. ``peak_activation_bytes`` is the whole network's during these layers.

    Raises:
        InputError: no layers.
    """
    members = tuple(layers)
    if not members:
        raise InputError(f"{model} has no layers")
    used = {identity for layer in members for identity in layer.call.parameters}
    paths = {layer.path for layer in members}
    return replace(
        profile,
        model=model,
        inputs=members[0].call.inputs[:1],
        layers=members,
        parameters=tuple(spec for spec in profile.parameters if spec.identity in used),
        buffers=tuple(spec for spec in profile.buffers if spec.identity in used),
        modules=tuple(spec for spec in profile.modules if _holds(spec.path, paths)),
        not_executed=(),
    )


def inside(profile: Profile, path: str) -> Profile:
    """Return the profile of one module: the layers below the attribute ``path``.

    Raises:
        InputError: no layer stands there.
    """
    return part(profile, (layer for layer in profile.layers if _holds(path, {layer.path})), path)


def stem(profile: Profile, until: int) -> Profile:
    """Return the profile of the layers that work on maps larger than ``until`` × ``until``, or make that one.

    A convolution that makes the map of that size brings the normalization and the activation of its own block
    with it.

    Raises:
        InputError: the network makes no square map of that side of a larger one; those that it makes are
            listed.
    """
    ends = reductions(profile)
    if until not in ends:
        raise InputError(
            f"{profile.model} never shrinks a map to {until}×{until}: it does to {', '.join(map(str, ends))}"
        )
    area = until * until
    members: list[LayerCost] = []
    makers: set[str] = set()
    for layer in profile.layers:
        block = layer.path.rpartition(".")[0]
        if layer.resolution is None:
            continue
        if math.prod(layer.resolution) > area:
            members.append(layer)
        elif _read(layer) > area >= math.prod(layer.resolution):
            members.append(layer)
            makers.add(block)
        elif block and block in makers and layer.call.kind in FOLLOWERS:
            members.append(layer)
    return part(profile, members, f"{profile.model} until {until}")


def reductions(profile: Profile) -> tuple[int, ...]:
    """Return the sides of the square maps that a network makes of larger ones, the largest first."""
    found = set()
    for layer in profile.layers:
        size = layer.resolution
        if size is not None and len(size) == 2 and size[0] == size[1] and _read(layer) > math.prod(size):
            found.add(size[0])
    return tuple(sorted(found, reverse=True))


def _read(layer: LayerCost) -> int:
    """Return the area of the map that a layer reads."""
    return math.prod(layer.call.inputs[0].shape[2:]) if layer.call.inputs else 0


def _holds(path: str, paths: set[str]) -> bool:
    return not path or any(inner == path or inner.startswith(f"{path}.") for inner in paths)
