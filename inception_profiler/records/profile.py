"""The priced result of a trace: layers, groups of layers, and the totals of a model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from os import PathLike
from typing import TYPE_CHECKING

from inception_profiler.records.cost import Cost
from inception_profiler.records.coverage import Coverage, coverage
from inception_profiler.records.display import Shown
from inception_profiler.records.executions import Executions
from inception_profiler.records.frozen import record
from inception_profiler.records.idle import Idle, idle_modules
from inception_profiler.records.layer import AUXILIARY, Group, LayerCost
from inception_profiler.records.naming import Naming
from inception_profiler.records.trace import ModuleSpec, ParameterSpec, TensorSpec, Unpriced

if TYPE_CHECKING:
    import pandas


@record
class Profile(Shown):
    """What a model costs for one input, layer by layer; every total is a sum over ``layers``.

    Attributes:
        model: the registered name, or the class of the module.
        mode: ``inference``, ``training``, or ``mixed`` where the module's own flags differ.
        inputs: the tensors the model was given.
        input_names: what each of them is called, empty for a positional argument.
        layers: one entry a call, in the order of execution.
        parameters: every parameter, tied ones once for each path.
        buffers: every buffer, BatchNorm statistics and the like.
        modules: every module, shared ones once, the model itself first.
        not_executed: paths of parameters that no call used, such as auxiliary heads in inference.
        unpriced: operations whose cost is unknown; empty when everything was counted.
        naming: how paths are shown.
        fallback: empty, or on what values the model had to be run in a copy, and why.
        returned: numbers of the tensors that the forward pass returned, as calls read and write them.
    """

    _told = ("params", "macs")

    model: str
    mode: str
    inputs: tuple[TensorSpec, ...]
    input_names: tuple[str, ...]
    layers: tuple[LayerCost, ...]
    parameters: tuple[ParameterSpec, ...]
    buffers: tuple[ParameterSpec, ...]
    modules: tuple[ModuleSpec, ...]
    not_executed: tuple[str, ...]
    unpriced: tuple[Unpriced, ...]
    naming: Naming
    fallback: str
    returned: tuple[int, ...] = ()

    @property
    def total(self) -> Group:
        """All layers added up. Parameters that no call used are not in it; `params` has them."""
        return Group.of(self.model, self.layers)

    @property
    def params(self) -> int:
        """Elements of all parameters, tied ones once, also those that no call used."""
        return sum(spec.tensor.numel for spec in _untied(self.parameters))

    @property
    def trainable_params(self) -> int:
        """Elements of the parameters that are trained."""
        return sum(spec.tensor.numel for spec in _untied(self.parameters) if spec.trainable)

    @property
    def not_executed_params(self) -> int:
        """Elements of the parameters that no call used."""
        unused = frozenset(self.not_executed)
        return sum(spec.tensor.numel for spec in _untied(self.parameters) if spec.path in unused)

    @property
    def idle(self) -> tuple[Idle, ...]:
        """The modules whose parameters no call used, with those parameters."""
        return idle_modules(self.parameters, self.modules, frozenset(self.not_executed))

    @property
    def coverage(self) -> Coverage:
        """How the cost of every operation is known, and which is not."""
        return coverage(self.model, self.layers, self.unpriced, self.fallback)

    @property
    def buffer_elements(self) -> int:
        """Elements of all buffers."""
        return sum(spec.tensor.numel for spec in _untied(self.buffers))

    @property
    def weight_bytes(self) -> int:
        """Bytes of all parameters, tied ones once."""
        return sum(spec.tensor.nbytes for spec in _untied(self.parameters))

    @property
    def macs(self) -> int:
        """Multiply-accumulates of contractions."""
        return sum(layer.macs for layer in self.layers)

    @property
    def backward_macs(self) -> int:
        """Multiply-accumulates of all gradients; 0 where training was not counted."""
        return sum(layer.backward_macs for layer in self.layers)

    @property
    def step_macs(self) -> int:
        """Multiply-accumulates of a training step: forward and backward."""
        return self.macs + self.backward_macs

    @property
    def backward_ratio(self) -> float:
        """Backward MACs for each forward MAC; 0 where there are none."""
        return self.total.backward_ratio

    @property
    def cost(self) -> Cost:
        """Operations by kind and bytes moved, of all calls."""
        return Cost.sum(layer.cost for layer in self.layers)

    @property
    def ops(self) -> int:
        """Scalar operations that are not MACs."""
        return sum(layer.ops for layer in self.layers)

    @property
    def flops(self) -> int:
        """Floating-point operations: ``2 · macs + ops``."""
        return sum(layer.flops for layer in self.layers)

    @property
    def activations(self) -> int:
        """Elements newly produced by all calls."""
        return sum(layer.activations for layer in self.layers)

    @property
    def contraction_activations(self) -> int:
        """Elements produced by convolutions and linear operations (fvcore's and timm's activations)."""
        return sum(layer.contraction_activations for layer in self.layers)

    @property
    def activation_bytes(self) -> int:
        """Bytes newly produced by all calls: the sum of outputs, not what is alive at once."""
        return sum(layer.activation_bytes for layer in self.layers)

    @property
    def peak_activation_bytes(self) -> int:
        """Largest number of bytes made by the forward pass and alive at once; weights and input apart."""
        return max((layer.peak_activation_bytes for layer in self.layers), default=0)

    @property
    def bytes_read(self) -> int:
        """Bytes read by all calls."""
        return sum(layer.bytes_read for layer in self.layers)

    @property
    def bytes_written(self) -> int:
        """Bytes written by all calls."""
        return sum(layer.bytes_written for layer in self.layers)

    @property
    def intensity(self) -> float:
        """FLOPs per byte moved."""
        return self.total.intensity

    @property
    def calls(self) -> int:
        """Number of calls."""
        return len(self.layers)

    @property
    def launches(self) -> int:
        """Kernels started in eager mode: operators of PyTorch's that are no view and no mere allocation.

        What a library such as cuDNN starts for one operator, and what a device fuses, is not known here.
        """
        return sum(layer.launches for layer in self.layers)

    @property
    def receptive_field(self) -> int | None:
        """The largest receptive field of any layer.

        None where there is none, as for tokens, and where that of any layer is unknown.
        """
        return self.total.receptive_field

    @property
    def narrowest_field(self) -> int | None:
        """The smallest field of any layer; None as for `receptive_field`."""
        return self.total.narrowest_field

    @property
    def stride(self) -> int | float | None:
        """The largest cumulative step of any layer; None as for `receptive_field`."""
        return self.total.stride

    @property
    def depth(self) -> int:
        """Layers with weights (convolution, linear) on the longest path through the network.

        Parallel branches count once, the longest; shortcuts with a projection do not lengthen a path.
        """
        return max((layer.depth for layer in self.layers), default=0)

    @property
    def depth_with_pooling(self) -> int:
        """Layers with weights and poolings on the longest path through the network."""
        return max((layer.depth_with_pooling for layer in self.layers), default=0)

    def by_module(self, depth: int = 1) -> tuple[Group, ...]:
        """Group by the first ``depth`` segments of the module path, in the order of execution."""
        paths: dict[str, str] = {}
        members: dict[str, list[LayerCost]] = {}
        for layer in self.layers:
            path = ".".join(layer.path.split(".")[:depth])
            name = self.naming.name(path) or f"({self.model})"
            paths.setdefault(name, path)
            members.setdefault(name, []).append(layer)
        ran = self.executions()
        return tuple(Group.of(name, inside, ran.of(paths[name], inside)) for name, inside in members.items())

    def by_layer(self) -> tuple[Group, ...]:
        """Group by the executing module and operation; a shared module's calls are added up."""
        members: dict[tuple[str, str], list[LayerCost]] = {}
        for layer in self.layers:
            members.setdefault((layer.name or f"({self.model})", layer.op), []).append(layer)
        ran = self.executions()
        return tuple(
            Group.of(f"{name} · {op}", inside, ran.of(inside[0].path, inside, op))
            for (name, op), inside in members.items()
        )

    def executions(self) -> Executions:
        """Return how often every module ran."""
        return Executions(self.modules, self.layers)

    def by_op(self) -> tuple[Group, ...]:
        """Group by operation."""
        return self._grouped(lambda layer: layer.op)

    def by_stage(self) -> tuple[Group, ...]:
        """Group by stage: the spans between two resolutions, in the order of execution."""
        return self._grouped(lambda layer: layer.stage)

    def by_resolution(self) -> tuple[Group, ...]:
        """Group by the size of the feature map, largest first, then the head, then auxiliary heads."""
        sizes: dict[str, float] = {AUXILIARY: -1.0}
        for layer in self.layers:
            sizes.setdefault(layer.resolution_title, math.prod(layer.resolution or (0,)))
        groups = self._grouped(lambda layer: layer.resolution_title)
        return tuple(sorted(groups, key=lambda group: -sizes[group.title]))

    def at(self, title: str) -> Group:
        """Return the group of one feature-map size, zero where the network has none: ``p.at("56")``."""
        return Group.of(title, (layer for layer in self.layers if layer.resolution_title == title))

    def _grouped(self, key: Callable[[LayerCost], str]) -> tuple[Group, ...]:
        members: dict[str, list[LayerCost]] = {}
        for layer in self.layers:
            members.setdefault(key(layer), []).append(layer)
        return tuple(Group.of(title, layers) for title, layers in members.items())

    def to_frame(self) -> pandas.DataFrame:
        """Return the layers as a pandas DataFrame, one row a call, in base units."""
        from inception_profiler.records.frame import layer_frame

        return layer_frame(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole profile as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


def _untied(specs: Iterable[ParameterSpec]) -> Iterable[ParameterSpec]:
    return {spec.identity: spec for spec in specs}.values()
