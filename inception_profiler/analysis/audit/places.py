"""Which module an operator belongs to, in the forward pass and in the backward pass."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook


class Place(NamedTuple):
    """The module that an operator runs for, and whether it works on a gradient."""

    path: str
    backward: bool


class Places:
    """Follows the modules of a forward pass, and finds them again when their gradients are worked out.

    Autograd numbers its nodes in the order in which the forward pass makes them. Noting the next number at
    every entry and exit of a module tells of each node which module made it.
    """

    def __init__(self, paths: Mapping[nn.Module, str]) -> None:
        self._paths = paths
        self._stack = [""]
        self._numbers = [0]
        self._made_by = [""]
        self.backward = False

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow every module that runs inside; the hooks are global and are taken down."""
        with ExitStack() as stack:
            stack.callback(register_module_forward_pre_hook(self._enter).remove)
            stack.callback(register_module_forward_hook(self._leave).remove)
            yield

    def _enter(self, module: nn.Module, _: Any) -> None:
        path = self._paths.get(module)
        self._go([*self._stack, path if path is not None else _unnamed(self._stack[-1], module)])

    def _leave(self, *_: Any) -> None:
        self._go(self._stack[:-1] or [""])

    def _go(self, stack: list[str]) -> None:
        self._stack = stack
        self._numbers.append(torch._C._autograd._get_sequence_nr())
        self._made_by.append(stack[-1])

    @property
    def here(self) -> Place | None:
        """Where the running operator belongs; None where a forward pass is run again for its gradient."""
        if not self.backward:
            return Place(self._stack[-1], backward=False)
        node = torch._C._current_autograd_node()
        if node is None or torch.is_grad_enabled():
            return None
        return Place(self._made_by[bisect_right(self._numbers, node._sequence_nr()) - 1], backward=True)


def _unnamed(parent: str, module: nn.Module) -> str:
    """Name a module that the forward pass made, after the one that made it."""
    return f"{parent}.{type(module).__name__}".lstrip(".")
