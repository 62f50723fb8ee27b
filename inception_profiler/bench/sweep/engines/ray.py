"""The engine of a Ray cluster, or of Ray started on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from inception_profiler.bench.sweep.engines.engine import Engine
from inception_profiler.errors import InputError
from inception_profiler.records.sweep import Point

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 3
"""How often a point is given to another worker when the one that held it dies."""


class Tasks(Executor):
    """Runs each function as a task of Ray, with the same resources for each."""

    def __init__(self, ray: Any, resources: dict[str, float]) -> None:
        self._ray = ray
        self._options = {**resources, "max_retries": RETRIES}

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand ``fn`` over to the cluster."""
        task = self._ray.remote(**self._options)(fn)
        future: Future[T] = task.remote(*args, **kwargs).future()
        return future


@contextmanager
def connected(address: str = "") -> Iterator[Engine]:
    """Connect to the cluster at ``ray://HOST:PORT``, to that of ``RAY_ADDRESS``, or start Ray here.

    A point on an accelerator takes one of a machine's ``GPU``. A point on the CPU takes more than half of the
    processors of the largest machine, so that no machine ever holds two; smaller ones than that stay idle.

    Raises:
        InputError: Ray is not installed, or nobody answers.
    """
    try:
        import ray
    except ImportError as error:
        raise InputError(
            f"--engine ray needs Ray ({error}): pip install 'inception-profiler[ray]'"
        ) from error
    started = not ray.is_initialized()
    if started:
        try:
            ray.init(
                address=address or None,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise InputError(f"no Ray cluster answers at {address or 'RAY_ADDRESS'}: {error}") from error
    try:
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        most = max(int(node.get("CPU", 0)) for node in nodes)
        gpus = sum(int(node.get("GPU", 0)) for node in nodes)
        alone = Tasks(ray, {"num_cpus": most // 2 + 1})
        on_gpu = Tasks(ray, {"num_cpus": 1, "num_gpus": 1})

        def executor(point: Point) -> Executor:
            if point.device == "cpu" or not (point.device or gpus):
                return alone
            if not gpus:
                raise InputError(f"no machine of the Ray cluster has a GPU, for device {point.device!r}")
            return on_gpu

        yield Engine("ray", executor, ahead=2 * (gpus + len(nodes)))
    finally:
        if started:
            ray.shutdown()
