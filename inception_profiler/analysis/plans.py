"""Plans kept between traces: what a call is known by, what follows from that, and its output made anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter

from inception_profiler.analysis.arguments import tensors_in
from inception_profiler.analysis.recorder import Plan
from inception_profiler.analysis.walk import Mark

_META = torch.device("meta")
_PLANS: dict[tuple[Any, ...], Plan] = {}  # a plan follows from its key alone
_MOST_PLANS = 50_000
_DENSE = frozenset({"layer_norm", "linear", "matmul", "softmax"})  # contiguous, whatever they read


def read_call(
    known: Callable[[Tensor], Mark], func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]
) -> tuple[list[Tensor], list[Mark], tuple[Any, ...]]:
    """Return the tensors among the arguments, each once, what is known of them, and a key for the call.

    Calls with equal keys have equal plans: the key holds the function, the kind of every tensor, which
    tensors are one and the same, and the values of all other arguments. ``known`` tells of a tensor.
    """
    tensors: list[Tensor] = []
    marks: list[Mark] = []
    parts: list[Any] = [func]
    for argument in (*args, *options, *options.values()) if options else args:
        kind = argument.__class__
        if kind is Tensor or kind is Parameter or isinstance(argument, Tensor):
            mark = known(argument)
            tensors.append(argument)
            marks.append(mark)
            parts.append(mark.kind)
        elif kind is int or kind is str or argument is None:
            parts.append(argument)
        elif kind is tuple or kind is list:
            if argument and argument[0].__class__ is int:
                parts.append(tuple(argument))
                continue
            inside = tensors_in(argument, {})
            if inside:
                tensors += inside
                marks += map(known, inside)
                parts.append(tuple([mark.kind for mark in marks[-len(inside) :]]))
            else:
                parts.append(tuple(argument))
        else:
            parts += (kind, argument)  # the class too: 1, 1.0 and True are equal but promote differently
    if len(tensors) > 1 and len(set(map(id, tensors))) < len(tensors):
        names = list(map(id, tensors))
        firsts = [names.index(name) for name in names]
        parts.append(tuple(firsts))
        once = sorted(set(firsts))
        tensors, marks = [tensors[first] for first in once], [marks[first] for first in once]
    return tensors, marks, tuple(parts)


def kept(key: tuple[Any, ...]) -> Plan | None:
    """Return the plan of an earlier call with that key, if there was one."""
    try:
        return _PLANS.get(key)
    except TypeError:  # a slice among the arguments cannot be hashed
        return None


def keep(key: tuple[Any, ...], plan: Plan) -> None:
    """Remember a plan for the next call of its key, and not more plans than is sensible."""
    if len(_PLANS) >= _MOST_PLANS:
        _PLANS.clear()
    with suppress(TypeError):
        _PLANS[key] = plan


def made(plan: Plan, first: Tensor) -> Tensor:
    """Return the output of a planned call: a new tensor without data, or the first argument itself."""
    if not plan.fresh:
        return first
    shape = plan.outputs[0].shape
    if plan.outputs[0] is not plan.inputs[0] or first.is_contiguous() or plan.name in _DENSE:
        return torch.empty(shape, dtype=plan.dtype, device=_META)
    strides = first.stride()
    if 0 in strides:  # expanded: PyTorch works out the layout in Python, slowly
        return torch.empty_like(first, dtype=plan.dtype, device=_META)
    order = sorted(range(len(strides)), key=strides.__getitem__, reverse=True)
    return torch.empty_permuted(shape, order, dtype=plan.dtype, device=_META)
