"""Latency of whole models: one in one setting, or several in many, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.subject import Subject
from inception_profiler.bench.ceiling import attainable
from inception_profiler.bench.contest import Result, Wishes, contest
from inception_profiler.bench.device import Device
from inception_profiler.bench.settings import applied, refusal, resolved
from inception_profiler.errors import InputError, ProfilerError
from inception_profiler.records.latency import INTERRUPTED, Benchmark, Measurement, Ratio, Setting

WISHES = Wishes()
"""Measured as long as the rules want by themselves, and memory too."""


class Step(NamedTuple):
    """How far a benchmark is.

    Attributes:
        contest: the one that is running, from 1.
        contests: how many there are.
        setting: of this one.
        batch: images in each call; None for the models' own.
        rounds: taken in this one; 0 in the warm-up.
        half_width: of the widest interval, as a share of its median.
    """

    contest: int
    contests: int
    setting: Setting
    batch: int | None
    rounds: int = 0
    half_width: float = math.inf

    @property
    def title(self) -> str:
        """What is being measured: ``2 of 6: batch 8, fp32, eager``."""
        return f"{self.contest} of {self.contests}: {self.what}"

    @property
    def what(self) -> str:
        """Batch and setting: ``batch 8, fp32, eager``."""
        batch = f"batch {self.batch}, " if self.batch else ""
        return f"{batch}{self.setting.dtype}, {self.setting.mode}"

    @property
    def state(self) -> str:
        """How it goes: ``warming up``, ``24 rounds, ±1.3%``."""
        if not self.rounds:
            return "warming up"
        known = f", ±{self.half_width:.1%}" if math.isfinite(self.half_width) else ""
        return f"{self.rounds} rounds{known}"


def timed(
    subjects: Sequence[Subject],
    *,
    batches: Sequence[int | None] = (None,),
    settings: Sequence[Setting] = (Setting(threads=0),),
    device: Device,
    wishes: Wishes = WISHES,
    seed: int = 0,
    progress: Callable[[Step], None] | None = None,
) -> Benchmark:
    """Measure models at every batch in every setting, those of one batch and setting side by side.

    Args:
        subjects: the first is the subject of the ratios, the others are its references. They are built for
            training where the settings train.
        batches: images in each call; None for what the subjects have.
        settings: as `combinations` makes them; what was left open is filled in for the device.
        device: where they run.
        wishes: how long, and what else to look at.
        seed: of the orders in the rounds.
        progress: told after each round how far it is.

    Returns:
        One measurement for each model at each batch in each setting that the device can do; a note for each
        that it cannot, and for each batch in a setting that a model cannot take.

    Raises:
        InputError: the device can do none of the settings, or in none of them at any batch something can be
            trained, or fused.
        LayerError: a model takes its input at no batch in no setting.
        KeyboardInterrupt: before anything was measured; later it ends the benchmark, which says so.
    """
    notes = [refused for setting in settings if (refused := refusal(setting, device))]
    able = [resolved(setting, device) for setting in settings if not refusal(setting, device)]
    if not able:
        raise InputError("; ".join(dict.fromkeys(notes)))
    random = Random(seed)
    results: list[Result] = []
    failures: list[ProfilerError] = []
    roofs = {
        setting: attainable(device, setting, again=wishes.again) if wishes.ceilings else None
        for setting in able
    }
    points = [(batch, setting) for batch in batches for setting in able]
    for number, (batch, setting) in enumerate(points, start=1):
        step = Step(number, len(points), setting, batch)
        chosen = [_at(about, batch, setting) for about in subjects]
        told = None if progress is None else partial(_tell, progress, step)
        try:
            with device.current(), preserved((), device=device.place), applied(setting, device):
                result = contest(
                    chosen,
                    setting,
                    device,
                    wishes,
                    random=random,
                    ceiling=roofs[setting],
                    progress=told,
                )
        except KeyboardInterrupt:
            if not results:
                raise
            notes.append(INTERRUPTED)
            break
        except ProfilerError as error:
            failures.append(error)
            notes.append(f"not measured: {step.what}: {error}")
            continue
        results.append(result)
        if any(row.interrupted for row in result.measurements):
            break
    if not results:
        raise failures[0]
    return _joined(results, notes)


def _at(about: Subject, batch: int | None, setting: Setting) -> Subject:
    """Return a subject with a batch, in the mode that a setting wants."""
    train = setting.train or (None if about.train is None else False)
    inputs = about.inputs if batch is None else about.inputs.batched(batch)
    return about._replace(inputs=inputs, train=train)


def _tell(progress: Callable[[Step], None], step: Step, rounds: int, half_width: float) -> None:
    progress(step._replace(rounds=rounds, half_width=half_width))


def _joined(results: Sequence[Result], notes: Sequence[str]) -> Benchmark:
    """Put contests after one another; the ratios move with their measurements."""
    measurements: list[Measurement] = []
    ratios: list[Ratio] = []
    told = [*notes]
    for result in results:
        ratios += [
            Ratio(len(measurements) + one.subject, len(measurements) + one.reference, one.ratios)
            for one in result.ratios
        ]
        measurements += result.measurements
        told += result.notes
    return Benchmark(tuple(measurements), tuple(ratios), tuple(dict.fromkeys(told)))
