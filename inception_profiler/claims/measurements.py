"""The latencies that were measured, for the claims on speed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from inception_profiler.records.archive import load
from inception_profiler.records.claim import SpeedRatio
from inception_profiler.records.latency import Benchmark, Measurement, Setting
from inception_profiler.records.sweep import Measurements

MEASUREMENTS = Path("reports/measurements")
"""Where a checkout keeps what was measured: one file of `Measurements` for each device."""


def measured(
    subject: str, reference: str, *, train: bool = False, folder: Path = MEASUREMENTS
) -> tuple[SpeedRatio, ...]:
    """Return every measured ratio of two models, device by device in the order of the sweep.

    Only ratios of one process count, and only those with an interval. One of the same two the other way
    round is turned over.

    Args:
        subject: as its points spell it.
        reference: as its points spell it.
        train: steps of training instead of inferences.
        folder: the files of the devices.

    Raises:
        ArchiveError: a file in ``folder`` is not a result of ours.
    """
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        for ratio, trained in _ratios(path, path.stat().st_mtime_ns):
            if trained == train and (ratio.subject, ratio.reference) == (subject, reference):
                found.append(ratio)
            elif trained == train and (ratio.reference, ratio.subject) == (subject, reference):
                found.append(_turned(ratio))
    return tuple(found)


@lru_cache(maxsize=64)
def _ratios(path: Path, changed: int) -> tuple[tuple[SpeedRatio, bool], ...]:  # noqa: ARG001 - tells files apart
    """Return the ratios of a file as it was at ``changed``, and whether each is of training."""
    result = load(path)
    if not isinstance(result, Measurements):
        return ()
    return tuple(
        ratio for outcome in result.outcomes if outcome.benchmark for ratio in _of(outcome.benchmark)
    )


def _of(benchmark: Benchmark) -> Iterator[tuple[SpeedRatio, bool]]:
    for ratio in benchmark.ratios:
        subject, reference = (benchmark.measurements[place] for place in (ratio.subject, ratio.reference))
        if ratio.interval is None:
            continue
        low, high = ratio.interval
        yield (
            SpeedRatio(
                subject=subject.model,
                reference=reference.model,
                ratio=ratio.median,
                low=low,
                high=high,
                device=subject.environment.device,
                setting=_setting(subject),
            ),
            subject.setting.train,
        )


def _turned(ratio: SpeedRatio) -> SpeedRatio:
    return SpeedRatio(
        ratio.reference,
        ratio.subject,
        1 / ratio.ratio,
        1 / ratio.high,
        1 / ratio.low,
        ratio.device,
        ratio.setting,
    )


def _setting(measurement: Measurement) -> str:
    """Name the setting: the batch, the dtype, and what is not as usual."""
    setting, usual = measurement.setting, Setting()
    words = [f"batch {measurement.batch}", setting.dtype]
    words += [setting.mode] if setting.mode != usual.mode else []
    words += ["training step"] if setting.train else []
    words += ["channels last"] if setting.channels_last else []
    words += ["BatchNorm folded"] if setting.fused else []
    words += ["cold cache"] if setting.cold else []
    if measurement.environment.kind == "cpu":
        words.append(f"{setting.threads} thread{'s' * (setting.threads != 1)}")
    return ", ".join(words)
