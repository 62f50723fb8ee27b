"""The engine of one machine: one point after the other, whatever its devices, for they share the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from inception_profiler.bench.sweep.engines.engine import LOCAL, Engine

P = ParamSpec("P")
T = TypeVar("T")


class InTurn(Executor):
    """Calls each function when it is handed over, in the caller's own thread.

    There is nothing to overlap where one point owns the machine, and an interrupt reaches whoever waits for
    the process of the point, who ends it.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call ``fn`` and return what became of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def connected() -> Iterator[Engine]:
    """Return the engine of this machine."""
    with InTurn() as executor:
        yield Engine(LOCAL, lambda _: executor, ahead=1)
