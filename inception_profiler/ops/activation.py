"""Activations, softmax and dropout.

The element-wise ones are one table: per element, each costs the counts given there.
"""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from inception_profiler.ops.rule import (
    IDENTITY,
    SAME,
    Outcome,
    Price,
    Work,
    cover,
    op,
    require,
    spellings,
)  # fmt: skip

_SIGMOID = Work(adds=1, divisions=1, exponentials=1)
_SOFTPLUS = Work(adds=1, exponentials=2)
_TANH = Work(adds=2, multiplications=1, divisions=1, exponentials=1)
_GELU = Work(adds=1, multiplications=3, exponentials=1)
_GELU_TANH = Work(adds=4, multiplications=7, divisions=1, exponentials=1)
_LEAKY = Work(comparisons=1, multiplications=1)

ACTIVATIONS: dict[str, Work] = {
    "relu": Work(comparisons=1),
    "relu6": Work(comparisons=2),
    "hardtanh": Work(comparisons=2),
    "threshold": Work(comparisons=1),
    "leaky_relu": _LEAKY,
    "elu": Work(adds=1, comparisons=1, multiplications=1, exponentials=1),
    "celu": Work(adds=1, comparisons=1, multiplications=1, divisions=1, exponentials=1),
    "selu": Work(adds=1, comparisons=1, multiplications=2, exponentials=1),
    "sigmoid": _SIGMOID,
    "expit": _SIGMOID,
    "logsigmoid": _SOFTPLUS,
    "tanh": _TANH,
    "softplus": _SOFTPLUS._replace(comparisons=1),
    "silu": _SIGMOID._replace(multiplications=1),
    "mish": Work(adds=3, multiplications=2, divisions=1, exponentials=3),
    "hardsigmoid": Work(adds=1, comparisons=2, divisions=1),
    "hardswish": Work(adds=1, comparisons=2, multiplications=1, divisions=1),
    "hardshrink": Work(comparisons=2),
    "softshrink": Work(adds=1, comparisons=2),
    "tanhshrink": _TANH._replace(adds=3),
}
_KEEPS_A_COPY = frozenset({"logsigmoid", "tanhshrink"})
_PROMOTES_INTEGERS = frozenset({"sigmoid", "expit", "tanh"})


def _activation(name: str, work: Work) -> Price:
    def price(input: Tensor, *settings: Any, inplace: bool = False, **options: Any) -> Outcome:
        dtype = input.dtype
        if not dtype.is_floating_point:
            require(name in _PROMOTES_INTEGERS)
            cover(not dtype.is_complex)
            dtype = torch.get_default_dtype()
        written = inplace or (bool(settings) and settings[-1] is True)
        shape = SAME if written else tuple(input.shape)
        numel = math.prod(input.shape)
        temporary = numel * dtype.itemsize if name in _KEEPS_A_COPY else 0
        launches = 2 if name == "tanhshrink" else 1
        return Outcome(shape, dtype, 0, *work.times(numel), temporary_bytes=temporary, launches=launches)

    price.__doc__ = f"Price ``{name}``: per element {work}. Output: the input's shape."
    return price


for _name, _work in ACTIVATIONS.items():
    op(*spellings(_name), in_place=spellings(f"{_name}_"), name=_name)(_activation(_name, _work))


@op(*spellings("gelu"), in_place=spellings("gelu_"))
def gelu(input: Tensor, *, approximate: str = "none") -> Outcome:
    """Price ``x/2 · (1 + erf(x/√2))``: per element 3 multiplications, 1 add, and 1 exponential for the erf.

    ``approximate="tanh"`` is ``x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³)))``: 7 multiplications, 4 adds, 1
    division, 1 exponential. Output: the input's shape.
    """
    cover(approximate in {"none", "tanh"} and input.dtype.is_floating_point)
    work = _GELU if approximate == "none" else _GELU_TANH
    return Outcome(tuple(input.shape), None, 0, *work.times(math.prod(input.shape)))


@op(*spellings("rrelu"), in_place=spellings("rrelu_"))
def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: Any = False,
    generator: Any = None,
) -> Outcome:
    """Price a randomized leaky ReLU: one comparison and one multiplication per element.

    Output: the input's shape.

    ``torch.rrelu`` takes a generator where ``F.rrelu`` takes ``inplace``.
    """
    cover(input.dtype.is_floating_point)
    shape, numel = SAME if inplace is True else tuple(input.shape), math.prod(input.shape)
    return Outcome(shape, None, 0, *_LEAKY.times(numel), temporary_bytes=numel * input.dtype.itemsize)


@op(*spellings("prelu"))
def prelu(input: Tensor, weight: Tensor) -> Outcome:
    """Price a parametric ReLU: one comparison and one multiplication per element.

    Shapes: input and output (N, C, …), weight (1,) or (C,).
    """
    channels = input.shape[1] if input.dim() > 1 else 1
    require(weight.dim() <= 1 and weight.numel() in {1, channels} and input.dtype == weight.dtype)
    cover(input.dtype.is_floating_point and (weight.numel() == 1 or input.dim() > 1))
    return Outcome(tuple(input.shape), None, 0, *_LEAKY.times(math.prod(input.shape)))


