"""Tensors without data that stand for those of the model where PyTorch itself must run an operation."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch._C._functorch import is_functorch_wrapped_tensor as is_wrapped

from inception_profiler.analysis.arguments import all_mapped
from inception_profiler.analysis.recorder import Recorder

_META = torch.device("meta")


class Twins:
    """One meta tensor for each of the model: tied weights stay tied, in-place updates land on the twin."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._twins: dict[int, tuple[Tensor, Tensor]] = {}
        self._originals: dict[int, Tensor] = {}

    def of(self, tensor: Tensor) -> Tensor:
        """Return the one meta tensor that stands for ``tensor``: itself if this forward pass made it."""
        if tensor.is_meta and not self._recorder.holds(tensor):
            return tensor
        known = self._twins.get(id(tensor))
        if known is not None:
            return known[1]
        if is_wrapped(tensor):
            return tensor
        twin = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device=_META)
        self._recorder.own(twin, self._recorder.known(tensor))
        self._twins[id(tensor)] = (tensor, twin)
        self._originals[id(twin)] = tensor
        return twin

    def has(self, tensor: Tensor) -> bool:
        """Tell whether ``tensor`` has a twin, and so values that are no longer its own."""
        return id(tensor) in self._twins

    def original(self, output: Any) -> Any:
        """Return the tensor that ``output`` stands for, or ``output`` itself."""
        return self._originals.get(id(output), output)

    def arguments(
        self, args: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments with a twin in the place of every tensor that is not of this forward pass."""
        return all_mapped(args, options, self.of)
