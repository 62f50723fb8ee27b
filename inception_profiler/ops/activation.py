"""Activations, softmax and dropout.

The element-wise ones are one table: per element, each costs the counts given there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.elementwise import Work, result_type, scaled
from inception_profiler.ops.rule import IDENTITY, SAME, Function, Outcome, op, require, spellings

_SIGMOID: Work = {"exponentials": 1, "adds": 1, "divisions": 1}
_SOFTPLUS: Work = {"exponentials": 2, "adds": 1}
_TANH: Work = {"exponentials": 1, "adds": 2, "multiplications": 1, "divisions": 1}

ACTIVATIONS: dict[str, Work] = {
    "relu": {"comparisons": 1},
    "relu6": {"comparisons": 2},
    "hardtanh": {"comparisons": 2},
    "threshold": {"comparisons": 1},
    "leaky_relu": {"comparisons": 1, "multiplications": 1},
    "rrelu": {"comparisons": 1, "multiplications": 1},
    "elu": {"comparisons": 1, "exponentials": 1, "adds": 1, "multiplications": 1},
    "celu": {"comparisons": 1, "exponentials": 1, "adds": 1, "multiplications": 1, "divisions": 1},
    "selu": {"comparisons": 1, "exponentials": 1, "adds": 1, "multiplications": 2},
    "sigmoid": _SIGMOID,
    "expit": _SIGMOID,
    "logsigmoid": _SOFTPLUS,
    "tanh": _TANH,
    "softplus": {"comparisons": 1, **_SOFTPLUS},
    "silu": {**_SIGMOID, "multiplications": 1},
    "mish": {"exponentials": 3, "adds": 3, "multiplications": 2, "divisions": 1},
    "gelu": {"exponentials": 1, "adds": 1, "multiplications": 3},
    "hardsigmoid": {"comparisons": 2, "adds": 1, "divisions": 1},
    "hardswish": {"comparisons": 2, "adds": 1, "divisions": 1, "multiplications": 1},
    "hardshrink": {"comparisons": 2},
    "softshrink": {"comparisons": 2, "adds": 1},
    "tanhshrink": {**_TANH, "adds": 3},
}


def _activation(name: str, work: Work) -> Callable[..., Outcome]:
    def price(input: Tensor, *settings: Any, inplace: bool = False, **options: Any) -> Outcome:
        require(input.dtype.is_floating_point or name in {"relu", "relu6", "hardtanh", "sigmoid", "tanh", "expit"})
        dtype = input.dtype if input.dtype.is_floating_point or "relu" in name else result_type(input, 1.0)
        positional_inplace = bool(settings) and settings[-1] is True
        shape = SAME if inplace or positional_inplace else tuple(input.shape)
        return Outcome(shape, dtype, **scaled(work, math.prod(input.shape)))

    counts = ", ".join(f"{kind} {count}" for kind, count in work.items())
    price.__doc__ = f"Price ``{name}``: per element {counts}. Output: the input's shape."
    return price


def _in_place(name: str) -> tuple[Function, ...]:
    return spellings(f"{name}_")


for _name, _work in ACTIVATIONS.items():
    op(*spellings(_name), in_place=_in_place(_name), name=_name)(_activation(_name, _work))


@op(*spellings("prelu"))
def prelu(input: Tensor, weight: Tensor) -> Outcome:
    """Price a parametric ReLU: one comparison and one multiplication per element. Weight: one, or one a channel."""
    channels = input.shape[1] if input.dim() > 1 else 1
    require(weight.numel() in {1, channels})
    numel = math.prod(input.shape)
    return Outcome(tuple(input.shape), comparisons=numel, multiplications=numel)


@op(F.glu)
def glu(input: Tensor, dim: int = -1) -> Outcome:
    """Price a gated linear unit ``a · σ(b)`` of the two halves along ``dim``: a sigmoid and a product per output."""
    shape = list(input.shape)
    require(-len(shape) <= dim < len(shape) and shape[dim] % 2 == 0)
    shape[dim] //= 2
    numel = math.prod(shape)
    return Outcome(tuple(shape), exponentials=numel, adds=numel, divisions=numel, multiplications=numel)


def _softmax(name: str, work: Callable[[int, int], Work]) -> Callable[..., Outcome]:
    def price(
        input: Tensor, dim: int | None = None, dtype: Any = None, *, _stacklevel: int = 3, **options: Any
    ) -> Outcome:
        kind = dtype if dtype is not None and not isinstance(dtype, int) else options.get("dtype")
        given = input.shape
        axis = dim if dim is not None else (0 if len(given) in {0, 1, 3} else 1)
        require(-max(len(given), 1) <= axis < max(len(given), 1))
        rows = math.prod(given) // given[axis] if given and given[axis] else 1
        return Outcome(tuple(given), kind, **work(math.prod(given), rows), attributes=(("dim", axis),))

    return price


def _softmax_work(numel: int, rows: int) -> Work:
    return {
        "comparisons": numel - rows,
        "adds": 2 * numel - rows,
        "exponentials": numel,
        "divisions": numel,
    }


def _log_softmax_work(numel: int, rows: int) -> Work:
    return {"comparisons": numel - rows, "adds": 3 * numel - rows, "exponentials": numel + rows}


softmax = _softmax("softmax", _softmax_work)
softmax.__doc__ = """Price a softmax over D elements: D − 1 comparisons for the maximum, D subtractions, D exponentials,
D − 1 adds, D divisions. Output: the input's shape."""
log_softmax = _softmax("log_softmax", _log_softmax_work)
log_softmax.__doc__ = """Price a log-softmax over D elements: D − 1 comparisons, D subtractions, D exponentials, D − 1 adds, one
logarithm, D subtractions. Output: the input's shape."""
op(*spellings("softmax"), name="softmax")(softmax)
op(*spellings("log_softmax"), name="log_softmax")(log_softmax)


@op(*spellings("dropout", "feature_dropout"), F.dropout1d, F.dropout2d, F.dropout3d, in_place=spellings("dropout_"))
def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Outcome:
    """Price a dropout: nothing in inference; in training one comparison and one multiplication per element."""
    require(0 <= p <= 1)
    if not training or p == 0:
        return IDENTITY
    numel = math.prod(input.shape)
    temporary = numel * input.dtype.itemsize
    return Outcome(
        SAME if inplace else tuple(input.shape), comparisons=numel, multiplications=numel, temporary_bytes=temporary
    )


@op(*spellings("alpha_dropout", "feature_alpha_dropout"))
def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Outcome:
    """Price an alpha dropout: a dropout with one more multiplication and add per element to keep mean and variance."""
    require(0 <= p <= 1)
    if not training or p == 0:
        return IDENTITY
    numel = math.prod(input.shape)
    return Outcome(SAME if inplace else tuple(input.shape), comparisons=numel, multiplications=2 * numel, adds=numel)


