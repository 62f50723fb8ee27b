"""What an engine is, and which one a spelling names."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import NamedTuple

from inception_profiler.errors import InputError
from inception_profiler.records.sweep import Point

LOCAL = "local"
SPELLINGS = "local, dask://HOST:PORT, ray or ray://HOST:PORT"


class Engine(NamedTuple):
    """Where points are measured.

    Attributes:
        name: ``local``, ``dask`` or ``ray``.
        executor: returns what runs a point in a slot of the device that it asks for.
        ahead: how many points are handed over before the first of them is back.
    """

    name: str
    executor: Callable[[Point], Executor]
    ahead: int


def engine(spelling: str) -> AbstractContextManager[Engine]:
    """Return the engine that ``spelling`` names; inside of the context it is connected.

    Raises:
        InputError: no such engine, its package is not installed, or nobody answers at its address.
    """
    kind, separator, address = spelling.partition("://")
    if kind == LOCAL and not separator:
        from inception_profiler.bench.sweep.engines.local import connected

        return connected()
    if kind == "dask" and address:
        from inception_profiler.bench.sweep.engines.dask import connected as dask_connected

        return dask_connected(address)
    if kind == "ray" and bool(separator) == bool(address):
        from inception_profiler.bench.sweep.engines.ray import connected as ray_connected

        return ray_connected(spelling if address else "")
    raise InputError(f"unknown engine {spelling!r}: write {SPELLINGS}")
