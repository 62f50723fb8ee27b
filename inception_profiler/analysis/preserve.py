"""The promise that a model is the same after it was traced."""

from __future__ import annotations

import operator
import random
import sys
from collections import OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, filterfalse
from typing import Any

import torch
from torch import nn

_STANDARD = frozenset(nn.Module().__dict__)
_TABLES = operator.itemgetter(
    *(name for name, value in nn.Module().__dict__.items() if isinstance(value, dict))
)
_CONTAINERS = frozenset({list, dict, set, deque, OrderedDict, defaultdict})
_LIBRARY = "torch.nn."  # its modules keep no lists or dicts of their own that a forward pass changes


@contextmanager
def preserved(modules: Collection[nn.Module], *, device: torch.device | None = None) -> Iterator[None]:
    """Put back, on leaving, what a forward pass changed on ``modules`` and in the random generators.

    Covers the attributes of every module (flags, parameters, buffers, submodules, hooks, plain values), the
    contents of lists, dicts, sets and deques that a module holds, nested ones too, and the states of torch's,
    Python's and NumPy's generators, those of ``device`` included where one is given. Values inside tensors
    need no restoring: the tracer never lets an operation write to a tensor of the model.
    """
    namespaces = [module.__dict__ for module in modules]
    tables = list(chain.from_iterable(map(_TABLES, namespaces)))
    empty = list(filterfalse(None, tables))
    saved = [(live, live.copy()) for live in (*namespaces, *filter(None, tables))]
    contents: dict[int, tuple[Any, Any]] = {}
    for module, live in zip(modules, namespaces, strict=True):
        if not type(module).__module__.startswith(_LIBRARY):
            _save_containers((live[name] for name in live.keys() - _STANDARD), contents)
    python_state = random.getstate()
    numpy = sys.modules.get("numpy.random")  # NumPy's generator need not be there
    numpy_state = None if numpy is None else numpy.get_state()
    try:
        with torch.random.fork_rng(**_generators(device)):
            yield
    finally:
        for live, before in saved:
            if (
                len(live) != len(before)
                or not all(map(operator.is_, live.values(), before.values()))
                or next(reversed(live)) != next(reversed(before))  # a name given anew stands last
            ):
                live.clear()
                live.update(before)
        for table in filter(None, empty):
            table.clear()
        for container, before in contents.values():
            _refill(container, before)
        random.setstate(python_state)
        if numpy is not None:
            numpy.set_state(numpy_state)


def _generators(device: torch.device | None) -> dict[str, Any]:
    """Name the generators to preserve besides that of the CPU, as `torch.random.fork_rng` wants them.

    A device whose module knows no state of one draws from the CPU's.
    """
    if device is None or device.type in {"cpu", "meta"}:
        return {"devices": ()}
    if not hasattr(torch.get_device_module(device), "get_rng_state"):
        return {"devices": ()}
    return {"devices": [device], "device_type": device.type}


def _save_containers(values: Iterable[Any], contents: dict[int, tuple[Any, Any]]) -> None:
    """Enter a copy of every container among ``values``, and of those inside it, under its id."""
    for value in values:
        if type(value) in _CONTAINERS and id(value) not in contents:
            contents[id(value)] = (value, value.copy())
            _save_containers(value.values() if isinstance(value, dict) else value, contents)


def _refill(container: Any, before: Any) -> None:
    """Give ``container`` back the very items of ``before``, unless it still has them."""
    if _same(container, before) and (
        not isinstance(container, dict) or _same(container.values(), before.values())
    ):
        return
    container.clear()
    if isinstance(container, dict | set):
        container.update(before)
    else:
        container.extend(before)


def _same(left: Any, right: Any) -> bool:
    """Tell whether two collections hold the same objects in the same order."""
    return len(left) == len(right) and all(map(operator.is_, left, right))
