"""Where a layer stands in a network: how much of the input it sees, and how deep it lies."""

from __future__ import annotations

from inception_profiler.records.frozen import record


@record
class Geometry:
    """What one output position of a call sees, and the longest path that leads to it.

    A field is the extent, per axis (H and W of an image), of the input positions on which one output position
    depends, as if the input had no borders: a window near a border, or one larger than the image, is counted
    whole, and so are the holes that dilation leaves in it. What sees the whole map, whatever its size, such
    as global pooling, a linear layer over a flattened map, attention, or a gate computed from all positions,
    has the input's size as its field. Neighbours in LRN are channels, and the statistics of normalizations
    are not counted as seeing.

    Attributes:
        field: the receptive field, all branches taken together; None where there is none (tokens, numbers,
            and what is made of weights alone), or where it is ``unknown``.
        narrowest: the field along the narrowest path, for each axis: of the 1×1 branch of a module, of the
            shortcut of a residual block. None where there is no field, and where a path cannot be followed.
        stride: cumulative step, all strides so far multiplied: input positions between two neighbouring
            output positions. None where an output has no neighbour: pooled over the whole map, or flattened
            and mixed, as in a head; and behind a choice of positions, which may lie anywhere.
        depth: layers with weights (convolution, linear) on the longest path up to and including the call.
        depth_with_pooling: the same, each pooling counted as a layer too.
        unknown: whether there is a field that cannot be told, as behind a division into windows or an
            operation without a rule.
    """

    field: tuple[int, ...] | None = None
    narrowest: tuple[int, ...] | None = None
    stride: tuple[int | float, ...] | None = None
    depth: int = 0
    depth_with_pooling: int = 0
    unknown: bool = False


UNPLACED = Geometry()
"""The geometry of what depends on no input and contains no weights."""
