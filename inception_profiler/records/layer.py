"""One call with its cost and its place, and several of them added up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from inception_profiler.records.cost import Cost
from inception_profiler.records.frozen import record
from inception_profiler.records.geometry import UNPLACED, Geometry
from inception_profiler.records.trace import Call

Size = TypeVar("Size", int, int | float)
Resolution = tuple[int, ...] | None
CONTRACTIONS = frozenset({"convolution", "linear"})
AUXILIARY = "auxiliary"
HEAD = "head"


class _Costed:
    """What can be read off anything that has a ``cost``."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def cost(self) -> Cost: ...

        @property
        def backward_macs(self) -> int: ...

    @property
    def macs(self) -> int:
        """Multiply-accumulates of contractions."""
        return self.cost.macs

    @property
    def step_macs(self) -> int:
        """Multiply-accumulates of a training step: forward and backward."""
        return self.macs + self.backward_macs

    @property
    def backward_ratio(self) -> float:
        """Backward MACs for each forward MAC; 0 where there are none."""
        return self.backward_macs / self.macs if self.macs else 0.0

    @property
    def ops(self) -> int:
        """Scalar operations that are not MACs."""
        return self.cost.ops

    @property
    def flops(self) -> int:
        """Floating-point operations: ``2 · macs + ops``."""
        return self.cost.flops

    @property
    def bytes_read(self) -> int:
        """Bytes read: inputs and parameters, each once a call."""
        return self.cost.bytes_read

    @property
    def bytes_written(self) -> int:
        """Bytes written."""
        return self.cost.bytes_written

    @property
    def intensity(self) -> float:
        """FLOPs per byte moved."""
        return self.cost.intensity


@record
class LayerCost(_Costed):
    """One call with what it costs and where it stands in the network.

    Attributes:
        call: the facts.
        name: the paper's name of the module that executed the call, or its attribute path.
        resolution: size of the feature map the call works at; None in the head.
        stage: title of the span between two resolutions that the call belongs to.
        params: elements of the parameters that this call is the first to use, so that layers add up to the
            model.
        trainable_params: those among them that are trained.
        weight_bytes: their bytes.
        backward_macs: multiply-accumulates of the call's gradients; 0 where training was not counted.
        geometry: how much of the input the call sees, and how deep it lies.
    """

    call: Call
    name: str
    resolution: Resolution
    stage: str
    params: int
    trainable_params: int
    weight_bytes: int
    backward_macs: int = 0
    geometry: Geometry = UNPLACED

    @property
    def cost(self) -> Cost:
        """Operations and bytes moved."""
        return self.call.cost

    @property
    def path(self) -> str:
        """Attribute path of the module that executed the call."""
        return self.call.path

    @property
    def resolution_title(self) -> str:
        """Title of the feature-map size that the layer is booked under: ``56``, ``56×28``, ``head``."""
        return AUXILIARY if self.stage == AUXILIARY else size_title(self.resolution)

    @property
    def op(self) -> str:
        """Name of the operation."""
        return self.call.op

    @property
    def calls(self) -> int:
        """How many calls this row stands for: 1."""
        return 1

    @property
    def activations(self) -> int:
        """Elements newly produced."""
        return self.call.activations

    @property
    def contraction_activations(self) -> int:
        """Elements produced by convolutions and linear operations only (fvcore's and timm's activations)."""
        return self.call.activations if self.call.kind in CONTRACTIONS else 0

    @property
    def activation_bytes(self) -> int:
        """Bytes newly produced."""
        return self.call.activation_bytes

    @property
    def peak_activation_bytes(self) -> int:
        """Bytes alive during the call."""
        return self.call.live_bytes

    @property
    def launches(self) -> int:
        """Kernels started in eager mode."""
        return self.call.launches

    @property
    def receptive_field(self) -> int | None:
        """Input pixels, along the longer side, that one output position sees; None where there is none."""
        return max(self.geometry.field) if self.geometry.field else None

    @property
    def narrowest_field(self) -> int | None:
        """Input pixels, along the longer side, seen along the narrowest path."""
        return max(self.geometry.narrowest) if self.geometry.narrowest else None

    @property
    def stride(self) -> int | float | None:
        """Input pixels between neighbouring outputs, along the side where they are farther apart.

        None where an output has no neighbours, as behind a global pooling.
        """
        return max(self.geometry.stride) if self.geometry.stride else None

    @property
    def depth(self) -> int:
        """Layers with weights on the longest path up to here, this one included."""
        return self.geometry.depth

    @property
    def depth_with_pooling(self) -> int:
        """Layers with weights and poolings on the longest path up to here, this one included."""
        return self.geometry.depth_with_pooling


@record
class Group(_Costed):
    """Several layers added up under one title.

    Of what does not add up, such as ``peak_activation_bytes``, fields, strides and depths, it has the largest
    among the layers; of ``narrowest_field`` the smallest. Where the field of any layer is unknown, so are its
    fields and its stride: the largest of those that are known could be too small.

    ``executions`` says how often their module ran, where they are all of one module that ran several times.
    """

    title: str
    executions: int
    calls: int
    cost: Cost
    params: int
    trainable_params: int
    weight_bytes: int
    activations: int
    contraction_activations: int
    activation_bytes: int
    peak_activation_bytes: int
    backward_macs: int
    receptive_field: int | None = None
    narrowest_field: int | None = None
    stride: int | float | None = None
    depth: int = 0
    depth_with_pooling: int = 0
    launches: int = 0

    @classmethod
    def of(cls, title: str, layers: Iterable[LayerCost], executions: int = 1) -> Group:
        """Add up ``layers``."""
        members = tuple(layers)
        placed = () if any(layer.geometry.unknown for layer in members) else members
        return cls(
            title=title,
            executions=executions,
            calls=len(members),
            cost=Cost.sum(layer.cost for layer in members),
            params=sum(layer.params for layer in members),
            trainable_params=sum(layer.trainable_params for layer in members),
            weight_bytes=sum(layer.weight_bytes for layer in members),
            activations=sum(layer.activations for layer in members),
            contraction_activations=sum(layer.contraction_activations for layer in members),
            activation_bytes=sum(layer.activation_bytes for layer in members),
            peak_activation_bytes=max((layer.peak_activation_bytes for layer in members), default=0),
            backward_macs=sum(layer.backward_macs for layer in members),
            receptive_field=largest(layer.receptive_field for layer in placed),
            narrowest_field=_smallest(layer for layer in placed if layer.geometry.field),
            stride=largest(layer.stride for layer in placed),
            depth=max((layer.depth for layer in members), default=0),
            depth_with_pooling=max((layer.depth_with_pooling for layer in members), default=0),
            launches=sum(layer.launches for layer in members),
        )


def largest(values: Iterable[Size | None]) -> Size | None:
    """Return the largest of the values that there are; None where there are none."""
    return max((value for value in values if value is not None), default=None)


def _smallest(layers: Iterable[LayerCost]) -> int | None:
    """Return the narrowest field of layers that have a field; None where that of any cannot be told."""
    told = [layer.narrowest_field for layer in layers]
    known = [value for value in told if value is not None]
    return min(known) if known and len(known) == len(told) else None


def size_title(resolution: Resolution) -> str:
    """Print a feature-map size: ``56`` where all sides are equal, ``56×28`` otherwise, ``head`` for none."""
    if resolution is None:
        return HEAD
    if len(resolution) > 1 and len(set(resolution)) == 1:
        return str(resolution[0])
    return "×".join(map(str, resolution))
