"""Choosing layers of a profile, and what can be counted of a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile


def until(model: Profile, size: int) -> tuple[LayerCost, ...]:
    """Return the layers from the start to the first that puts out a map of ``size``, that one included."""
    layers = []
    for layer in model.layers:
        layers.append(layer)
        if layer.call.outputs and layer.call.outputs[0].shape[2:] == (size, size):
            return tuple(layers)
    return tuple(layers)


def of_kind(layers: Iterable[LayerCost], *kinds: str) -> tuple[LayerCost, ...]:
    """Return the layers whose operation is of one of the families ``kinds``: ``convolution``, ``pooling``."""
    return tuple(layer for layer in layers if layer.call.kind in kinds)


def macs(layer: LayerCost) -> int:
    """Return the multiply-accumulates of a layer."""
    return layer.macs


def params(layer: LayerCost) -> int:
    """Return the parameters of a layer, biases included."""
    return layer.params


def output_bytes(layer: LayerCost) -> int:
    """Return the bytes of a layer's output."""
    return layer.activation_bytes


def weights(model: Profile) -> Callable[[LayerCost], int]:
    """Return what counts the parameters of a layer without its biases."""
    shapes = {spec.identity: spec.tensor for spec in model.parameters}

    def count(layer: LayerCost) -> int:
        read = (shapes[identity] for identity in layer.call.parameters if identity in shapes)
        return sum(tensor.numel for tensor in read if len(tensor.shape) > 1)

    return count


def flops(layer: LayerCost) -> int:
    """Return the floating-point operations of a layer: 2 · MACs + ops."""
    return layer.flops


def inside(model: Profile, path: str) -> tuple[LayerCost, ...]:
    """Return the layers of one module and of everything in it."""
    return tuple(layer for layer in model.layers if layer.path == path or layer.path.startswith(f"{path}."))


def under(model: Profile, name: str) -> tuple[LayerCost, ...]:
    """Return the layers whose name is ``name`` or starts with it, by the paper's names."""
    return tuple(layer for layer in model.layers if layer.name == name or layer.name.startswith(f"{name}/"))


def attribute(layer: LayerCost, name: str) -> int:
    """Return what determines an operation, ``kernel`` or ``stride``, where height and width agree."""
    value = dict(layer.call.attributes)[name]
    sides = set(value) if isinstance(value, tuple) else {value}
    (side,) = sides
    return int(side or 0)


def numbers(layer: LayerCost, name: str) -> tuple[int, ...]:
    """Return the numbers of what determines an operation: a kernel's sides, a pad's edges."""
    value = dict(layer.call.attributes)[name]
    return tuple(int(each) for each in value) if isinstance(value, tuple) else (int(value or 0),)


def weight_shape(layer: LayerCost) -> tuple[int, ...]:
    """Return the shape of a layer's weight: C_out × C_in/G × K_h × K_w."""
    return next(spec.shape for spec in layer.call.inputs[1:] if len(spec.shape) > 1)


def channels(layer: LayerCost) -> int:
    """Return the channels of a layer's output."""
    return layer.call.outputs[0].shape[1]


def side(layer: LayerCost) -> int:
    """Return the width of a layer's output map."""
    return layer.call.outputs[0].shape[-1]


def stages(model: Profile) -> Iterator[tuple[LayerCost, ...]]:
    """Yield the convolutions of each stage of a VGG network: those before each pooling."""
    members: list[LayerCost] = []
    for layer in model.layers:
        if layer.call.kind == "convolution":
            members.append(layer)
        elif layer.call.kind == "pooling" and members:
            yield tuple(members)
            members = []
