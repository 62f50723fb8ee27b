"""The folder: what its files should hold, what they hold, and writing what differs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from inception_profiler.errors import ProfilerError, WriteError
from inception_profiler.files import write_whole
from inception_profiler.records.frozen import record
from inception_profiler.report.page import Page
from inception_profiler.report.part import Part

_ARCHIVE = b"PK\x03\x04"
LONG = 80
"""How much of a line is shown where it differs."""

WRITTEN, SAME, DIFFERS, MISSING, FAILED = "written", "same", "differs", "missing", "failed"


@record
class Fate:
    """What became of a file.

    Attributes:
        path: within the folder; of a page that could not be worked out, the page's.
        kind: `WRITTEN` or `SAME`; where nothing is written `SAME`, `DIFFERS` or `MISSING`; or `FAILED`.
        said: what differs, or why it failed; empty where nothing is to be said.
    """

    path: str
    kind: str
    said: str = ""


def write(folder: Path, page: Page) -> Iterator[Fate]:
    """Write a page and its pictures where they differ from what stands there.

    A page that cannot be worked out is told and not raised: the others do not depend on it.

    Raises:
        WriteError: the folder or a file in it cannot be written.
    """
    yield from _each(folder, page, writing=True)


def hold(folder: Path, page: Page) -> Iterator[Fate]:
    """Hold what stands in the folder against a page and its pictures; nothing is written."""
    yield from _each(folder, page, writing=False)


def _each(folder: Path, page: Page, *, writing: bool) -> Iterator[Fate]:
    try:
        files = tuple(page.files())
    except Exception as error:  # whatever it is, it is told, and the other pages are still worked out
        kind = "" if isinstance(error, ProfilerError) else f"{type(error).__name__}: "
        yield Fate(page.path, FAILED, f"{kind}{' '.join(str(error).split())}")
        return
    for path, data in files:
        target = folder / path
        found = target.read_bytes() if target.is_file() else None
        if found is not None and _same(found, data):
            yield Fate(path, SAME)
        elif writing:
            _make(target.parent)
            write_whole(target, data)
            yield Fate(path, WRITTEN)
        elif found is None:
            yield Fate(path, MISSING)
        else:
            yield Fate(path, DIFFERS, _difference(found, data))


def stale(folder: Path, parts: Iterable[Part], expected: Iterable[str]) -> tuple[str, ...]:
    """Return what stands where only these parts write, and is not what they write any more."""
    known = set(expected)
    found = (path for one in parts for pattern in one.owns for path in folder.glob(pattern))
    names = {path.relative_to(folder).as_posix() for path in found if path.is_file()}
    return tuple(sorted(name for name in names - known if not Path(name).name.startswith(".")))


def _same(found: bytes, wanted: bytes) -> bool:
    """Tell whether two files hold the same; of archives what is in them, whoever packed it how tightly."""
    if found == wanted or not wanted.startswith(_ARCHIVE):
        return found == wanted
    try:
        return _unpacked(found) == _unpacked(wanted)
    except zipfile.BadZipFile:
        return False


def _unpacked(data: bytes) -> dict[str, bytes | dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: _flat(content) if content.startswith(_ARCHIVE) else content
        for name, content in contents.items()
    }


def _flat(data: bytes) -> dict[str, bytes]:
    """Unpack a workbook within a deck."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot make {folder}: {error.strerror or error}; choose another place") from error


def _difference(found: bytes, wanted: bytes) -> str:
    """Say in one line where two files part first."""
    try:
        old, new = found.decode().splitlines(), wanted.decode().splitlines()
    except UnicodeDecodeError:
        return f"{len(found):,} bytes, now {len(wanted):,}"
    for number, (before, now) in enumerate(zip_longest(old, new), start=1):
        if before != now:
            return f"line {number}: {_cut(before)}, now {_cut(now)}"
    return "the ends of the lines"


def _cut(line: str | None) -> str:
    return "nothing" if line is None else repr(line if len(line) <= LONG else f"{line[:LONG]}…")
