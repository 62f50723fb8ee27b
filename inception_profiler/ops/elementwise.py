"""Element by element: arithmetic with broadcasting, comparisons, logic, roots and other functions.

The whole family is one table. Per element of the output, each operation costs the counts given there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from inception_profiler.ops.rule import Function, Outcome, broadcast, cover, op, require, spellings

Work = dict[str, int]

_ADD: Work = {"adds": 1}
_COMPARE: Work = {"comparisons": 1}
_MULTIPLY: Work = {"multiplications": 1}
_DIVIDE: Work = {"divisions": 1}
_TRANSCENDENTAL: Work = {"exponentials": 1}

UNARY: dict[str, Work] = {
    "neg": _MULTIPLY, "negative": _MULTIPLY, "square": _MULTIPLY, "deg2rad": _MULTIPLY, "rad2deg": _MULTIPLY,
    "abs": _COMPARE, "absolute": _COMPARE, "sign": _COMPARE, "sgn": _COMPARE, "round": _COMPARE, "floor": _COMPARE,
    "ceil": _COMPARE, "trunc": _COMPARE, "frac": _ADD, "reciprocal": _DIVIDE,
    **dict.fromkeys(
        ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan",
         "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "lgamma", "digamma", "sinc"),
        _TRANSCENDENTAL,
    ),
    "rsqrt": {"exponentials": 1, "divisions": 1},
    "logical_not": _COMPARE, "bitwise_not": _COMPARE, "isnan": _COMPARE, "isinf": _COMPARE, "isfinite": _COMPARE,
}  # fmt: skip
BINARY: dict[str, Work] = {
    "add": _ADD, "sub": _ADD, "subtract": _ADD, "rsub": _ADD,
    "mul": _MULTIPLY, "multiply": _MULTIPLY, "div": _DIVIDE, "divide": _DIVIDE, "true_divide": _DIVIDE,
    "floor_divide": _DIVIDE, "remainder": _DIVIDE, "fmod": _DIVIDE,
    "pow": _TRANSCENDENTAL, "float_power": _TRANSCENDENTAL, "atan2": _TRANSCENDENTAL, "hypot": _TRANSCENDENTAL,
    "logaddexp": {"exponentials": 2, "adds": 2, "comparisons": 1}, "xlogy": {"exponentials": 1, "multiplications": 1},
    "maximum": _COMPARE, "minimum": _COMPARE, "fmax": _COMPARE, "fmin": _COMPARE, "heaviside": _COMPARE,
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "less", "less_equal", "greater", "greater_equal", "not_equal",
                     "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor"), _COMPARE),
}  # fmt: skip
_ALIASES = {
    "add": ("__add__", "__radd__"), "sub": ("__sub__",), "rsub": ("__rsub__",), "mul": ("__mul__", "__rmul__"),
    "div": ("__div__", "__truediv__"), "floor_divide": ("__floordiv__",), "remainder": ("__mod__",),
    "pow": ("__pow__",), "eq": ("__eq__",), "ne": ("__ne__",), "bitwise_and": ("__and__", "__rand__"),
    "bitwise_or": ("__or__", "__ror__"), "bitwise_xor": ("__xor__", "__rxor__"), "bitwise_not": ("__invert__",),
}  # fmt: skip
_TRUTHS = frozenset(name for name, work in {**UNARY, **BINARY}.items() if work is _COMPARE) - {
    "abs", "absolute", "sign", "sgn", "round", "floor", "ceil", "trunc", "maximum", "minimum", "fmax", "fmin",
    "heaviside", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not",
}  # fmt: skip
_KEEPS_INTEGERS = frozenset({
    "neg", "negative", "square", "abs", "absolute", "sign", "sgn", "round", "floor", "ceil", "trunc", "bitwise_not",
})  # fmt: skip
_DIVIDES = frozenset({"div", "divide", "true_divide", "atan2", "hypot", "logaddexp", "xlogy"})


def scaled(work: Work, numel: int) -> Work:
    """Return the counts of ``numel`` elements that cost ``work`` each."""
    return {kind: count * numel for kind, count in work.items()}


def result_type(*operands: Any) -> torch.dtype:
    """Return the dtype that PyTorch promotes the operands to; the common case without asking it."""
    first, *others = operands
    if isinstance(first, Tensor) and first.dtype.is_floating_point:
        for other in others:
            if other.dtype is not first.dtype if isinstance(other, Tensor) else isinstance(other, complex):
                break
        else:
            return first.dtype
    kind = torch.result_type(first, others[0])
    for other in others[1:]:
        kind = torch.promote_types(kind, torch.result_type(first, other))
    return kind


def _unary(name: str, work: Work) -> Callable[..., Outcome]:
    def price(input: Tensor) -> Outcome:
        dtype = input.dtype
        if name in _TRUTHS:
            dtype = torch.bool
        elif not (dtype.is_floating_point or dtype.is_complex or name in _KEEPS_INTEGERS):
            dtype = torch.get_default_dtype()
        cover(not input.dtype.is_complex)
        return Outcome(tuple(input.shape), dtype, **scaled(work, math.prod(input.shape)))

    price.__doc__ = f"Price ``{name}``: per element {_words(work)}. Output: the input's shape."
    return price


def _binary(name: str, work: Work) -> Callable[..., Outcome]:
    def price(input: Any, other: Any, **options: Any) -> Outcome:
        cover(not (options.keys() - {"alpha", "rounding_mode"}))
        left = input.shape if isinstance(input, Tensor) else ()
        right = other.shape if isinstance(other, Tensor) else ()
        shape = tuple(left) if not right or left == right else broadcast(left, right)
        dtype = torch.bool if name in _TRUTHS else result_type(input, other)
        if name in _DIVIDES and not dtype.is_floating_point and options.get("rounding_mode") is None:
            dtype = torch.get_default_dtype()
        counts = scaled(work, math.prod(shape))
        if options.get("alpha", 1) != 1:
            counts["multiplications"] = math.prod(right)
        return Outcome(shape, dtype, **counts)

    price.__doc__ = f"Price ``{name}``: per element of the broadcast shape {_words(work)}."
    return price


def _words(work: Work) -> str:
    return ", ".join(f"{count} {kind if count > 1 else kind[:-1]}" for kind, count in work.items())


def _in_place(name: str) -> tuple[Function, ...]:
    dunder = f"__i{name}__"
    return spellings(f"{name}_", *([dunder] if hasattr(Tensor, dunder) else []))


for _table, _rule in ((UNARY, _unary), (BINARY, _binary)):
    for _name, _work in _table.items():
        op(*spellings(_name, *_ALIASES.get(_name, ())), in_place=_in_place(_name), name=_name)(_rule(_name, _work))


@op(torch.Tensor.__rdiv__)
def reflected_div(input: Tensor, other: Any) -> Outcome:
    """Price ``other / input`` with a scalar on the left: one division per element."""
    return Outcome(tuple(input.shape), result_type(input, other), divisions=math.prod(input.shape))


@op(torch.Tensor.__rpow__)
def reflected_pow(input: Tensor, other: Any) -> Outcome:
    """Price ``other ** input`` with a scalar on the left: one power per element."""
    return Outcome(tuple(input.shape), result_type(input, other), exponentials=math.prod(input.shape))


@op(*spellings("clamp", "clip"), in_place=spellings("clamp_", "clip_"))
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Outcome:
    """Price a clamp: one comparison per element and bound. Output: the input's shape."""
    bounds = [bound for bound in (min, max) if bound is not None]
    require(bool(bounds))
    cover(not any(isinstance(bound, Tensor) for bound in bounds))
    return Outcome(
        tuple(input.shape), result_type(input, *bounds), comparisons=len(bounds) * math.prod(input.shape)
    )


