"""Results as JSON and back, with a schema number."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from inception_profiler.errors import ArchiveError
from inception_profiler.files import write_whole
from inception_profiler.records.allocation import Allocated
from inception_profiler.records.argument import Argument
from inception_profiler.records.audit import Audit
from inception_profiler.records.check import Check
from inception_profiler.records.claim import Finding, Ledger, SpeedRatio
from inception_profiler.records.comparison import Comparison
from inception_profiler.records.convention import Explanation, Translation
from inception_profiler.records.coverage import Coverage
from inception_profiler.records.difference import Difference
from inception_profiler.records.fit import Fit
from inception_profiler.records.latency import Benchmark, Measurement
from inception_profiler.records.lock import Lock
from inception_profiler.records.memory import Memory, MemoryComparison
from inception_profiler.records.profile import Profile
from inception_profiler.records.roofline import Ceilings, Roofline
from inception_profiler.records.scaling import Scaling, Sweep
from inception_profiler.records.sweep import Measurements, Outcome, Point
from inception_profiler.version import __version__

SCHEMA = 2
RULES = 1
"""The counting rules: raised by whoever changes what any rule, anywhere, counts for any model.

Counts of different rules are not compared: a lock file says by which rules it was counted.
"""
FORMAT = "inception_profiler"
_RECORDS: dict[str, type] = {
    "Profile": Profile,
    "Comparison": Comparison,
    "Argument": Argument,
    "Audit": Audit,
    "Explanation": Explanation,
    "Translation": Translation,
    "Coverage": Coverage,
    "Finding": Finding,
    "Ledger": Ledger,
    "SpeedRatio": SpeedRatio,
    "Memory": Memory,
    "MemoryComparison": MemoryComparison,
    "Allocated": Allocated,
    "Fit": Fit,
    "Scaling": Scaling,
    "Sweep": Sweep,
    "Measurement": Measurement,
    "Benchmark": Benchmark,
    "Roofline": Roofline,
    "Ceilings": Ceilings,
    "Point": Point,
    "Outcome": Outcome,
    "Measurements": Measurements,
    "Lock": Lock,
    "Check": Check,
    "Difference": Difference,
}

Result = (
    Profile
    | Comparison
    | Argument
    | Audit
    | Explanation
    | Translation
    | Coverage
    | Finding
    | Ledger
    | SpeedRatio
    | Memory
    | MemoryComparison
    | Allocated
    | Fit
    | Scaling
    | Sweep
    | Measurement
    | Benchmark
    | Roofline
    | Ceilings
    | Point
    | Outcome
    | Measurements
    | Lock
    | Check
    | Difference
)


def to_data(result: Result) -> dict[str, Any]:
    """Return a result as plain dicts, lists and numbers, with what is needed to read it back."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "version": __version__,
        "record": type(result).__name__,
        "value": _encoded(result),
    }


def from_data(data: Any) -> Result:
    """Read a result back from what `to_data` returned.

    Raises:
        ArchiveError: not one of ours, of another schema, or with parts missing.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ArchiveError("this is not a result saved by inception_profiler")
    if "result" in data:  # a rendered document carries the result that it shows
        return from_data(data["result"])
    if data.get("schema") != SCHEMA:
        raise ArchiveError(
            f"this result has schema {data.get('schema')} and this version reads schema {SCHEMA}: "
            f"profile the model again, or use inception_profiler {data.get('version', 'as old as it')}"
        )
    kind = _RECORDS.get(str(data.get("record")))
    if kind is None:
        raise ArchiveError(
            f"this result holds a record {data.get('record')!r} that this version does not know"
        )
    try:
        result: Result = _decoder(kind)(data["value"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArchiveError(
            f"this result is damaged ({type(error).__name__}: {error}): profile the model again"
        ) from error
    return result


def dumps(result: Result) -> str:
    """Return a result as one JSON text."""
    return json.dumps(to_data(result), ensure_ascii=False, allow_nan=False) + "\n"


def loads(text: str) -> Result:
    """Read a result back from the text of `dumps`.

    Raises:
        ArchiveError: not JSON, or not a result of ours.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"this is not JSON ({error}): the file may be cut short") from error
    return from_data(data)


def _no_constant(name: str) -> float:
    """Refuse ``NaN`` and ``Infinity``, which are no JSON: `dumps` writes them otherwise."""
    raise ValueError(f"{name} is no number in JSON")


def save(result: Result, path: str | PathLike[str]) -> None:
    """Write a result as JSON beside ``path`` and rename it into place."""
    write_whole(path, dumps(result).encode())


def load(path: str | PathLike[str]) -> Result:
    """Read a saved result.

    Raises:
        ArchiveError: no such file, or not a result of ours.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise ArchiveError(f"cannot read {path}: {reason}") from error
    try:
        return loads(text)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from error


def _encoded(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    return value


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Return what turns JSON data into a value of the annotated type ``kind``."""
    made: Callable[..., Any] = kind
    if is_dataclass(kind):
        parts = {name: _decoder(hint) for name, hint in get_type_hints(kind).items() if name in _names(kind)}

        def read_record(data: Any) -> Any:
            unknown = data.keys() - parts.keys()
            if unknown:
                raise ValueError(f"unknown field {min(unknown)}")
            return made(**{name: part(data[name]) for name, part in parts.items()})

        return read_record
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is not Ellipsis:
        members = tuple(map(_decoder, arguments))
        return lambda data: tuple(part(item) for part, item in zip(members, data, strict=True))
    if origin is tuple:
        member = _decoder(arguments[0])
        return lambda data: tuple(map(member, data))
    if origin in {Union, types.UnionType}:
        optional = next(filter(is_dataclass, arguments), None)
        if optional is None:
            return _plain
        read = _decoder(optional)  # type: ignore[arg-type]  # a class, and so it has a hash
        return lambda data: None if data is None else read(data)
    return _number if kind is float else _checked(kind)


def _names(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


def _plain(data: Any) -> Any:
    """Read a value of a union: a number, a text, nothing, or a list of numbers."""
    if isinstance(data, dict):
        return float(data["float"])
    return tuple(map(_plain, data)) if isinstance(data, list) else data


def _number(data: Any) -> float:
    """Read a float: JSON has no infinite ones, and a whole one may stand in a record as an int."""
    if isinstance(data, dict):
        return float(data["float"])
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise TypeError(f"expected a number, found {type(data).__name__}")
    return float(data)


def _checked(kind: type) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
            raise TypeError(f"expected {kind.__name__}, found {type(data).__name__}")
        return data

    return read
