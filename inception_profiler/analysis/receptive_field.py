"""What a tensor sees of the input, followed through one call after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from inception_profiler.analysis.layout import (
    AXES,
    PARTIAL,
    SHIFTED,
    Layout,
    axes_in,
    axis_of,
    chosen,
    inserted,
    removed,
    reshaped,
)
from inception_profiler.analysis.reach import ITSELF, Reach, joined
from inception_profiler.analysis.windows import Moved, moved
from inception_profiler.records.trace import Call

Shape = tuple[int, ...]

_KEEPING = frozenset({"elementwise", "activation", "normalization"})
_COPIES = frozenset({
    "clone", "contiguous", "detach", "alias", "positive", "to", "float", "double", "half", "bfloat16",
    "transfer", "copy", "fill", "zero", "masked_scatter", "uniform", "normal", "bernoulli", "mark", "data",
    "channel_shuffle",
})  # fmt: skip
_VIEWS = frozenset({
    "view", "view_as", "reshape", "reshape_as", "flatten", "unflatten", "ravel", "squeeze", "unsqueeze",
})  # fmt: skip
_EXPANSIONS = frozenset({"expand", "expand_as", "broadcast_to"})
_PARTS = frozenset({
    "getitem", "narrow", "select", "chunk", "split", "split_with_sizes", "tensor_split", "unbind", "hsplit",
    "vsplit", "index_select",
})  # fmt: skip
_PRODUCTS = frozenset({"matmul", "mm", "bmm", "matmul_reflected"})


class Sight(NamedTuple):
    """What a tensor sees: its spans along each axis of the input, and which dimension runs over which axis.

    ``widest`` encloses all branches, ``narrowest`` is what is seen on the path that sees least along the
    axis. Both are empty where what is seen cannot be told; ``narrowest`` alone where all is seen, but no
    longer how. Either comes without a layout.
    """

    shape: Shape
    layout: Layout | None
    widest: tuple[Reach, ...]
    narrowest: tuple[Reach, ...]

    def spread(self, axis: int) -> bool:
        """Whether several positions lie along an axis."""
        return any(
            size > 1 and bits >> axis & 1 for size, bits in zip(self.shape, self.layout or (), strict=False)
        )

    def placed(self, axis: int) -> bool:
        """Whether the positions along an axis are all there, and begin where it begins."""
        bits = [bits for bits in self.layout or () if bits >> axis & 1]
        return bool(bits) and not any(held & (PARTIAL | SHIFTED) for held in bits)

    @property
    def stepping(self) -> bool:
        """Whether neighbours along every axis lie a known step apart.

        One position has no neighbour, but it does have a step where more of the input would make more of it.
        """
        axes = 0
        for size, bits in zip(self.shape, self.layout or (), strict=False):
            single = size == 1 and all(self.widest[axis].everything for axis in axes_in(bits))
            axes |= 0 if single or bits & PARTIAL else bits
        return axes & AXES == (1 << len(self.widest)) - 1


def sight_of_input(shape: Shape, axes: int) -> Sight:
    """Return what an input sees of itself, whose last ``axes`` dimensions are positions."""
    layout = (0,) * (len(shape) - axes) + tuple(1 << axis for axis in range(axes))
    return Sight(shape, layout, (ITSELF,) * axes, (ITSELF,) * axes)


def followed(call: Call, sights: Sequence[Sight], shape: Shape) -> Sight | None:
    """Return what an output of ``shape`` sees, given what is seen by the tensors that the call reads.

    Tensors that depend on no input are left out of ``sights``; None says the same of the output.
    """
    if not sights or call.kind == "creation":
        return None
    told = all(sight.widest and sight.layout is not None for sight in sights)
    after = _known(call, list(sights), shape) if told else None
    if after is not None:
        return after
    whole = [sight for sight in sights if _sees_all(sight)]
    if len(whole) == len(sights) or (whole and not told):
        return Sight(shape, None, whole[0].widest, ())
    return Sight(shape, None, (), ())


def _known(call: Call, sights: list[Sight], shape: Shape) -> Sight | None:
    """Follow one call whose operands are all known; None where the call is not understood."""
    settings: dict[str, Any] = dict(call.attributes)
    first = sights[0]
    layout = first.layout or ()
    if call.spatial or call.op == "pad" or call.op.startswith("aten.re"):
        return _through_window(call, settings, first, shape)
    if call.op in {"softmax", "log_softmax"}:
        held = layout[int(settings["dim"])] if layout else 0
        return _mixed(first, held, layout, shape)
    if call.kind == "reduction" and "dims" in settings:
        return _reduced(first, settings["dims"], shape)
    if call.kind == "linear":
        return _contracted(call, sights, shape)
    if call.kind == "attention":
        held = 0
        for sight in sights:
            held |= (sight.layout or ())[-2]
        return _all_mixed(sights, held, shape, (*layout[:-1], 0))
    if call.op == "stack":
        stacked = inserted(layout, first.shape, shape)
        return None if stacked is None else _merged(sights, shape, stacked)
    if call.op == "cat":
        return _joined(sights, int(settings["dim"]), shape)
    if call.kind in _KEEPING or call.op in _COPIES or call.op in _EXPANSIONS or call.kind == "reduction":
        kept = _aligned(sights, shape)
        if call.kind == "reduction" and call.op not in {"max", "min"}:
            return None  # a running sum
        return None if kept is None else _merged(_broadcast(sights, shape), shape, kept)
    if "order" in settings:
        order = settings["order"]
        return first._replace(shape=shape, layout=tuple(layout[source] for source in order))
    if call.op in _VIEWS:
        return first._replace(shape=shape, layout=reshaped(layout, first.shape, shape))
    if call.op in _PARTS:
        follow = chosen if call.activations else removed  # by indices, in any order, or a view
        return first._replace(shape=shape, layout=follow(layout, first.shape, shape))
    return None


def _sees_all(sight: Sight) -> bool:
    return bool(sight.widest) and all(reach.everything for reach in sight.widest)


def _through_window(call: Call, settings: dict[str, Any], sight: Sight, shape: Shape) -> Sight | None:
    """Follow a window that slides over the dimensions that hold axes."""
    layout = sight.layout or ()
    widest, narrowest = list(sight.widest), list(sight.narrowest)
    found = list(layout)
    for back in range(1, (call.spatial or len(layout)) + 1):
        how = moved(call, settings, back, sight.shape[-back], shape[-back])
        if how is None:
            return None
        axis = axis_of(layout[-back])
        if axis is None and layout[-back] and how != Moved.STILL:
            if not call.spatial:
                found[-back] |= SHIFTED
                continue
            if not all(widest[held].everything for held in axes_in(layout[-back])):
                return None
        if axis is None or how is Moved.STILL:
            continue
        for reaches in (widest, narrowest):
            reaches[axis] = how.applied(reaches[axis])
    if call.kind == "convolution":
        held = found[-call.spatial - 1]
        found[-call.spatial - 1] = 0
        return _mixed(Sight(shape, None, tuple(widest), tuple(narrowest)), held, tuple(found), shape)
    return Sight(shape, tuple(found), tuple(widest), tuple(narrowest))


def _mixed(sight: Sight | None, held: int, layout: Layout | None, shape: Shape) -> Sight | None:
    """Let all positions along the axes of ``held`` see each other; None where only parts are mixed."""
    if sight is None:
        return None
    axes = axes_in(held & AXES)
    if held & PARTIAL and not all(sight.widest[axis].everything for axis in axes):
        return None
    widest, narrowest = list(sight.widest), list(sight.narrowest)
    for reaches in (widest, narrowest):
        for axis in axes:
            reaches[axis] = reaches[axis].seeing_everything()
    return Sight(shape, layout, tuple(widest), tuple(narrowest))


def _all_mixed(sights: Sequence[Sight], held: int, shape: Shape, layout: Layout) -> Sight | None:
    mixed = [_mixed(sight, held, sight.layout, sight.shape) for sight in sights]
    told = [sight for sight in mixed if sight is not None]
    return _merged(told, shape, layout) if len(told) == len(mixed) else None


def _reduced(sight: Sight, dims: Sequence[int], shape: Shape) -> Sight | None:
    layout = sight.layout or ()
    gone = frozenset(dims)
    held = 0
    for dim in gone:
        held |= layout[dim] if dim < len(layout) else 0
    if len(shape) == len(layout):
        left = tuple(0 if dim in gone else bits for dim, bits in enumerate(layout))
    else:
        left = tuple(bits for dim, bits in enumerate(layout) if dim not in gone)
    return _mixed(sight, held, left, shape)


def _contracted(call: Call, sights: list[Sight], shape: Shape) -> Sight | None:
    """Follow a matrix product: positions along the dimension that is summed see each other."""
    first = sights[0]
    layout = first.layout or ()
    if call.op == "linear" and len(sights) == 1:
        return _mixed(first, layout[-1], (*layout[:-1], 0)[: len(shape)], shape)
    if call.op not in _PRODUCTS or min(len(sight.shape) for sight in sights) < 2:
        return None
    if len(sights) == 1 and len(call.inputs) == 2:  # a product with a constant
        left = call.inputs[call.op == "matmul_reflected"].shape == first.shape
        kept = (*layout[:-1], 0) if left else (*layout[:-2], 0, layout[-1])
        kept = (0,) * (len(shape) - len(kept)) + kept
        return (
            _mixed(first, layout[-1] if left else layout[-2], kept, shape)
            if len(kept) == len(shape)
            else None
        )
    second = sights[-1]
    if call.op == "matmul_reflected":
        first, second = second, first
    rows, columns = (first.layout or ())[-2], (second.layout or ())[-1]
    held = (first.layout or ())[-1] | (second.layout or ())[-2] | (rows & columns)
    batch = _aligned([_batch(first), _batch(second)], shape[:-2])
    if batch is None:
        return None
    return _all_mixed([first, second], held, shape, (*batch, rows, columns))


def _batch(sight: Sight) -> Sight:
    return sight._replace(shape=sight.shape[:-2], layout=(sight.layout or ())[:-2])


def _joined(sights: list[Sight], dim: int, shape: Shape) -> Sight | None:
    """Follow a concatenation; along an axis of the input, positions no longer begin where it begins."""
    layout = [0] * len(shape)
    for sight in sights:
        if len(sight.shape) != len(shape):
            return None
        layout = [bits | held for bits, held in zip(layout, sight.layout or (), strict=True)]
    if layout[dim]:
        layout[dim] |= SHIFTED
    return _merged(sights, shape, tuple(layout), layout[dim] & AXES)


def _aligned(sights: Sequence[Sight], shape: Shape) -> Layout | None:
    """Return the layout of tensors broadcast against each other; None where theirs contradict each other."""
    layout = [0] * len(shape)
    for sight in sights:
        if sight.layout is None or len(sight.shape) > len(shape):
            return None
        for back in range(1, len(sight.shape) + 1):
            if sight.shape[-back] == shape[-back]:
                layout[-back] |= sight.layout[-back]
            elif sight.shape[-back] != 1:
                return None
    held = [axis for bits in layout for axis in axes_in(bits & AXES)]
    return tuple(layout) if len(held) == len(set(held)) else None


def _broadcast(sights: Sequence[Sight], shape: Shape) -> list[Sight]:
    """Let what has one position along an axis, and serves them all, see everything along it."""
    found = []
    for sight in sights:
        held = 0
        for back in range(1, len(sight.shape) + 1):
            if sight.shape[-back] == 1 != shape[-back]:
                held |= (sight.layout or ())[-back]
        found.append(_mixed(sight, held, sight.layout, sight.shape) or sight)
    return found


def _merged(sights: Sequence[Sight], shape: Shape, layout: Layout | None, apart: int = 0) -> Sight | None:
    """Return what is seen by all ``sights`` together, and, along each axis, by the one that sees least.

    None where it is not the same everywhere, or cannot be told: where their positions do not correspond, as
    those of two parts of an axis do not, nor those of branches of unequal stride. Where they lie one after
    the other (along the axes of ``apart``), what is seen is what the one sees that sees most.
    """
    first = sights[0]
    axes = len(first.widest)
    if any(len(sight.widest) != axes for sight in sights):
        return None
    if len(sights) == 1:
        return first._replace(shape=shape, layout=layout)
    widest, uneven = [], 0
    for axis in range(axes):
        reaches = [sight.widest[axis] for sight in sights]
        spread = [sight.widest[axis] for sight in sights if sight.spread(axis)] or reaches
        even = all(reach.steps_like(spread[0]) for reach in spread)
        uneven |= 0 if even else 1 << axis
        if any(reach.everything for reach in reaches):
            widest.append(spread[0].seeing_everything())
        elif apart >> axis & 1:
            widest.append(max(reaches, key=lambda reach: reach.size))
        elif even and all(sight.placed(axis) for sight in sights):
            widest.append(joined(reaches))
        else:
            return None
    narrowest = tuple(
        min((sight.narrowest[axis] for sight in sights), key=lambda reach: reach.size) for axis in range(axes)
    )
    if layout is not None:
        layout = tuple(bits | PARTIAL if bits & (uneven | apart) else bits for bits in layout)
    return Sight(shape, layout, tuple(widest), narrowest)
