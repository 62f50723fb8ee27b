"""The engine of a Dask cluster, whose workers offer a slot for each device as a resource."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from inception_profiler.bench.sweep.engines.engine import Engine
from inception_profiler.errors import InputError
from inception_profiler.records.sweep import Point

CPU, GPU = "CPU", "GPU"
ANSWER = 10
"""Seconds in which a scheduler has to answer."""


@contextmanager
def connected(address: str) -> Iterator[Engine]:
    """Connect to the scheduler at ``HOST:PORT``.

    A worker measures as many points at once as it has of the resource: one of ``CPU``, or one of ``GPU`` for
    the accelerator that it sees. A worker that dies loses its point to another.

    Raises:
        InputError: Dask is not installed, nobody answers, or no worker has a slot.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            f"--engine dask needs Dask ({error}): pip install 'inception-profiler[dask]'"
        ) from error
    try:
        client: Any = Client(f"tcp://{address}", timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address}: start one with dask scheduler") from error
    try:
        slots = _slots(client)
        if not slots:
            raise InputError(
                f"no Dask worker at {address} offers a slot: start each with "
                f'dask worker {address} --nthreads 1 --resources "{CPU}=1" (or "{GPU}=1" for an accelerator)'
            )
        executors: dict[str, Executor] = {}

        def executor(point: Point) -> Executor:
            resource = slot(point, slots)
            if resource not in slots:
                raise InputError(
                    f"no Dask worker at {address} offers {resource}, for device {point.device!r}"
                )
            if resource not in executors:
                executors[resource] = client.get_executor(pure=False, resources={resource: 1})
            return executors[resource]

        yield Engine("dask", executor, ahead=2 * sum(slots.values()))
    finally:
        client.close()


def slot(point: Point, slots: dict[str, int]) -> str:
    """Return the resource of the device that a point asks for; of the best where it asks for none."""
    if not point.device:
        return GPU if GPU in slots else CPU
    return CPU if point.device == "cpu" else GPU


def _slots(client: Any) -> dict[str, int]:
    """Return how many slots of each kind the workers offer together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
    found: dict[str, int] = {}
    for worker in workers:
        for resource in (CPU, GPU):
            count = int(worker.get("resources", {}).get(resource, 0))
            if count:
                found[resource] = found.get(resource, 0) + count
    return found
