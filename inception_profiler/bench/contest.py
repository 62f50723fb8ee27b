"""A contest: models side by side in one setting, on one device, in the same rounds."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import NamedTuple

import torch

from inception_profiler.analysis.subject import Subject
from inception_profiler.bench.device import Device
from inception_profiler.bench.energy import idle_watts
from inception_profiler.bench.entry import Entry
from inception_profiler.bench.environment import closed, environment
from inception_profiler.bench.fusing import NothingToFuseError
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.sampling import sample
from inception_profiler.bench.state import accepted
from inception_profiler.errors import LayerError
from inception_profiler.records.latency import INTERRUPTED, Measurement, Ratio, Setting


class Wishes(NamedTuple):
    """What is asked of every contest besides its models and its setting.

    Attributes:
        rules: when a model is warm, and when it is enough.
        memory: whether to look at memory.
        energy: whether to look at energy, which takes some seconds more wherever a device counts it.
        ceilings: whether to hold the FLOP/s against the device's own, which are measured once a day.
        again: whether to measure the ceilings anew.
    """

    rules: Rules = Rules()
    memory: bool = True
    energy: bool = True
    ceilings: bool = False
    again: bool = False


class Result(NamedTuple):
    """What a contest gave; the ratios are between places among its own measurements."""

    measurements: tuple[Measurement, ...]
    ratios: tuple[Ratio, ...]
    notes: tuple[str, ...]


def contest(
    subjects: Sequence[Subject],
    setting: Setting,
    device: Device,
    wishes: Wishes,
    *,
    random: Random,
    ceiling: float | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Result:
    """Measure models side by side in a setting that is resolved and applied.

    Each is counted, copied to the device and run once; those that run are sampled in the same rounds, and run
    once more for their memory, and for some seconds for their energy where the device counts it. One that
    fails has a row that says why, and the others go on. After ``KeyboardInterrupt`` the rows hold what was
    measured until then.

    Raises:
        LayerError: a model does not take its input.
        InputError: nothing can be trained, or none of them has anything to fuse.
        KeyboardInterrupt: nothing was measured yet.
    """
    begun = environment(device)
    entries = [_entered(about, setting, device, alone=len(subjects) == 1) for about in subjects]
    interrupted = False
    try:
        for entry in entries:
            entry.enter()
        if all(entry.unfusable for entry in entries):
            raise NothingToFuseError(f"{'; '.join(entry.unfusable for entry in entries)}: leave fusing out")
        _measure([entry for entry in entries if entry.runner], setting, device, wishes, random, progress)
        interrupted = any(entry.samples and entry.samples.stopped == INTERRUPTED for entry in entries)
        if not interrupted:
            for entry in entries:
                entry.look_at_device()
        if wishes.memory and not interrupted:
            for entry in entries:
                entry.look_at_memory()
        if wishes.energy and not interrupted and (idle := idle_watts(device)) is not None:
            for entry in entries:
                entry.look_at_energy(idle)
    except KeyboardInterrupt:
        interrupted = True
    state = device.state()
    ended = closed(begun, state)
    measurements = tuple(
        entry.measurement(ended, ceiling=ceiling, interrupted=interrupted) for entry in entries
    )
    notes = tuple(dict.fromkeys(note for entry in entries for note in entry.notes))
    if device.unknown:
        notes = (device.unknown, *notes)
    entries.clear()
    _release(setting, device)
    return Result(measurements, _ratios(measurements), notes)


def _entered(about: Subject, setting: Setting, device: Device, *, alone: bool) -> Entry:
    try:
        return Entry(about, setting, device)
    except LayerError as error:
        if alone:
            raise
        name = about.name or type(about.network).__name__
        raise LayerError(error.layer, error.operation, error.reason, model=name) from error


def _measure(
    entries: Sequence[Entry],
    setting: Setting,
    device: Device,
    wishes: Wishes,
    random: Random,
    progress: Callable[[int, float], None] | None,
) -> None:
    flush = flushing(device) if setting.cold else None
    found = sample(
        [entry.contestant(flush) for entry in entries],
        clock=device.clock,
        random=random,
        rules=wishes.rules,
        accepted=accepted(device),
        progress=progress,
    )
    for entry, samples in zip(entries, found, strict=True):
        entry.take(samples)


def flushing(device: Device) -> Callable[[], None]:
    """Return what overwrites exactly as much as the last cache holds."""
    buffer = torch.zeros(device.cache_bytes or 0, dtype=torch.uint8, device=device.place)

    def flush() -> None:
        buffer.add_(1)  # read and written: a plain fill may pass the cache by

    return flush


def _ratios(measurements: Sequence[Measurement]) -> tuple[Ratio, ...]:
    """Hold the first against each other one, round by round; not where either failed."""
    first, *others = measurements
    return tuple(
        Ratio(0, place, tuple(a / b for a, b in zip(first.seconds, other.seconds, strict=True)))
        for place, other in enumerate(others, start=1)
        if first.seconds and other.seconds and not first.failed and not other.failed
    )


def _release(setting: Setting, device: Device) -> None:
    """Give back what the models of a contest held, so that the next one finds the device as it was."""
    if setting.mode == "compile":
        torch.compiler.reset()
    gc.collect()
    if device.asynchronous:
        device.synchronize()
        with suppress(RuntimeError, AttributeError):  # not every backend keeps a cache to be emptied
            torch.accelerator.empty_cache()
