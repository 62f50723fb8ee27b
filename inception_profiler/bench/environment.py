"""Where and when a measurement was taken, put together from the device, the host and the checkout."""

from __future__ import annotations

import datetime
import functools
import platform
import subprocess
from dataclasses import replace
from pathlib import Path

import torch

from inception_profiler.bench import host
from inception_profiler.bench.device import Device, State
from inception_profiler.records.latency import Environment
from inception_profiler.version import __version__

_PACKAGE = Path(__file__).parents[1]


def environment(device: Device) -> Environment:
    """Return what a measurement that begins now holds for; `closed` adds the state at its end."""
    state = device.state()
    return Environment(
        device=device.name,
        kind=device.kind,
        memory_bytes=device.memory_bytes,
        driver=device.driver,
        torch=torch.__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        processor=host.processor(),
        cores=host.cores(),
        threads=torch.get_num_threads(),
        capability=device.capability,
        load=host.load(),
        clock_mhz=_known(state.clock_mhz),
        temperature=_known(state.temperature),
        power_watts=_known(state.power_watts),
        throttled=state.throttled,
        others=state.others,
        commit=commit(),
        version=__version__,
        taken=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )


def closed(begun: Environment, state: State) -> Environment:
    """Return the environment of a measurement that ended in this state.

    A value that was unknown before stays unknown: one number in the place of two would say which of them it
    is not.
    """
    known = [count for count in (begun.others, state.others) if count is not None]
    return replace(
        begun,
        clock_mhz=begun.clock_mhz and (*begun.clock_mhz[:1], *_known(state.clock_mhz)),
        temperature=begun.temperature and (*begun.temperature[:1], *_known(state.temperature)),
        power_watts=begun.power_watts and (*begun.power_watts[:1], *_known(state.power_watts)),
        throttled=tuple(dict.fromkeys((*begun.throttled, *state.throttled))),
        others=max(known, default=None),
    )


@functools.cache
def commit(package: Path = _PACKAGE) -> str:
    """Return the revision of the checkout, ``-dirty`` behind it where the package's code has been changed.

    Empty where the package is installed without a checkout: the repository that an environment happens to
    lie in is not its own. Empty too where git is not there or does not answer.
    """
    if not (package.parent / ".git").exists():
        return ""
    revision = _git(package, "rev-parse", "HEAD")
    if not revision:
        return ""
    changed = _git(package, "status", "--porcelain", "--", ".")
    return f"{revision}-dirty" if changed else revision


def _git(folder: Path, *command: str) -> str:
    line = ["git", "--no-optional-locks", "-C", str(folder), *command]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _known(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)
