"""What a sweep found, device by device."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inception_profiler.records.sweep import Measurements, Outcome

UNKNOWN = "unknown device"
_LONGEST = 80


def gathered(outcomes: Iterable[Outcome]) -> tuple[Measurements, ...]:
    """Put outcomes together by their device, in the order in which the devices come up.

    The outcomes keep their order; one whose process ended before it could name its device is of an
    ``unknown device``.
    """
    by_device: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_device.setdefault(outcome.device or UNKNOWN, []).append(outcome)
    return tuple(_of(device, found) for device, found in by_device.items())


def _of(device: str, outcomes: list[Outcome]) -> Measurements:
    measured = (outcome.benchmark for outcome in outcomes if outcome.benchmark)
    environments = (one.environment for benchmark in measured for one in benchmark.measurements)
    return Measurements(device, next(environments, None), tuple(outcomes))


def file_name(device: str) -> str:
    """Return the name of the file for what was measured on a device; every file system takes it.

    >>> file_name("Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz")
    'intel-r-xeon-r-gold-6226-cpu-2-70ghz.json'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", device.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{plain or 'device'}.json"
