"""The verbs of the room from Python: what ``inception-profiler check`` and ``diff`` do, as records."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

from inception_profiler.guard.checking import checked
from inception_profiler.guard.configuration import configured
from inception_profiler.guard.differences import between
from inception_profiler.guard.sides import Counts, read_side, side_of
from inception_profiler.records.check import Check
from inception_profiler.records.difference import Difference

Side = str | PathLike[str] | Counts
"""One side of a difference: the path of a lock file or of a saved result, or a result itself."""


def check(
    *models: str,
    inputs: Sequence[str] = (),
    config: str | PathLike[str] | None = None,
    lock: str | PathLike[str] | None = None,
    update: bool = False,
    strict: bool = False,
    latency: bool = True,
) -> Check:
    """Recount models and hold them against the lock file and their limits, as ``inception-profiler check``.

    A package that this process has imported already is counted as it was then; a file is read anew.

    Args:
        models: check these only: names of the configuration or of the lock file, or spellings of models.
        inputs: what models take that are in neither, ``("3x32x32",)``.
        config: file with ``[tool.inception-profiler]``; the nearest ``pyproject.toml`` if left out.
        lock: the lock file; that of the configuration if left out.
        update: write what is counted to the lock file: it is agreed to.
        strict: operations of unknown cost count also where the lock file lists them.
        latency: measure where latency is limited.

    Returns:
        The check; ``passed`` says whether nothing fails, ``failing`` has the models that do.

    Raises:
        InputError: the configuration cannot be understood, or there is nothing to check.
        LockError: the lock file cannot be used, or there is none and it is needed.
        UnknownNameError: there is no model of that name.
        WriteError: the lock file cannot be written.
    """
    configuration = configured(
        None if config is None else fspath(config), None if lock is None else fspath(lock)
    )
    return checked(configuration, models, inputs=inputs, update=update, strict=strict, latency=latency)


def diff(old: Side, new: Side) -> Difference:
    """Hold two counts against each other, layer by layer, as ``inception-profiler diff``.

    Args:
        old: path of a lock file or of a saved result, or a profile, comparison or check itself.
        new: the same of the other side.

    Returns:
        The difference; ``same`` says whether there is none. The only model of each side is compared whatever
        it is called, several are compared by their names.

    Raises:
        LockError: a lock file that cannot be used.
        ArchiveError: neither a lock file nor a result of ours.
        InputError: no such file, or a result that holds no profile.
    """
    sides = [read_side(fspath(s)) if isinstance(s, str | PathLike) else side_of(s) for s in (old, new)]
    titles = [fspath(s) if isinstance(s, str | PathLike) else t for s, t in ((old, "old"), (new, "new"))]
    return between(sides[0], sides[1], (titles[0], titles[1]))
