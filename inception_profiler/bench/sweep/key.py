"""By what a point is known again when a sweep is resumed."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

from inception_profiler.records.archive import to_data
from inception_profiler.records.sweep import Point
from inception_profiler.version import __version__


def key(point: Point, device: str) -> str:
    """Return a hash of the point and of what else decides its result.

    That is, beside all fields of the point:

    - this package's version, which decides how is measured, and PyTorch's, which decides what is run: after
      an upgrade of either every point is measured anew;
    - ``device``, the name of what it runs on, so that a journal that was taken to another machine is not
      mistaken for that machine's. A fleet chooses the machine itself: there it is the fleet's kind, and the
      environment of each measurement tells the machine.

    How long may be sampled is left out: it decides how narrow the interval is, not what it is about. So are
    the driver, the clocks and the load, which the environment of the measurement keeps.
    """
    content = to_data(point)
    parts = (str(content["value"]), __version__, torch_version(), device)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def torch_version() -> str:
    """Return the version of PyTorch without importing it; empty where it has none."""
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""
