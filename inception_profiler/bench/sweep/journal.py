"""What became of every point, kept as soon as it is known: one line of JSON each, appended and synced."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from inception_profiler.errors import ArchiveError, InputError, WriteError
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.sweep import Outcome


class Journal:
    """The outcomes that a file holds, by the key of their point; of several of one point the last counts.

    A file is only ever added to. A line that cannot be read, such as the last one after a power failure, is
    passed over and stays where it is; its point is measured again.

    Attributes:
        path: of the file.
        outcomes: what is known, by key.
        unread: how many lines could not be read.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self.outcomes: dict[str, Outcome] = {}
        self.unread = 0
        self._file = file
        self._file.seek(0)
        content = self._file.read()
        for line in content.splitlines():
            outcome = _outcome(line)
            if outcome is not None:
                self.outcomes[outcome.key] = outcome
            elif line.strip():
                self.unread += 1
        if content and not content.endswith(b"\n"):
            self._file.write(b"\n")

    def append(self, outcome: Outcome) -> None:
        """Add an outcome; it is on the disk when this returns.

        Raises:
            WriteError: the disk is full; what was there is whole.
        """
        try:
            self._file.write(dumps(outcome).encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise WriteError(f"cannot write {self.path}: {error.strerror or error}") from error
        self.outcomes[outcome.key] = outcome


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """Open a journal, which one sweep at a time may write; a new one is made where there is none.

    Raises:
        WriteError: the file cannot be written.
        InputError: another sweep is writing it.
    """
    try:
        file = path.open("a+b")
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}; choose another place") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                f"another sweep is writing {path}: wait for it, or name another journal"
            ) from None
        yield Journal(path, file)


def _outcome(line: bytes) -> Outcome | None:
    try:
        read = loads(line.decode())
    except (ArchiveError, UnicodeDecodeError):
        return None
    return read if isinstance(read, Outcome) else None