@op(*spellings("clamp_min"), in_place=spellings("clamp_min_"))
def clamp_min(input: Tensor, min: Any) -> Outcome:
    """Price a one-sided clamp: one comparison per element."""
    return clamp(input, min=min)


@op(*spellings("clamp_max"), in_place=spellings("clamp_max_"))
def clamp_max(input: Tensor, max: Any) -> Outcome:
    """Price a one-sided clamp: one comparison per element."""
    return clamp(input, max=max)


@op(torch.where)
def where(condition: Tensor, input: Any = None, other: Any = None) -> Outcome:
    """Price a choice between two operands: one comparison per element of the broadcast shape."""
    cover(input is not None and other is not None)
    shape = tuple(condition.shape)
    for operand in (input, other):
        shape = broadcast(shape, operand.shape if isinstance(operand, Tensor) else ())
    return Outcome(shape, result_type(input, other), comparisons=math.prod(shape))


@op(torch.Tensor.where)
def where_method(input: Tensor, condition: Tensor, other: Any) -> Outcome:
    """Price ``input.where(condition, other)``: one comparison per element of the broadcast shape."""
    return where(condition, input, other)


@op(*spellings("masked_fill"), in_place=spellings("masked_fill_"))
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Outcome:
    """Price a fill where a mask holds: one comparison per element of the broadcast shape."""
    shape = broadcast(input.shape, mask.shape)
    return Outcome(shape, input.dtype, comparisons=math.prod(shape))


@op(*spellings("lerp"), in_place=spellings("lerp_"))
def lerp(input: Tensor, end: Tensor, weight: Any) -> Outcome:
    """Price ``input + weight · (end − input)``: two adds and one multiplication per element."""
    shape = broadcast(broadcast(input.shape, end.shape), weight.shape if isinstance(weight, Tensor) else ())
    numel = math.prod(shape)
    return Outcome(shape, adds=2 * numel, multiplications=numel)


@op(*spellings("addcmul"), in_place=spellings("addcmul_"))
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Outcome:
    """Price ``input + value · a · b``: an add and a multiplication per element, one more for a value other than 1."""
    shape = broadcast(broadcast(input.shape, tensor1.shape), tensor2.shape)
    numel = math.prod(shape)
    return Outcome(shape, adds=numel, multiplications=(1 + (value != 1)) * numel)


@op(*spellings("addcdiv"), in_place=spellings("addcdiv_"))
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Outcome:
    """Price ``input + value · a / b``: an add and a division per element, a multiplication for a value other than 1."""
    shape = broadcast(broadcast(input.shape, tensor1.shape), tensor2.shape)
    numel = math.prod(shape)
    return Outcome(shape, adds=numel, divisions=numel, multiplications=(value != 1) * numel)


