"""The promise that a model is the same after it was traced."""

from __future__ import annotations

import operator
import random
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

_STANDARD = frozenset(nn.Module().__dict__)
_TABLES = ("_parameters", "_buffers", "_modules")
_CONTAINERS = frozenset({list, dict, set, deque, OrderedDict})
_LIBRARY = "torch.nn."  # PyTorch's own modules keep no lists or dicts of their own that a forward pass changes


@contextmanager
def preserved(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Put back, on leaving, whatever a forward pass changed on ``modules`` and in the random number generators.

    Covers the attributes of every module (flags, parameters, buffers, submodules, plain values), the contents of lists,
    dicts, sets and deques that a module holds as its own attribute, and the states of torch's and Python's
    generators. Values inside tensors need no restoring: the tracer never lets an operation write to a tensor of the model.
    """
    namespaces = []
    containers = []
    for module in modules:
        live = module.__dict__
        namespaces.append((live, live.copy()))
        for name in _TABLES:
            table = live[name]
            if table:
                namespaces.append((table, table.copy()))
        if not type(module).__module__.startswith(_LIBRARY):
            own = (live[name] for name in live.keys() - _STANDARD)
            containers += [(value, value.copy()) for value in own if type(value) in _CONTAINERS]
    torch_state, python_state = torch.get_rng_state(), random.getstate()
    try:
        yield
    finally:
        for live, saved in namespaces:  # values that are the same objects in the same order have the same names
            if len(live) != len(saved) or not all(map(operator.is_, live.values(), saved.values())):
                live.clear()
                live.update(saved)
        for container, saved in containers:
            _refill(container, saved)
        torch.set_rng_state(torch_state)
        random.setstate(python_state)


def _refill(container: Any, saved: Any) -> None:
    """Give ``container`` back the very items of ``saved``, unless it still has them."""
    if len(container) == len(saved) and all(map(operator.is_, container, saved)):
        if not isinstance(container, dict) or all(map(operator.is_, container.values(), saved.values())):
            return
    container.clear()
    if isinstance(container, dict | set):
        container.update(saved)
    else:
        container.extend(saved)
