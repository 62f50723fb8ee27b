"""Put a tensor without data in the place of every tensor of a model, for a while."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from inception_profiler.analysis.recorder import Recorder
from inception_profiler.analysis.twins import Twins
from inception_profiler.analysis.walk import Scene

_META = torch.device("meta")
_TABLES = frozenset({"_parameters", "_buffers", "_modules"})
_CONTAINERS = frozenset({list, tuple, dict})


def twin_model(scene: Scene) -> None:
    """Put meta twins in the place of parameters, buffers and plain tensor attributes of every module.

    One twin for each tensor, so ties stay ties; frozen parameters stay frozen. Everything else of the model
    is as it was, its hooks and closures included. It is undone by `preserved`, under which this must be
    called: tables are changed in place, which it restores, other containers are not changed but replaced.
    """
    twins: dict[int, tuple[Tensor, Tensor]] = {}

    def twin(tensor: Tensor) -> Tensor:
        known = twins.get(id(tensor))
        if known is None:
            known = twins[id(tensor)] = (tensor, _twin(tensor))
        return known[1]

    def mapped(value: Any) -> Any:
        if isinstance(value, Tensor):
            return twin(value)
        if type(value) in _CONTAINERS:
            inside = list(value.values()) if type(value) is dict else list(value)
            changed = list(map(mapped, inside))
            if all(new is old for new, old in zip(changed, inside, strict=True)):
                return value
            return dict(zip(value, changed, strict=True)) if type(value) is dict else type(value)(changed)
        return value

    for module in scene.paths:
        for table in (module._parameters, module._buffers):
            for name, tensor in table.items():
                if tensor is not None:
                    table[name] = twin(tensor)  # type: ignore[assignment]  # a parameter's twin is one
        namespace = module.__dict__
        for name in namespace.keys() - _TABLES:
            changed = mapped(namespace[name])
            if changed is not namespace[name]:
                namespace[name] = changed


def _twin(tensor: Tensor) -> Tensor:
    made = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device=_META)
    if isinstance(tensor, nn.Parameter):
        return nn.Parameter(made, requires_grad=tensor.requires_grad)
    return made.requires_grad_(tensor.requires_grad)


class SameTwins(Twins):
    """Twins of what is not on the meta device; what is there stands for itself.

    In a model whose tensors have been twinned, that is what its code made or kept elsewhere, as a constant in
    a closure.
    """

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)

    def of(self, tensor: Tensor) -> Tensor:
        """Return the meta tensor that stands for ``tensor``."""
        return tensor if tensor.is_meta else super().of(tensor)
