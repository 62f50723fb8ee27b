"""What a sweep measures at each of its points: the latency of the model, beside its references."""

from __future__ import annotations

from inception_profiler.analysis.resolve import resolve
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.device import find_device
from inception_profiler.bench.latency import timed
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.settings import combinations
from inception_profiler.records.latency import Benchmark
from inception_profiler.records.sweep import Point

CHANNELS = 3
"""Of an image, for a model that does not say what it takes."""


def measured(point: Point, time_limit: float) -> Benchmark:
    """Measure the model of a point and its references in rounds in random order, in this process.

    Raises:
        ProfilerError: no such model, device, dtype or mode, or nothing that the device can do.
    """
    asked = point.setting
    settings = combinations(
        dtypes=(asked.dtype,),
        modes=(asked.mode,),
        channels_last=asked.channels_last,
        fused=asked.fused,
        train=asked.train,
        cold=asked.cold,
        threads=asked.threads,
        cudnn_benchmark=asked.cudnn_benchmark,
    )
    return timed(
        [_subject(model, point) for model in (point.model, *point.references)],
        batches=(point.batch,),
        settings=settings,
        device=find_device(point.device),
        wishes=Wishes(Rules(time_limit=time_limit), ceilings=True),
    )


def _subject(model: str, point: Point) -> Subject:
    """Build a model for the resolution of the point."""
    train, side = point.setting.train, point.resolution
    if not side:
        return subject(model, train=train)
    own = resolve(model, train=train).input
    return subject(model, ((own or (CHANNELS,))[0], side, side), train=train)
