"""``[tool.inception-profiler]`` of a ``pyproject.toml``: which models are guarded, and what they may cost."""

from __future__ import annotations

import difflib
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from inception_profiler.errors import InputError, ProfilerError
from inception_profiler.guard.limits import Limit, parse_limit
from inception_profiler.guard.lockfile import AGAIN, NAME
from inception_profiler.records.frozen import record
from inception_profiler.records.lock import Asked

_TOOL = "inception-profiler"
SECTION = f"tool.{_TOOL}"
FILE = "pyproject.toml"
_KEYS = ("lock", "models", "limits", "change")
_MODEL_KEYS = ("name", "model", "input", "batch", "dtype", "train", "change", "limits", "modules")
_CHANGE = {"fail": True, "tell": False}


@record
class Budget:
    """One guarded model: how it is counted, what it may cost, and whether a change alone fails."""

    asked: Asked
    limits: tuple[Limit, ...] = ()
    exact: bool = True


@record
class Configuration:
    """What is guarded.

    Attributes:
        root: folder that files and packages of models are looked for in.
        file: the configuration file, None where there is none.
        lock: the lock file.
        budgets: the models; a spelling with ``*`` stands for all registered names that it fits.
        again: the command that writes this lock file anew, for messages.
    """

    root: Path
    file: Path | None
    lock: Path
    budgets: tuple[Budget, ...]
    again: str = AGAIN


def configured(file: str | None = None, lock: str | None = None) -> Configuration:
    """Read a configuration file, by default the nearest ``pyproject.toml`` that has the section.

    Without any, nothing is configured: the models are those that the lock file lists.

    Raises:
        InputError: no such file, not TOML, or settings that cannot be understood; the setting is named.
    """
    path = Path(file) if file is not None else _nearest(Path.cwd())
    again = " ".join([AGAIN, *_option("--config", file), *_option("--lock", lock)])
    if path is None:
        return Configuration(Path.cwd(), None, Path(lock or NAME), (), again)
    section = _section(path)
    if section is None:
        raise InputError(f'{path} has no [{SECTION}]: write one, with models = ["NAME", …]')
    root = path.parent
    try:
        budgets = tuple(_budgets(section))
        named = _text(section.get("lock", NAME), "lock")
        if not named:
            raise InputError("lock names a file")
    except ProfilerError as error:
        raise InputError(f"{path}: [{SECTION}]: {error}") from error
    return Configuration(root, path, Path(lock) if lock is not None else root / named, budgets, again)


def _option(name: str, value: str | None) -> tuple[str, ...]:
    return () if value is None else (name, shlex.quote(value))


def _nearest(start: Path) -> Path | None:
    """Return the ``pyproject.toml`` with the section in ``start`` or in the nearest folder above it."""
    for folder in (start, *start.parents):
        path = folder / FILE
        if path.is_file() and _section(path) is not None:
            return Path(FILE) if folder == start else path
    return None


def _section(path: Path) -> dict[str, Any] | None:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors mark UTF-8
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # neither TOML, nor text
        raise InputError(f"{path} is not TOML ({error})") from error
    tools = data.get("tool", {})
    if not isinstance(tools, dict):
        raise InputError(f"{path}: tool is a table, not {tools!r}")
    found = tools.get(_TOOL)
    if found is None:
        _refuse_misspelt(path, tools)
    elif not isinstance(found, dict):
        raise InputError(f'{path}: [{SECTION}] is a table: write models = ["NAME", …] in it')
    return found


def _refuse_misspelt(path: Path, tools: Iterable[str]) -> None:
    """Refuse a section that nearly has this name: left unread, it would be a budget that guards nothing."""
    for name in tools:
        if difflib.get_close_matches(name.replace("_", "-").lower(), [_TOOL], cutoff=0.9):
            raise InputError(f"{path} has [tool.{name}]: write [{SECTION}]")


def _budgets(section: Mapping[str, Any]) -> Iterator[Budget]:
    _refuse_unknown(section, _KEYS)
    idle = [key for key in ("limits", "change") if key in section]
    if idle and not section.get("models"):
        raise InputError(f'{" and ".join(idle)} without models: write models = ["NAME", …] there too')
    general = _table(section.get("limits", {}), "limits")
    change = section.get("change")
    seen: set[str] = set()
    for name, entry in _models(section.get("models", [])):
        try:
            budget = _budget(name, entry, general, change)
        except ProfilerError as error:
            raise InputError(f"model {name!r}: {error}") from error
        if budget.asked.name in seen:
            raise InputError(f"two models are called {budget.asked.name!r}: give one of them another name")
        seen.add(budget.asked.name)
        yield budget


def _models(models: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the models by name; they are written as a list, or as tables by name."""
    if isinstance(models, dict):
        for name, entry in models.items():
            if isinstance(entry, str):
                yield name, {"model": entry}
            else:
                yield name, {"model": name, **_table(entry, f"models.{name}")}
    elif isinstance(models, list):
        for entry in models:
            if isinstance(entry, str):
                yield entry, {"model": entry}
            elif isinstance(entry, dict) and isinstance(entry.get("model"), str):
                yield _text(entry.get("name", entry["model"]), "name"), entry
            else:
                raise InputError(
                    f'cannot read {entry!r} as a model: write a name, or {{ model = "…", input = "…" }}'
                )
    else:
        raise InputError("models is a list of names, or a table for each of them")


def _budget(name: str, entry: Mapping[str, Any], general: Mapping[str, Any], change: object) -> Budget:
    _refuse_unknown(entry, _MODEL_KEYS)
    inputs = entry.get("input", [])
    batch = entry.get("batch")
    if batch is not None and (type(batch) is not int or batch < 1):
        raise InputError(f"batch is a whole number from 1, not {batch!r}")
    train = entry.get("train", False)
    if not isinstance(train, bool):
        raise InputError(f"train is true or false, not {train!r}")
    asked = Asked(
        name,
        _text(entry["model"], "model"),
        tuple(_text(text, "input") for text in (inputs if isinstance(inputs, list) else [inputs])),
        batch,
        train,
        _text(entry.get("dtype", ""), "dtype"),
    )
    limits = list(_limits({**general, **_table(entry.get("limits", {}), "limits")}))
    for module, inside in _table(entry.get("modules", {}), "modules").items():
        limits += _limits(_table(inside, f"modules.{module}"), module)
    return Budget(asked, tuple(limits), _exact(entry.get("change", change), limits))


def _limits(table: Mapping[str, Any], module: str = "") -> Iterator[Limit]:
    return (parse_limit(metric, written, module) for metric, written in table.items())


def _exact(change: object, limits: Iterable[Limit]) -> bool:
    """Tell whether a change alone fails: unless it is said, it does where no limit speaks of the baseline."""
    if change is None:
        return not any(limit.relative for limit in limits)
    if change not in _CHANGE:
        raise InputError(f'change is "fail" or "tell", not {change!r}')
    return _CHANGE[str(change)]


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise InputError(f"unknown setting {key!r}: {hint}")


def _table(value: object, title: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{title} is a table, not {value!r}")
    return value


def _text(value: object, title: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{title} is a text, not {value!r}")
    return value