@op(*spellings("glu"))
def glu(input: Tensor, dim: int = -1) -> Outcome:
    """Price a gated linear unit ``a · σ(b)`` of two halves: a sigmoid and a product per output."""
    shape = list(input.shape)
    require(len(shape) > 0 and -len(shape) <= dim < len(shape) and shape[dim] % 2 == 0)
    cover(input.dtype.is_floating_point)
    shape[dim] //= 2
    numel = math.prod(shape)
    return Outcome(tuple(shape), exponentials=numel, adds=numel, divisions=numel, multiplications=numel)


def _rows(input: Tensor, dim: int | None, dtype: torch.dtype | None) -> tuple[int, int, int]:
    """Return the axis of a softmax, the number of its elements and of its sets."""
    given = input.shape
    rank = max(len(given), 1)
    axis = dim if dim is not None else (0 if len(given) in {0, 1, 3} else 1)
    require(-rank <= axis < rank)
    cover((dtype or input.dtype).is_floating_point)
    numel = math.prod(given)
    return axis, numel, numel // given[axis] if numel and given else numel


def _softmax(
    input: Tensor, dim: int | None = None, dtype: torch.dtype | None = None, *, logarithm: bool
) -> Outcome:
    axis, numel, rows = _rows(input, dim, dtype)
    converted = dtype is not None and dtype is not input.dtype
    return Outcome(
        tuple(input.shape),
        dtype,
        comparisons=numel - rows,
        adds=(3 if logarithm else 2) * numel - rows,
        exponentials=numel + (rows if logarithm else 0),
        divisions=0 if logarithm else numel,
        temporary_bytes=numel * dtype.itemsize if converted and dtype is not None else 0,
        launches=2 if converted else 1,
        attributes=(("dim", axis),),
    )


@op(*spellings("softmax"))
def softmax(
    input: Tensor, dim: int | None = None, *settings: Any, dtype: Any = None, _stacklevel: int = 3
) -> Outcome:
    """Price a softmax ``exp(x − max) / Σ exp(x − max)`` over D elements.

    D − 1 comparisons for the maximum, D subtractions, D exponentials, D − 1 adds, D divisions. Output: the
    input's shape; a conversion to ``dtype`` is made first, in memory of its own.
    """
    return _softmax(input, dim, _named(dtype, settings), logarithm=False)


@op(*spellings("log_softmax"))
def log_softmax(
    input: Tensor, dim: int | None = None, *settings: Any, dtype: Any = None, _stacklevel: int = 3
) -> Outcome:
    """Price a log-softmax ``x − max − log Σ exp(x − max)`` over D elements.

    D − 1 comparisons, D subtractions, D exponentials, D − 1 adds, one logarithm, D subtractions. Output: the
    input's shape; a conversion to ``dtype`` is made first, in memory of its own.
    """
    return _softmax(input, dim, _named(dtype, settings), logarithm=True)


def _named(dtype: torch.dtype | None, settings: tuple[Any, ...]) -> torch.dtype | None:
    """Return the dtype among the settings: third in ``torch``, fourth in ``F`` behind a stack level."""
    given = [setting for setting in settings if isinstance(setting, torch.dtype)]
    return given[0] if given else dtype


def _dropout(
    input: Tensor, p: float, training: bool, inplace: bool, work: Work, *, channels: bool
) -> Outcome:
    """Price any dropout: a draw for each element or for each channel, and ``work`` per element."""
    require(0 <= p <= 1)
    numel = math.prod(input.shape)
    if not training or p == 0 or numel == 0:
        return IDENTITY
    require(not channels or input.dim() >= 2)
    cover(p < 1 and input.dtype.is_floating_point)
    draws = math.prod(input.shape[:2]) if channels else numel
    masks = 1 + work.adds  # an alpha dropout keeps the mask and the shift that is made of it
    return Outcome(
        SAME if inplace else tuple(input.shape),
        None,
        0,
        *work.times(numel)._replace(comparisons=draws),
        temporary_bytes=masks * draws * input.dtype.itemsize,
        launches=7
        if work.adds
        else 3,  # draw, scale and apply the mask; an alpha dropout makes its shift too
    )


@op(*spellings("dropout"), in_place=spellings("dropout_"))
def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Outcome:
    """Price a dropout: in training one comparison and one multiplication per element, else nothing."""
    return _dropout(input, p, training, inplace, Work(multiplications=1), channels=False)


@op(*spellings("feature_dropout"), in_place=spellings("feature_dropout_"))
def feature_dropout(input: Tensor, p: float, train: bool) -> Outcome:
    """Price a dropout of channels: in training a multiplication per element, a comparison per channel."""
    return _dropout(input, p, train, False, Work(multiplications=1), channels=True)


@op(*spellings("alpha_dropout"), in_place=spellings("alpha_dropout_"))
def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Outcome:
    """Price an alpha dropout: a dropout with one more multiplication and add per element.

    They keep mean and variance: ``a · (mask · x + (1 − mask) · α′) + b``.
    """
    return _dropout(input, p, training, inplace, Work(adds=1, multiplications=2), channels=False)


@op(*spellings("feature_alpha_dropout"), in_place=spellings("feature_alpha_dropout_"))
def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Outcome:
    """Price an alpha dropout of whole channels: as an alpha dropout, with one comparison per channel."""
    return _dropout(input, p, training, inplace, Work(adds=1, multiplications=2), channels=True)
