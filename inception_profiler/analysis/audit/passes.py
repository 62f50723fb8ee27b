"""Running a copy of a model, forward and in training backward, while every operator is seen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from inception_profiler.analysis.audit.places import Place, Places
from inception_profiler.analysis.copies import meta_copy, real_copy
from inception_profiler.analysis.inputs import Wanted, input_tensor
from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.returned import returned_tensors
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import ALONE, uncompiled
from inception_profiler.analysis.walk import walk

Seen = Callable[[Place, Any, tuple[Any, ...], Any], None]


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Run every operator and tell ``seen`` of it and of its place."""

    def __init__(self, places: Places, seen: Seen) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._places, self._seen = places, seen

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator."""
        output = func(*args, **(kwargs or {}))
        place = self._places.here
        if place is not None:
            self._seen(place, func, args, output)
        return output


def watch(about: Subject, seen: Seen, *, real: bool, inner: Any = None) -> None:
    """Run a copy of the model once and tell ``seen`` of every operator, and of the module that it runs for.

    In training the gradients are worked out too, with one given to every output that can have one. What a
    ``torch.utils.checkpoint`` runs again is not told of. ``real`` runs on real tensors, for a model that
    needs data; ``inner`` is a mode to have inside.
    """
    network = uncompiled(about.network)
    copied = real_copy(network) if real else meta_copy(network)
    if about.train is not None:
        copied.train(about.train)
    scene = walk(copied)
    places = Places(scene.paths)
    training = about.train is not False and any(module.training for module in scene.paths)

    def made(wanted: Wanted) -> Tensor:
        tensor = (
            input_tensor(wanted, scene.dtype, torch.device("cpu"))
            if real
            else torch.empty(wanted.shape, dtype=wanted.dtype or scene.dtype, device="meta")
        )
        return tensor.requires_grad_(training and wanted.given is not None and wanted.given.requires_grad)

    args, kwargs, _ = about.inputs.made(made)
    with ExitStack() as stack:
        stack.enter_context(preserved((), device=scene.device if real else None))
        stack.enter_context(ALONE)
        stack.enter_context(places.followed())
        stack.enter_context(torch.set_grad_enabled(training))
        stack.enter_context(_Watch(places, seen))
        if inner is not None:
            stack.enter_context(inner)
        output = copied(*args, **kwargs)
        if training:
            places.backward = True
            ends = [tensor for tensor in returned_tensors(output) if tensor.requires_grad]
            if ends:
                torch.autograd.backward(ends, [torch.ones_like(end) for end in ends])
