"""The lock file: one line a layer, so that a diff of it can be read; written whole, by one at a time."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from inception_profiler.errors import LockError, WriteError
from inception_profiler.files import write_whole
from inception_profiler.records.archive import RULES
from inception_profiler.records.lock import Asked, Lock, LockedLayer, LockedModel
from inception_profiler.records.trace import Unpriced
from inception_profiler.version import __version__

NAME = "profile.lock.json"
"""What the file is called unless the configuration says otherwise."""

FORMAT = "inception_profiler.lock"
SCHEMA = 1
"""The layout of the file: raised by whoever changes it."""

_COLUMNS = ("path", "op", "output", "calls", "params", "macs", "flops", "activation_bytes")
_MARKERS = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(\s|$)", re.MULTILINE)
AGAIN = "inception-profiler check --update"
"""What writes the lock file of a project."""


def empty() -> Lock:
    """Return a lock without models, of the rules and versions that count here."""
    return Lock(RULES, __version__, _torch(), ())


def renewed(lock: Lock, counted: Iterable[LockedModel], dropped: Iterable[str] = ()) -> Lock:
    """Return a lock with some models counted anew, by the rules and versions that count here."""
    return Lock(RULES, __version__, _torch(), lock.replaced(counted, dropped))


def lock_text(lock: Lock) -> str:
    """Write a lock as JSON: models by name, layers in the order of execution, one of them a line."""
    head = {"format": FORMAT, "schema": SCHEMA, "rules": lock.rules, "version": lock.version}
    lines = [f" {_text(key)}: {_text(value)}," for key, value in head.items()]
    lines += [f' "torch": {_text(lock.torch)},', f' "columns": {_text(_COLUMNS)},']
    models = ",\n".join(map(_model_text, sorted(lock.models, key=lambda model: model.name)))
    lines.append(f' "models": {{\n{models}\n }}' if models else ' "models": {}')
    return "{\n" + "\n".join(lines) + "\n}\n"


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock beside ``path`` and rename it into place; what stood there is whole until then.

    Raises:
        WriteError: it cannot be written, and nothing has changed.
    """
    write_whole(path, lock_text(lock).encode())


def read_lock(path: Path, *, any_rules: bool = False, again: str = AGAIN) -> Lock:
    """Read a lock file.

    Args:
        path: of the file.
        any_rules: whether counts of other rules are read too, as for an update, which counts anew.
        again: the command that writes the file anew, for the message.

    Raises:
        LockError: the file cannot be used; the message says what to do.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors mark UTF-8
    except OSError as error:
        raise LockError(f"cannot read {path}: {error.strerror}; name another lock file") from error
    except UnicodeDecodeError as error:
        raise LockError(f"{path} is not a text file: {_restore(str(path), again)}") from error
    return parse_lock(text, str(path), any_rules=any_rules, again=again)


def parse_lock(text: str, name: str, *, any_rules: bool = False, again: str = AGAIN) -> Lock:
    """Read the text of a lock file that is called ``name``.

    Raises:
        LockError: as `read_lock`.
    """
    if _MARKERS.search(text):
        raise LockError(
            f"{name} has the conflict markers of a merge: take one side (git checkout --ours {name}), "
            f"then run {again}"
        )
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise LockError(f"{name} is damaged or cut short ({error}): {_restore(name, again)}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise LockError(f"{name} is not a lock file of inception_profiler: name another one with --lock")
    if data.get("schema") != SCHEMA:
        raise LockError(
            f"{name} has schema {data.get('schema')} and this version reads schema {SCHEMA}: use "
            f"inception_profiler {data.get('version', 'as old as it')}, or delete the file and run {again}"
        )
    rules = data.get("rules")
    if rules != RULES and not (any_rules and isinstance(rules, int)):
        raise LockError(
            f"{name} was counted by rules {rules} and this version counts by rules {RULES}, so the numbers "
            f"cannot be compared: run {again} with the code as it was agreed to, and review the difference"
        )
    try:
        return _lock(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise LockError(f"{name} is damaged ({reason}): {_restore(name, again)}") from error


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep everybody else from updating the same lock file meanwhile, by a lock on its folder.

    The lock is the system's own: it ends with the process, however that ends, and leaves no file behind.

    Raises:
        WriteError: there is no such folder.
    """
    try:
        import fcntl
    except ImportError:  # where there is none, the file is still written whole, by whoever comes last
        yield
        return
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror}; choose another place") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _restore(name: str, again: str) -> str:
    return f"restore it (git checkout {name}), or delete it and run {again}"


def _torch() -> str:
    """Return the version of torch without importing it, and without the name of its build (``+cpu``)."""
    try:
        return metadata.version("torch").partition("+")[0]
    except metadata.PackageNotFoundError:
        return ""


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _model_text(model: LockedModel) -> str:
    asked = model.asked
    how = {
        "model": asked.model,
        "asked": list(asked.inputs) or None,
        "batch": asked.batch,
        "dtype": asked.dtype or None,
        "train": asked.train or None,
    }
    lines = [f"   {_text(key)}: {_text(value)}," for key, value in how.items() if value is not None]
    lines.append(f'   "inputs": {_text(model.inputs)},')
    lines.append(f'   "mode": {_text(model.mode)},')
    totals = ",\n".join(f"    {_text(key)}: {_text(value)}" for key, value in model.totals)
    lines.append(f'   "totals": {{\n{totals}\n   }},')
    if model.unknown:
        lines.append(
            f'   "unknown": {_text([[entry.op, entry.path, entry.calls] for entry in model.unknown])},'
        )
    rows = ",\n".join(f"    {_text([getattr(row, key) for key in _COLUMNS])}" for row in model.layers)
    lines.append(f'   "layers": [\n{rows}\n   ]' if rows else '   "layers": []')
    return f"  {_text(model.name)}: {{\n" + "\n".join(lines) + "\n  }"


def _lock(data: dict[str, Any]) -> Lock:
    if tuple(data["columns"]) != _COLUMNS:
        raise ValueError("other columns than this schema has")
    models = tuple(_model(name, entry) for name, entry in sorted(data["models"].items()))
    return Lock(data["rules"], _of(str, data["version"]), _of(str, data["torch"]), models)


def _model(name: str, data: dict[str, Any]) -> LockedModel:
    batch = data.get("batch")
    asked = Asked(
        name,
        _of(str, data["model"]),
        tuple(_of(str, text) for text in data.get("asked", ())),
        None if batch is None else _of(int, batch),
        _of(bool, data.get("train", False)),
        _of(str, data.get("dtype", "")),
    )
    layers = tuple(map(_layer, data["layers"]))
    if len({row.key for row in layers}) < len(layers):
        raise ValueError(f"{name} has two rows of one layer")
    return LockedModel(
        asked,
        tuple(_of(str, text) for text in data["inputs"]),
        _of(str, data["mode"]),
        tuple((key, _number(value)) for key, value in data["totals"].items()),
        tuple(
            Unpriced(_of(str, op), _of(str, path), _of(int, calls))
            for op, path, calls in data.get("unknown", ())
        ),
        layers,
    )


def _layer(row: list[Any]) -> LockedLayer:
    if len(row) != len(_COLUMNS):
        raise ValueError(f"a layer with {len(row)} numbers")
    return LockedLayer(*(_of(str, cell) for cell in row[:3]), *(_of(int, cell) for cell in row[3:]))


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _number(value: Any) -> int | float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise TypeError(f"expected a number, found {type(value).__name__}")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, as a merge can leave it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"{twice!r} stands there twice")
    return found
