"""Roofs that were measured within the last day, in the user's cache folder."""

from __future__ import annotations

import datetime
import hashlib
import os
from contextlib import suppress
from pathlib import Path

import torch

from inception_profiler.bench.device import Device
from inception_profiler.errors import ArchiveError, WriteError
from inception_profiler.files import write_whole
from inception_profiler.records.archive import dumps, load
from inception_profiler.records.latency import Setting
from inception_profiler.records.roofline import Ceilings

LASTS = datetime.timedelta(days=1)
"""How long a roof is believed."""


def kept(device: Device, setting: Setting) -> Ceilings | None:
    """Return the roofs measured within the last day; None where there are none, or none that can be read."""
    try:
        found = load(place(device, setting))
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(
            getattr(found, "taken", "")
        )
    except (ArchiveError, ValueError, TypeError):
        return None
    if not isinstance(found, Ceilings) or not datetime.timedelta() <= age < LASTS:
        return None
    asked = (device.name, setting.dtype, setting.threads)
    return found if (found.device, found.dtype, found.threads) == asked else None


def keep(found: Ceilings, device: Device, setting: Setting) -> None:
    """Keep roofs; where the folder cannot be written to, they are measured anew the next time."""
    path = place(device, setting)
    with suppress(OSError, WriteError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, dumps(found).encode())


def place(device: Device, setting: Setting) -> Path:
    """Return the file for a device with its driver, a dtype, a number of threads and a PyTorch."""
    parts = (
        device.name, device.kind, device.driver, device.capability, device.cache_bytes, setting.dtype,
        setting.threads, torch.__version__,
    )  # fmt: skip
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    folder = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(folder) if Path(folder).is_absolute() else Path("~/.cache").expanduser()
    return root / "inception_profiler" / f"ceilings-{device.kind}-{setting.dtype}-{key}.json"
