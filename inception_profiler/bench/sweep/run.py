"""Measure what a sweep has not measured yet, and keep each outcome as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Protocol

from inception_profiler.bench.sweep.engines.engine import LOCAL, Engine
from inception_profiler.bench.sweep.grid import Plan
from inception_profiler.bench.sweep.identity import named
from inception_profiler.bench.sweep.isolate import isolated
from inception_profiler.bench.sweep.job import MEASURE, Job
from inception_profiler.bench.sweep.journal import Journal
from inception_profiler.bench.sweep.key import key
from inception_profiler.errors import ProfilerError
from inception_profiler.records.sweep import CRASHED, MEASURED, Outcome, Point


class Watch(Protocol):
    """Who is told how a sweep goes on."""

    def begun(self, known: int, remaining: int) -> None:
        """So many points were known before, and so many are measured now."""

    def started(self, point: Point) -> None:
        """This point is handed over to be measured."""

    def ended(self, outcome: Outcome) -> None:
        """This is what became of a point; it is in the journal."""


class Unwatched:
    """Tells nobody."""

    def begun(self, known: int, remaining: int) -> None:
        """Say nothing."""

    def started(self, point: Point) -> None:
        """Say nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Say nothing."""


def jobs(plan: Plan, where: str, measure: str = MEASURE) -> tuple[Job, ...]:
    """Return the points of a plan as jobs, each with the key by which its outcome is found again.

    Args:
        plan: of the sweep.
        where: name of the engine.
        measure: ``package.module:function`` that measures.
    """
    names = named(point.device for point in plan.points) if where == LOCAL else {}
    found = (
        Job(
            key(point, names.get(point.device, where)),
            point,
            names.get(point.device, ""),
            time_limit,
            plan.patience(point, time_limit),
            plan.memory_limit,
            measure,
        )
        for point, time_limit in zip(plan.points, plan.time_limits, strict=True)
    )
    return tuple({job.key: job for job in found}.values())


def sweep(
    asked: Sequence[Job],
    journal: Journal,
    engine: Engine,
    *,
    retry: bool = False,
    watch: Watch | None = None,
) -> tuple[Outcome, ...]:
    """Measure the jobs that the journal does not know, and return the outcomes of all in their order.

    Each outcome is in the journal before the next is waited for: an interrupt loses what is being measured
    and nothing else, and running again measures the rest. A point that ran out of memory, hung or crashed is
    known too; ``retry`` measures those again.

    Raises:
        ProfilerError: the fleet is lost, or has no slot for a point.
    """
    watch = watch or Unwatched()
    remaining = [job for job in asked if _open(journal.outcomes.get(job.key), retry)]
    watch.begun(len(asked) - len(remaining), len(remaining))
    waiting: dict[Future[Outcome], Job] = {}

    def collect(done: Iterable[Future[Outcome]]) -> None:
        for future in done:
            outcome = _outcome(future, waiting.pop(future))
            journal.append(outcome)
            watch.ended(outcome)

    try:
        for job in remaining:
            executor = engine.executor(job.point)
            watch.started(job.point)
            waiting[executor.submit(isolated, job)] = job
            if len(waiting) >= engine.ahead:
                collect(wait(waiting, return_when=FIRST_COMPLETED).done)
        while waiting:
            collect(wait(waiting, return_when=FIRST_COMPLETED).done)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
    return tuple(journal.outcomes[job.key] for job in asked)


def _open(known: Outcome | None, retry: bool) -> bool:
    return known is None or (retry and known.kind != MEASURED)


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    """Return what became of a job; one that an engine gave up, such as with its third worker, has crashed."""
    try:
        return future.result()
    except CancelledError as error:
        raise ProfilerError("the fleet is lost: run the same command again to measure the rest") from error
    except Exception as error:
        reason = f"given up by the fleet: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
        return Outcome(job.key, job.point, CRASHED, reason, 0.0, job.device, None)
