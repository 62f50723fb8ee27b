"""What can be held against each other: lock files, and saved results that hold profiles."""

from __future__ import annotations

from pathlib import Path

from inception_profiler.errors import ArchiveError, InputError
from inception_profiler.guard.lockfile import FORMAT, empty, parse_lock
from inception_profiler.guard.locking import locked
from inception_profiler.records.archive import loads
from inception_profiler.records.check import Check
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.lock import Lock
from inception_profiler.records.profile import Profile

Counts = Lock | Profile | Comparison | Check
"""The results that hold profiles, or what is kept of them."""


def read_side(path: str) -> Lock:
    """Read a lock file, of any rules, or a saved profile, comparison or check, as what it counted.

    Raises:
        LockError: a lock file that cannot be used.
        ArchiveError: neither a lock file nor a result of ours.
        InputError: no such file, or a result that holds no profile.
    """
    try:
        data = Path(path).read_bytes()  # once: it may be a pipe
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    text = data.decode("utf-8-sig", errors="replace")
    if f'"{FORMAT}"' in text[:1000]:
        return parse_lock(text, path, any_rules=True)
    try:
        return side_of(loads(text))
    except (ArchiveError, InputError) as error:
        raise type(error)(f"{path}: {error}; give lock files or saved profiles") from error


def side_of(result: object) -> Lock:
    """Return what a result counted.

    Raises:
        InputError: it holds no profile.
    """
    match result:
        case Lock():
            return result
        case Profile():
            return empty().with_models((locked(result),))
        case Comparison():
            return empty().with_models(tuple(map(locked, result.profiles)))
        case Check():
            counted = (model.counted for model in result.models)
            return empty().with_models(tuple(model for model in counted if model is not None))
    raise InputError(f"a {type(result).__name__} holds no profile")
