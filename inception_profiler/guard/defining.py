"""Where a model is defined, for whoever points at the line: an annotation in a pull request, an editor."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

from inception_profiler.analysis.resolve import module_name
from inception_profiler.records.lock import Asked

UNKNOWN = ("", 0)


def defined(asked: Asked, root: Path, configuration: Path | None) -> tuple[str, int]:
    """Return the file and the line, from 1, at which a model is defined, or else configured.

    That is the class, function or assignment that the spelling names where it lies within ``root``, else the
    line of the configuration that names the model. The file is relative to ``root``; ``("", 0)`` where
    neither is known. The model's code must have been imported by now.
    """
    return _in_code(asked, root) or _in_configuration(asked, root, configuration) or UNKNOWN


def _in_code(asked: Asked, root: Path) -> tuple[str, int] | None:
    source, _, name = asked.model.rpartition(":")
    file = root / source if source.endswith(".py") else None
    module = sys.modules.get(module_name(file) if file is not None else source)
    target: Any = module
    for part in name.split("."):
        target = getattr(target, part, None)
    try:
        if inspect.isclass(target) or inspect.isfunction(target):
            found, line = inspect.getsourcefile(target), inspect.getsourcelines(target)[1]
        elif module is not None and name:
            found = inspect.getsourcefile(module)
            line = _assigned(found, name) if found else 0
        else:
            return _mentioned(file, root, name) if file is not None and name else None
    except (OSError, TypeError):  # the source is not there, or it is not written in Python
        return None
    return _relative(Path(found), root, line) if found else None


def _mentioned(file: Path, root: Path, name: str) -> tuple[str, int] | None:
    """Find a definition in a file that could not be imported."""
    if not file.is_file():
        return None
    line = _assigned(str(file), name)
    return _relative(file, root, line)


def _assigned(file: str, name: str) -> int:
    """Return the first line that defines or assigns ``name``; the first line of all where none does."""
    first = name.partition(".")[0]
    starts = (f"class {first}", f"def {first}", f"{first} =", f"{first}:")
    lines = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(starts)), 1)


def _in_configuration(asked: Asked, root: Path, configuration: Path | None) -> tuple[str, int] | None:
    if configuration is None or not configuration.is_file():
        return None
    lines = configuration.read_text(encoding="utf-8", errors="replace").splitlines()
    for text in (f'"{asked.name}"', f'"{asked.model}"', f".{asked.name}", asked.name):
        for number, line in enumerate(lines, 1):
            if text in line:
                return _relative(configuration, root, number)
    return None


def _relative(file: Path, root: Path, line: int) -> tuple[str, int] | None:
    """Return a place within ``root``; None for one outside, which no pull request shows."""
    path, folder = file.resolve(), root.resolve()
    installed = {"site-packages", "dist-packages"} & set(path.parts)
    return (
        (path.relative_to(folder).as_posix(), line) if path.is_relative_to(folder) and not installed else None
    )
