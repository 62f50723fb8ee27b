"""The mode of the second pass: PyTorch's own operators run, and each storage is booked under a call."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from inception_profiler.analysis.composite import HOOKS, SETTERS
from inception_profiler.analysis.memory.book import Place, StorageBook, parts
from inception_profiler.analysis.memory.on_cpu import (
    DEVICE,
    differs_on_cpu,
    kept_by_library,
    shown_as_cpu,
    shown_as_meta,
)
from inception_profiler.analysis.memory.twinned import SameTwins
from inception_profiler.analysis.recorder import Recorder
from inception_profiler.analysis.tracer import Tracer
from inception_profiler.analysis.walk import Scene
from inception_profiler.records.memory import BACKWARD, FORWARD

_ACCUMULATING = 2**63
"""Nodes that add to a parameter's gradient are numbered above this; they belong to the node before."""


class Replay(Tracer):
    """A tracer that lets every operation run and knows, in all phases, which call is the cause.

    In the forward pass that is the call being executed. In the backward pass it is the one whose autograd
    node is being evaluated: nodes are numbered in the order in which they are made, so the numbers reached at
    the end of each call tell which nodes are its own. What is recomputed in the backward pass, as under
    ``torch.utils.checkpoint``, belongs to the node that asks for it.

    ``reserved`` says whether some layer was met for which a library keeps more than can be told.
    """

    def __init__(self, scene: Scene, *, real: bool) -> None:
        super().__init__(scene, real=real, asked=True)
        if not real:
            self._twins = SameTwins(self.recorder)
        self.book = StorageBook(self._place)
        self.phase = FORWARD
        self.kept: dict[int, int] = {}
        self.reserved = False
        self._scene = scene
        self._depth = 0
        self._node_ends: list[int] = []
        self._differentiated = -1

    def begin(self, phase: str) -> None:
        """Enter a phase after the forward pass: what runs from here on is no call of the model's."""
        self.phase = phase
        self.recorder = Recorder(self._scene, self._meet)
        self._twins = self._twins if self._real else SameTwins(self.recorder)

    def keep(self, tensor: Tensor) -> Tensor:
        """Note that autograd saves ``tensor`` for the backward pass; the call that saves it first has it."""
        for part in parts(tensor):
            number = self.book.number(part)
            if number >= 0:
                self.kept.setdefault(number, self._place()[1])
        return tensor

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Let one call of a PyTorch function run."""
        self._depth += 1
        try:
            return super().__torch_function__(func, types, args, kwargs)
        finally:
            self._depth -= 1
            self._close_calls()

    def _close_calls(self) -> None:
        """Note where the nodes of the calls just recorded end, and what was alive when they returned."""
        if self.phase == FORWARD:
            for index in range(len(self._node_ends), len(self.recorder.calls)):
                self._node_ends.append(torch._C._autograd._get_sequence_nr())
                self.book.note((FORWARD, index))
                self._closed(index)

    def _closed(self, index: int) -> None:
        """Do what shall be done when a call has returned."""

    def call_of(self, node: int) -> int:
        """Return the call that made the autograd node of this number; -1 where none of the model's did."""
        index = bisect_right(self._node_ends, node) if node < _ACCUMULATING else -1
        return index if 0 <= index < len(self._node_ends) else -1

    def _operator(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        if operator is not DEVICE:
            super()._operator(operator, args, kwargs, output)
            self._close_calls()

    def _without_rule(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if (func in HOOKS or func in SETTERS) and (self._real or args[0].is_meta):
            return func(*args, **options)  # the tensor is of this run: the model's own are set aside
        return super()._without_rule(func, args, options)

    def _tried(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        self.reserved = self.reserved or kept_by_library(func, args)
        if not differs_on_cpu(func, args, options):
            return self._called(func, args, options)
        args, options = shown_as_cpu((args, options))
        return shown_as_meta(self._called(func, args, options))

    def _called(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if self.phase == FORWARD:
            return super()._tried(func, args, options)
        return func(*args, **options)  # recomputing, PyTorch itself raises and catches

    def _place(self) -> Place:
        if self.phase == FORWARD:
            calls = len(self.recorder.calls)
            return FORWARD, calls if self._depth else max(calls - 1, 0)
        if self.phase != BACKWARD:
            return self.phase, -1
        node = torch._C._current_autograd_node()
        if node is not None:
            index = self.call_of(node._sequence_nr())
            self._differentiated = index if index >= 0 else self._differentiated
        return BACKWARD, self._differentiated
