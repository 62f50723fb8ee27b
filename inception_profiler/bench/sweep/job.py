"""What the process of a point is told, and what it may take."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from inception_profiler.records.archive import from_data, to_data
from inception_profiler.records.latency import Benchmark
from inception_profiler.records.sweep import Point

Measure = Callable[[Point, float], Benchmark]
"""What measures a point, in about so many seconds of sampling for each of its models."""

MEASURE = "inception_profiler.bench.sweep.measure:measured"


class Job(NamedTuple):
    """A point with its limits.

    Attributes:
        key: of the point.
        point: what is asked.
        device: name of what it runs on; empty where only the machine that measures knows it.
        time_limit: seconds of sampling for each model.
        timeout: seconds after which the process is ended.
        memory_limit: bytes that the process may take; 0 for all there are.
        measure: ``package.module:function``: the `Measure` that does it.
    """

    key: str
    point: Point
    device: str
    time_limit: float
    timeout: float
    memory_limit: int = 0
    measure: str = MEASURE

    def text(self) -> str:
        """Return the job as JSON."""
        return json.dumps(self._replace(point=to_data(self.point))._asdict())  # type: ignore[arg-type]

    @classmethod
    def read(cls, text: str) -> Job:
        """Return the job that `text` wrote."""
        told = json.loads(text)
        return cls(**told | {"point": from_data(told["point"])})

    def function(self) -> Measure:
        """Import what measures."""
        module, _, name = self.measure.partition(":")
        return cast(Measure, getattr(import_module(module), name))
