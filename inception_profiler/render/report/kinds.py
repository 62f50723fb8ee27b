"""The registry of reports, by the name that ``--report NAME=FILE`` gives."""

from __future__ import annotations

from collections.abc import Callable

from inception_profiler.errors import InputError
from inception_profiler.records.check import Check
from inception_profiler.registry import Registry, discover

Report = Callable[[Check], bytes]

REPORTS: Registry[str, Report] = Registry("report")


def report(name: str) -> Callable[[Report], Report]:
    """Register the decorated function as what writes the report ``name``."""

    def register(write: Report) -> Report:
        REPORTS.add(name, write)
        return write

    return register


def load() -> Registry[str, Report]:
    """Import every kind and return the filled registry."""
    discover(__package__)
    return REPORTS


def asked(text: str) -> tuple[Report, str]:
    """Read ``NAME=FILE`` as a report and the path that it is written to.

    Raises:
        InputError: not written so.
        UnknownNameError: no report has that name.
    """
    name, sign, path = text.partition("=")
    if not sign or not path:
        raise InputError(f"cannot read {text!r} as a report: write NAME=FILE, with {', '.join(load())}")
    return load().get(name), path
