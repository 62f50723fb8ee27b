"""Writing a file so that its path never holds half of one."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from inception_profiler.errors import WriteError

_FOLDER = "is a folder"


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` beside ``path`` and rename it into place.

    What stood at ``path`` is whole until the new file is. A link is followed, so that the file it names is
    replaced and the link stays.

    Raises:
        WriteError: the folder is missing or not writable, or the disk is full; nothing at ``path`` has
            changed.
    """
    target = Path(path)
    target = _place(target) if target.is_symlink() else target
    beside: str | None = None
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, _FOLDER)  # noqa: TRY301 - one handler for all reasons
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(beside).replace(target)
    except OSError as error:
        if beside is not None:
            with suppress(OSError):
                Path(beside).unlink()
        raise WriteError(f"cannot write {target}: {error.strerror or error}; choose another place") from error
    except BaseException:
        if beside is not None:
            with suppress(OSError):
                Path(beside).unlink()
        raise


def check_writable(path: str | os.PathLike[str]) -> None:
    """Tell early what would keep `write_whole` from writing, before anything is worked out.

    Raises:
        WriteError: the folder is missing or not writable, or a folder stands at ``path``.
    """
    target = Path(path)
    folder = _place(target).parent
    reason = ""
    if target.is_dir():
        reason = _FOLDER
    elif not folder.is_dir():
        reason = os.strerror(errno.ENOTDIR if folder.exists() else errno.ENOENT)
    elif not os.access(folder, os.W_OK):
        reason = os.strerror(errno.EACCES)
    if reason:
        raise WriteError(f"cannot write {path}: {reason}; choose another place")


def check_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder for results where there is none yet, before anything is worked out.

    Raises:
        WriteError: it cannot be made, or not written to.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(f"cannot make the folder {path}: {reason}; choose another place") from error
    if not os.access(path, os.W_OK):
        raise WriteError(f"cannot write into {path}: {os.strerror(errno.EACCES)}; choose another place")


def _place(path: Path) -> Path:
    """Return where a path leads to, links followed.

    Raises:
        WriteError: to itself, round in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # which of them depends on the version of Python
        raise WriteError(f"cannot write {path}: {os.strerror(errno.ELOOP)}; choose another place") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
