"""Which points a sweep has, from a TOML file.

::

    time_limit = 10                      # seconds of sampling for each model of a point
    models = ["inception_v1", "vgg16"]   # whatever `profile` understands
    batch = [1, 8]                       # every axis takes one value or several; all combinations are points
    dtype = ["fp32", "bf16"]

    [[pairs]]                            # measured side by side, interleaved in one process
    models = ["inception_v1"]
    vs = ["vgg16"]
    train = true                         # what a table does not say, it takes from the top of the file

==================  ====================================================================================
``models``          spellings of models; each is a point
``vs``              models measured beside each of them; only these make a ratio
``batch``           images in each call; 1
``resolution``      height = width of the input; 0, the model's own
``device``          ``cpu``, ``cuda``, ``cuda:1``, …; empty, the best there is
``dtype``, ``mode``, ``channels_last``, ``fused``, ``train``, ``cold``, ``threads``
                    as in `Setting`; ``threads`` 0 are all cores
``time_limit``      seconds of sampling for each model of a point; 10
``timeout``         seconds after which a point has hung and is ended; at the top only; by default
                    120 + 10 · ``time_limit`` · models of the point
``memory_limit``    memory that the process of a point may take, like ``8GiB``; at the top only; unlimited
==================  ====================================================================================
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.latency import Setting
from inception_profiler.records.sweep import Point
from inception_profiler.units import parse_bytes

TIME_LIMIT = 10.0
PAIRS = "pairs"


class Plan(NamedTuple):
    """The points of a sweep and what each may take.

    ``time_limits`` are those of the points, in their order; ``timeout`` 0 is the default, ``memory_limit`` 0
    none.
    """

    points: tuple[Point, ...]
    time_limits: tuple[float, ...]
    timeout: float = 0.0
    memory_limit: int = 0

    def patience(self, point: Point, time_limit: float) -> float:
        """Return the seconds after which the process of ``point`` is ended.

        A process has to start, to build each model, to warm up and to watch the memory, where a sweep on a
        loaded machine must not end what merely takes long.
        """
        return self.timeout or 120 + 10 * time_limit * (1 + len(point.references))


class Axis(NamedTuple):
    """What a key of the file may hold: the type of one value, and whether one is allowed."""

    kind: type
    allowed: Callable[[Any], bool]
    says: str
    usual: Any


def _text(usual: str) -> Axis:
    return Axis(str, lambda _: True, "a text", usual)


def _count(least: int, usual: int) -> Axis:
    return Axis(int, lambda value: value >= least, f"a whole number, {least} or more", usual)


_FLAG = Axis(bool, lambda _: True, "true or false", False)
_NAME = Axis(str, bool, "the name of a model", "")
_USUAL = Setting(threads=0)
AXES: dict[str, Axis] = {
    "models": _NAME,
    "vs": _NAME,
    "device": _text(""),
    "dtype": _text(_USUAL.dtype),
    "mode": _text(_USUAL.mode),
    "channels_last": _FLAG,
    "fused": _FLAG,
    "train": _FLAG,
    "cold": _FLAG,
    "threads": _count(0, 0),
    "resolution": _count(0, 0),
    "batch": _count(1, 1),
}
"""The keys of a grid, in the order in which its points vary: the last the fastest."""

_SECONDS = Axis(float, lambda value: 0 < value < math.inf, "seconds, more than 0", TIME_LIMIT)
SAMPLING = "time_limit"

LIMITS: dict[str, Axis] = {
    "timeout": _SECONDS,
    "memory_limit": _text(""),
}
"""The keys that hold for the whole sweep."""

_SETTINGS = frozenset(field.name for field in fields(Setting)) & frozenset(AXES)


def read_plan(path: str | Path) -> Plan:
    """Read the points of a sweep from a TOML file.

    Raises:
        InputError: no such file, no TOML, an unknown key, a value that a key cannot have, or no point.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise InputError(f"cannot read {path}: {reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    try:
        return plan(table)
    except (InputError, UnknownNameError) as error:
        raise InputError(f"{path}: {error}") from error


def plan(table: Mapping[str, Any]) -> Plan:
    """Return the points that ``table`` describes, each once, in its order.

    >>> [point.batch for point in plan({"models": ["lenet5"], "batch": [1, 8]}).points]
    [1, 8]

    Raises:
        InputError: an unknown key, a value that a key cannot have, or no point.
        UnknownNameError: no such dtype.
    """
    _refuse_unknown(table, (*AXES, SAMPLING, *LIMITS, PAIRS), "at the top")
    pairs = table.get(PAIRS, [])
    if not isinstance(pairs, list) or not all(isinstance(entry, dict) for entry in pairs):
        raise InputError(f"{PAIRS} are tables: write [[{PAIRS}]] above each")
    top = {key: _values(key, axis, table[key]) for key, axis in AXES.items() if key in table}
    usual = _value(SAMPLING, _SECONDS, table.get(SAMPLING, TIME_LIMIT))
    points = dict.fromkeys(_grid(top), usual)
    shared = {key: values for key, values in top.items() if key not in {"models", "vs"}}
    for pair in pairs:
        _refuse_unknown(pair, (*AXES, SAMPLING), f"in [[{PAIRS}]]")
        own = {key: _values(key, AXES[key], value) for key, value in pair.items() if key in AXES}
        for needed in ("models", "vs"):
            if not own.get(needed):
                raise InputError(f'[[{PAIRS}]] names its {needed}: {needed} = ["inception_v1"]')
        limit = _value(SAMPLING, _SECONDS, pair.get(SAMPLING, usual))
        points |= dict.fromkeys(_grid(shared | own), limit)
    _check_words([point.setting for point in points])
    if not points:
        raise InputError('there is nothing to measure: name models = ["inception_v1", …]')
    limits = {key: _value(key, axis, table[key]) for key, axis in LIMITS.items() if key in table}
    memory = limits.pop("memory_limit", "")
    return Plan(
        tuple(points), tuple(points.values()), memory_limit=parse_bytes(memory) if memory else 0, **limits
    )


def _grid(axes: Mapping[str, tuple[Any, ...]]) -> Iterator[Point]:
    """Yield every combination of the values of ``axes``."""
    varied = [key for key in AXES if key not in {"models", "vs"}]
    choices = [axes.get(key) or (AXES[key].usual,) for key in varied]
    for model in axes.get("models", ()):
        for values in product(*choices):
            chosen = dict(zip(varied, values, strict=True))
            setting = Setting(**{key: chosen.pop(key) for key in varied if key in _SETTINGS})
            yield Point(model=model, references=axes.get("vs", ()), setting=setting, **chosen)


def _values(key: str, axis: Axis, given: Any) -> tuple[Any, ...]:
    """Return the values of one key, which may stand alone."""
    values = given if isinstance(given, list) else [given]
    return tuple(dict.fromkeys(_value(key, axis, value) for value in values))


def _value(key: str, axis: Axis, value: Any) -> Any:
    number = axis.kind is float and isinstance(value, int) and not isinstance(value, bool)
    if not (number or type(value) is axis.kind) or not axis.allowed(value):
        raise InputError(f"{key} is {axis.says}, not {value!r}")
    return axis.kind(value)


def _check_words(settings: Sequence[Setting]) -> None:
    """Refuse a dtype or a mode that no device knows, before a process is started for each point with it."""
    dtypes = {setting.dtype: None for setting in settings} | {_USUAL.dtype: None}
    modes = {setting.mode: None for setting in settings} | {_USUAL.mode: None}
    if len(dtypes) > 1 or len(modes) > 1:  # else there is nothing to check, for which PyTorch is imported
        from inception_profiler.bench.settings import check_words

        check_words(dtypes, modes)


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}."
            raise InputError(f"unknown key {key!r} {where}: {hint}")
