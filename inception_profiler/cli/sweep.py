"""``bench --sweep`` and ``bench --all-inception``: many points, resumed where they were left."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from inception_profiler.cli.bench import refuse_idle
from inception_profiler.errors import InputError
from inception_profiler.units import parse_points

if TYPE_CHECKING:
    from inception_profiler.bench.sweep.grid import Plan
    from inception_profiler.bench.sweep.journal import Journal

INTERRUPTED = 130
"""Exit status where the user ended it; what was measured is kept."""

NOTHING_MEASURED = 5
"""Exit status where not one point could be measured."""

ALL_INCEPTION = "all-inception"


class Sweeping(NamedTuple):
    """What is asked of a sweep, as it was typed.

    Attributes:
        file: of ``--sweep``; empty for the Inception family.
        axes: what is varied, where there is no file.
        engine: where it is measured.
        journal: what keeps the outcomes; beside the file where it is empty.
        results: folder for a file of each device; empty for none.
        retry: whether points that failed are measured again.
        paths: of ``--out``.
    """

    file: str
    axes: dict[str, Any]
    engine: str
    journal: str
    results: str
    retry: bool
    paths: Sequence[str]


_AXES = {
    "--vs": "vs",
    "--dtype": "dtype",
    "--mode": "mode",
    "--channels-last": "channels_last",
    "--fuse-bn": "fused",
    "--train": "train",
    "--threads": "threads",
    "--cold": "cold",
    "--device": "device",
    "--time-limit": "time_limit",
}
"""Options of `bench` that vary a sweep without a file, by the key that a file has for them."""


def axes(file: str, family: bool, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the options of ``bench`` vary in a sweep; the values by the key of a file.

    Raises:
        InputError: an option that would change nothing is given.
    """
    if file and family:
        raise InputError("--sweep and --all-inception each name the points: choose one")
    given = {option: value for option, value in typed.items() if value}
    if file:
        refuse_idle(given, f"would change nothing: {file} says what is measured")
    found: dict[str, Any] = {}
    if "--batch" in given:
        found["batch"] = list(parse_points(given.pop("--batch"), "--batch"))
    for option, value in given.items():
        if option not in _AXES:
            refuse_idle({option: value}, "has no part in a sweep over the family: write a file for --sweep")
        several = option in {"--dtype", "--mode"}
        found[_AXES[option]] = [word.strip() for word in value.split(",")] if several else value
    return found


def sweep(asked: Sweeping) -> int:
    """Measure what the journal does not know, show all, and return the exit status."""
    from inception_profiler.bench.sweep.engines.engine import engine
    from inception_profiler.bench.sweep.gather import file_name, gathered
    from inception_profiler.bench.sweep.grid import read_plan
    from inception_profiler.bench.sweep.job import MEASURE
    from inception_profiler.bench.sweep.journal import opened
    from inception_profiler.bench.sweep.run import jobs
    from inception_profiler.bench.sweep.run import sweep as swept
    from inception_profiler.cli.output import deliver
    from inception_profiler.cli.watch import watching
    from inception_profiler.document.measurements import measurements_document
    from inception_profiler.files import check_folder

    chosen = read_plan(asked.file) if asked.file else _family(asked.axes)
    path = Path(asked.journal or Path(asked.file or ALL_INCEPTION).with_suffix(".jsonl"))
    if asked.results:
        check_folder(asked.results)
    with opened(path) as journal, engine(asked.engine) as where, watching() as watch:
        _warn(journal)
        told = jobs(chosen, where.name, MEASURE)
        try:
            outcomes = swept(told, journal, where, retry=asked.retry, watch=watch)
        except KeyboardInterrupt:
            kept = sum(1 for job in told if job.key in journal.outcomes)
            print(
                f"interrupted: {kept} of {len(told)} points are kept in {path}; "
                "run the same command again to measure the rest",
                file=sys.stderr,
            )
            return INTERRUPTED
    found = gathered(outcomes)
    deliver(measurements_document(found), asked.paths)
    if asked.results:
        for one in found:
            target = Path(asked.results) / file_name(one.device)
            one.save(target)
            print(f"wrote {target}", file=sys.stderr)
    return 0 if any(outcome.benchmark for outcome in outcomes) else NOTHING_MEASURED


def _family(axes: dict[str, Any]) -> Plan:
    from inception_profiler.bench.sweep.family import inception_plan

    return inception_plan(axes)


def _warn(journal: Journal) -> None:
    if journal.unread:
        lines = "1 line" if journal.unread == 1 else f"{journal.unread} lines"
        print(
            f"{lines} of {journal.path} could not be read, such as one that was cut: passed over, and what "
            "is missing is measured again",
            file=sys.stderr,
        )
