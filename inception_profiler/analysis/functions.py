"""Seeing the calls of those subclasses of ``torch.autograd.Function`` that have a rule of the user's own.

PyTorch shows no call of ``apply`` to a tracing mode, only what its ``forward`` calls. So, while a thread
traces and in that thread alone, the ``forward`` of a registered class asks the mode first. It is the class's
own again when the last trace has ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
from torch.autograd import Function
from torch.autograd.function import _is_setup_context_defined
from torch.overrides import handle_torch_function

from inception_profiler.analysis.arguments import tensors_in


class _Seen:
    """What the mode is told was called; the tracer finds the rule of the class under it."""

    def __init__(self, owner: type[Function]) -> None:
        self.owner = owner
        self.__qualname__ = f"{owner.__qualname__}.apply"
        self._threads = threading.local()

    def ask(self, run: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Ask the mode what a call gives; ``run`` is the call itself, should the mode want it."""
        runs = self._threads.__dict__.setdefault("runs", [])
        runs.append(run)
        try:
            return handle_torch_function(self, tensors_in(arguments, {}), *arguments)
        finally:
            runs.pop()

    def __call__(self, *arguments: Any) -> Any:
        return self._threads.runs[-1](*arguments)

    def __hash__(self) -> int:
        return hash(self.owner)

    def __eq__(self, other: object) -> bool:
        return self.owner is (other.owner if isinstance(other, _Seen) else other)


_REGISTERED: dict[type[Function], _Seen] = {}


class _Asking:
    """What stands in the place of a class's ``forward`` while something traces."""

    def __init__(self, owner: type[Function], seen: _Seen) -> None:
        self.owner = owner
        self.own = owner.__dict__.get("forward")
        self._seen = seen
        self._forward: Callable[..., Any] = owner.forward
        own_setup = _is_setup_context_defined(owner.setup_context)  # type: ignore[no-untyped-call]
        self._contexts = 0 if own_setup else 1  # whether forward is given the context

    def __call__(self, *arguments: Any) -> Any:
        traced = threading.get_ident() in _WATCH.threads and torch._C._is_torch_function_mode_enabled()
        if not traced:
            return self._forward(*arguments)
        context, given = arguments[: self._contexts], arguments[self._contexts :]
        return self._seen.ask(partial(self._forward, *context), given)


class _Watch:
    """Put the asking ``forward`` in its place when the first thread begins to trace, until the last ends."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self._lock = threading.Lock()
        self._placed: list[_Asking] = []

    def __enter__(self) -> None:
        with self._lock:
            if not self.threads:
                self._placed = [_Asking(owner, seen) for owner, seen in _REGISTERED.items()]
                for asking in self._placed:
                    asking.owner.forward = staticmethod(asking)  # type: ignore[method-assign]
            self.threads.append(threading.get_ident())

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.threads.remove(threading.get_ident())
            if not self.threads:
                for asking in self._placed:
                    if asking.own is None:
                        del asking.owner.forward
                    else:
                        asking.owner.forward = asking.own  # type: ignore[method-assign]
                self._placed = []


_WATCH = _Watch()


def watched() -> AbstractContextManager[None]:
    """Show the calls of the registered classes to the mode of this thread; nothing where there are none."""
    return _WATCH if _REGISTERED else nullcontext()


def remember(key: Any) -> None:
    """Register a class; everything else is seen without being asked."""
    if isinstance(key, type) and issubclass(key, Function):
        _REGISTERED[key] = _Seen(key)


def forget(key: Any) -> None:
    """Leave a class out again."""
    _REGISTERED.pop(key, None)
