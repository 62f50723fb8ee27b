"""Many measurements: each point with what became of it, and all that were taken on one device."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.latency import Benchmark, Environment, Setting

MEASURED = "measured"
OUT_OF_MEMORY = "out of memory"
TIMED_OUT = "timed out"
CRASHED = "crashed"
REFUSED = "refused"
OUTCOMES = (MEASURED, OUT_OF_MEMORY, TIMED_OUT, CRASHED, REFUSED)
"""What became of a point."""


@record
class Point(Shown):
    """One thing to measure, in a process of its own.

    Attributes:
        model: a spelling that `profile` understands.
        references: models measured side by side with it in the same process.
        batch: images in each call.
        resolution: height = width of the input; 0 for the model's own.
        device: ``cpu``, ``cuda``, ``cuda:1``, …; empty for the best there is.
        setting: how it is run; its ``threads`` 0 for all cores.
    """

    model: str
    references: tuple[str, ...] = ()
    batch: int = 1
    resolution: int = 0
    device: str = ""
    setting: Setting = Setting(threads=0)


@record
class Outcome(Shown):
    """What became of a point.

    Attributes:
        key: hash of the point and of what else decides its result, by which a sweep is resumed.
        point: what was asked.
        kind: one of `OUTCOMES`.
        reason: one line where it was not measured.
        seconds: how long it took, all in all.
        device: name of the device that it ran on; empty where its process ended before it could say.
        benchmark: the measurements; None where there are none.
    """

    key: str
    point: Point
    kind: str
    reason: str
    seconds: float
    device: str
    benchmark: Benchmark | None


@record
class Measurements(Shown):
    """All that was measured on one device: the content of ``reports/measurements/<device>.json``.

    Attributes:
        device: its name.
        environment: of the first measurement; each has its own.
        outcomes: in the order of the sweep.
    """

    device: str
    environment: Environment | None
    outcomes: tuple[Outcome, ...]

    def save(self, path: str | PathLike[str]) -> None:
        """Write all as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
