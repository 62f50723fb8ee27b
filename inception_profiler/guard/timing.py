"""Limits on latency: a model and its control side by side in one run; times alone mean nothing in CI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from inception_profiler.errors import ProfilerError
from inception_profiler.guard.counting import looked_for_in, subject_for
from inception_profiler.guard.judging import judged_ratio
from inception_profiler.guard.limits import Limit
from inception_profiler.records.check import NOT_MEASURED, Judgement
from inception_profiler.records.lock import Asked


def timed_against(limit: Limit, asked: Asked, known: Mapping[str, Asked], root: Path) -> Judgement:
    """Measure a model and the control that a limit names in the same rounds, and judge the ratio.

    Args:
        limit: the limit; its ``control`` is a configured name, run as configured, or another spelling, run
            with the inputs of the model.
        asked: the model.
        known: what is configured, by name.
        root: folder that files and packages are looked for in.
    """
    control = known.get(limit.control) or replace(asked, name=limit.control, model=limit.control, dtype="")
    try:
        return _measured(limit, asked, control, root)
    except ProfilerError as error:
        note = " ".join(str(error).split())
    except Exception as error:
        note = " ".join(f"{type(error).__name__}: {error}".split())
    if limit.control not in known:
        note = f"{note}; {limit.control} is not configured, and so takes what {asked.name} takes"
    return Judgement(limit.metric, "", limit.text, None, None, NOT_MEASURED, note=note)


def _measured(limit: Limit, asked: Asked, control: Asked, root: Path) -> Judgement:
    from inception_profiler.bench.contest import Wishes
    from inception_profiler.bench.device import find_device
    from inception_profiler.bench.latency import timed
    from inception_profiler.bench.settings import combinations, own_dtype

    with looked_for_in(root):
        subjects = [subject_for(one, root, train=asked.train) for one in (asked, control)]
        settings = combinations(dtypes=(own_dtype(subjects[0].network),), train=asked.train)
        result = timed(
            subjects, settings=settings, device=find_device(""), wishes=Wishes(memory=False, energy=False)
        )
    if result.interrupted:
        raise KeyboardInterrupt
    for row in result.measurements:
        if row.failed:
            note = f"{row.model}: {row.failed}"
            return Judgement(limit.metric, "", limit.text, None, None, NOT_MEASURED, note=note)
    (ratio,) = result.ratios
    note = f"{len(ratio.ratios)} rounds side by side on {result.measurements[0].environment.device}"
    return judged_ratio(limit, ratio.median, ratio.interval, note)
