"""Whether a model fits into memory, before its weights are allocated."""

from __future__ import annotations

import os

from inception_profiler.errors import InputError
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit, scale_for


def free_memory() -> int:
    """Return the bytes that can be allocated now; without a way to know, all that there can be."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123 - not a file of anybody's
            kibibytes = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
        return 1024 * kibibytes
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 1 << 62


def refuse_if_larger_than_memory(profile: Profile) -> None:
    """Refuse to run a model for real whose weights, buffers and live tensors do not fit.

    Raises:
        InputError: more bytes are needed than are free.
    """
    buffers = sum(spec.tensor.nbytes for spec in profile.buffers)
    needed = profile.weight_bytes + buffers + profile.peak_activation_bytes
    free = free_memory()
    if needed > free:
        scale = scale_for((needed,), Unit.BYTES)
        raise InputError(f"the model needs {scale.full(needed)} to run and {scale.full(free)} are free")
