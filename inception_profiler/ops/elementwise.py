"""Element by element: arithmetic with broadcasting, comparisons, logic, roots and other functions.

The whole family is one table. Per element of the output, each operation costs the counts given there.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from inception_profiler.ops.rule import (
    ON_META,
    Function,
    Outcome,
    Price,
    Shape,
    Work,
    broadcast,
    cover,
    op,
    require,
    spellings,
)

_ADD = Work(adds=1)
_COMPARE = Work(comparisons=1)
_MULTIPLY = Work(multiplications=1)
_DIVIDE = Work(divisions=1)
_TRANSCENDENTAL = Work(exponentials=1)

UNARY: dict[str, Work] = {
    "neg": _MULTIPLY, "negative": _MULTIPLY, "square": _MULTIPLY, "deg2rad": _MULTIPLY, "rad2deg": _MULTIPLY,
    "abs": _COMPARE, "absolute": _COMPARE, "sign": _COMPARE, "sgn": _COMPARE, "round": _COMPARE,
    "floor": _COMPARE,
    "ceil": _COMPARE, "trunc": _COMPARE, "fix": _COMPARE, "reciprocal": _DIVIDE,
    "frac": Work(adds=1, comparisons=1), "rsqrt": Work(divisions=1, exponentials=1),
    "sinc": Work(multiplications=1, divisions=1, exponentials=1),
    **dict.fromkeys(
        ("sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos",
         "atan",
         "arcsin", "arccos", "arctan", "sinh", "cosh", "asinh", "acosh", "atanh", "arcsinh", "arccosh",
         "arctanh",
         "erf", "erfc", "erfinv", "lgamma", "gammaln", "digamma", "psi"),
        _TRANSCENDENTAL,
    ),
    **dict.fromkeys(("logical_not", "bitwise_not", "isnan", "isinf", "isfinite"), _COMPARE),
}  # fmt: skip
BINARY: dict[str, Work] = {
    "add": _ADD, "sub": _ADD, "subtract": _ADD, "rsub": _ADD,
    "mul": _MULTIPLY, "multiply": _MULTIPLY, "div": _DIVIDE, "divide": _DIVIDE, "true_divide": _DIVIDE,
    "floor_divide": _DIVIDE, "remainder": _DIVIDE, "fmod": _DIVIDE,
    "pow": _TRANSCENDENTAL, "float_power": _TRANSCENDENTAL, "atan2": _TRANSCENDENTAL,
    "arctan2": _TRANSCENDENTAL,
    "hypot": _TRANSCENDENTAL, "logaddexp": Work(adds=3, comparisons=1, exponentials=2),
    "xlogy": Work(multiplications=1, exponentials=1),
    **dict.fromkeys(("maximum", "minimum", "fmax", "fmin", "heaviside", "eq", "ne", "lt", "le", "gt", "ge",
                     "less",
                     "less_equal", "greater", "greater_equal", "not_equal", "logical_and", "logical_or",
                     "logical_xor",
                     "bitwise_and", "bitwise_or", "bitwise_xor"), _COMPARE),
}  # fmt: skip
_OPERATORS = {
    "add": ("__add__", "__radd__"), "sub": ("__sub__",), "rsub": ("__rsub__",), "mul": ("__mul__",
    "__rmul__"),
    "div": ("__div__", "__truediv__"), "floor_divide": ("__floordiv__",), "remainder": ("__mod__",),
    "pow": ("__pow__",), "eq": ("__eq__",), "ne": ("__ne__",), "lt": ("__lt__",), "le": ("__le__",),
    "gt": ("__gt__",), "ge": ("__ge__",), "bitwise_and": ("__and__", "__rand__"),
    "bitwise_or": ("__or__", "__ror__"), "bitwise_xor": ("__xor__", "__rxor__"),
    "bitwise_not": ("__invert__",),
    "abs": ("__abs__",), "neg": ("__neg__",),
}  # fmt: skip
_IN_PLACE_OPERATORS = {
    "add": "__iadd__", "sub": "__isub__", "mul": "__imul__", "div": "__idiv__",
    "floor_divide": "__ifloordiv__",
    "remainder": "__imod__", "pow": "__ipow__", "bitwise_and": "__iand__", "bitwise_or": "__ior__",
    "bitwise_xor": "__ixor__",
}  # fmt: skip
_TRUTHS = frozenset({
    "isnan", "isinf", "isfinite", "logical_not", "logical_and", "logical_or", "logical_xor", "eq", "ne",
    "lt", "le",
    "gt", "ge", "less", "less_equal", "greater", "greater_equal", "not_equal",
})  # fmt: skip
_KEEPS_INTEGERS = frozenset({
    "neg", "negative", "square", "abs", "absolute", "sign", "sgn", "round", "floor", "ceil", "trunc", "fix",
    "bitwise_not",
})  # fmt: skip
_BOOLS = frozenset({torch.bool, bool})
_DIVIDES = frozenset({"div", "divide", "true_divide"})
_PROMOTES = _DIVIDES | {"atan2", "arctan2", "hypot", "logaddexp", "xlogy"}
_SUBTRACTS = frozenset({"sub", "subtract", "rsub"})
_ADDS = _SUBTRACTS | {"add"}
_TENSORS_ONLY = frozenset({
    "atan2", "arctan2", "hypot", "logaddexp", "maximum", "minimum", "fmax", "fmin", "heaviside",
    "logical_and",
    "logical_or", "logical_xor",
})  # fmt: skip


def result_type(first: Any, second: Any) -> torch.dtype:
    """Return the dtype that PyTorch promotes two operands to; the common case without asking it."""
    if isinstance(first, Tensor) and first.dtype.is_floating_point:
        if isinstance(second, Tensor):
            if second.dtype is first.dtype:
                return first.dtype
        elif not isinstance(second, complex):
            return first.dtype
    return torch.result_type(first, second)


def broadcast_all(*operands: Any) -> Shape:
    """Return the shape of any number of tensors and scalars broadcast against each other."""
    shape: Shape = ()
    for operand in operands:
        if isinstance(operand, Tensor):
            shape = broadcast(shape, operand.shape)
    return shape


def _unary(name: str, work: Work) -> Price:
    def price(input: Tensor) -> Outcome:
        dtype = input.dtype
        cover(not dtype.is_complex)
        if name in _TRUTHS:
            kind = torch.bool
        elif dtype.is_floating_point:
            require(name != "bitwise_not")
            kind = dtype
        elif name in _KEEPS_INTEGERS:
            cover(dtype is not torch.bool)
            kind = dtype
        else:
            kind = torch.get_default_dtype()
        numel = math.prod(input.shape)
        composed = name == "isfinite" and dtype.is_floating_point  # of abs, ne, eq and mul
        temporary = numel * (dtype.itemsize + 2) if composed else 0
        return Outcome(
            tuple(input.shape),
            kind,
            0,
            *work.times(numel),
            temporary_bytes=temporary,
            launches=4 if composed else 1,
        )

    price.__doc__ = f"Price ``{name}``: per element {work}. Output: the input's shape."
    return price


def _binary(name: str, work: Work) -> Price:
    particular = name in _TENSORS_ONLY | _SUBTRACTS

    def price(input: Any, other: Any, **options: Any) -> Outcome:
        left = input.shape if isinstance(input, Tensor) else ()
        right = other.shape if isinstance(other, Tensor) else ()
        shape = tuple(left) if left == right or not right else broadcast(left, right)
        dtype = result_type(input, other)
        if particular or not dtype.is_floating_point:
            _check_operands(name, input, other, dtype)
        temporary, launches = 0, 1
        if name in _TRUTHS:
            dtype = torch.bool
        elif name == "float_power":
            dtype = torch.float64
            copies = [_converted(operand, dtype) for operand in (input, other)]
            temporary = sum(filter(None, copies))
            launches += sum(size is not None for size in copies)
        elif not dtype.is_floating_point and name in _PROMOTES and options.get("rounding_mode") is None:
            dtype = torch.get_default_dtype()
        done = work.times(math.prod(shape))
        if options:
            done = _with_options(name, options, dtype, done, math.prod(shape))
        return Outcome(shape, dtype, 0, *done, temporary_bytes=temporary, launches=launches)

    price.__doc__ = f"Price ``{name}``: per element of the broadcast shape {work}."
    if name in _ADDS:
        price.__doc__ += " An ``alpha`` other than 1 is one multiplication more."
    return price


def _converted(operand: Any, dtype: torch.dtype) -> int | None:
    """Bytes of a copy of ``operand`` in ``dtype``; None where it takes none."""
    return (
        math.prod(operand.shape) * dtype.itemsize
        if isinstance(operand, Tensor) and operand.dtype != dtype
        else None
    )


def _check_operands(name: str, input: Any, other: Any, dtype: torch.dtype) -> None:
    """Leave to PyTorch itself what it may refuse and what this family is not made for: complex numbers."""
    cover(not dtype.is_complex)
    require(name not in _TENSORS_ONLY or (isinstance(input, Tensor) and isinstance(other, Tensor)))
    if name == "heaviside":
        require(input.dtype is other.dtype)
    elif name in _SUBTRACTS:
        require(not any(getattr(operand, "dtype", type(operand)) in _BOOLS for operand in (input, other)))
    elif name == "pow":
        require(isinstance(other, Tensor) or dtype.is_floating_point or other >= 0)


def _with_options(name: str, options: dict[str, Any], dtype: torch.dtype, done: Work, numel: int) -> Work:
    """Add what ``alpha`` costs; leave to PyTorch what it may refuse."""
    option, value = next(iter(options.items()))
    require(len(options) == 1)
    if option == "rounding_mode" and name in _DIVIDES:
        require(value in {None, "floor", "trunc"})
        return done
    require(option == "alpha" and name in _ADDS and (dtype.is_floating_point or type(value) is int))
    return done if value == 1 else done._replace(multiplications=done.multiplications + numel)


def _in_place(name: str) -> tuple[Function, ...]:
    written = _IN_PLACE_OPERATORS.get(name, "")
    return spellings(f"{name}_", *([written] if written else []))


for _table, _rule in ((UNARY, _unary), (BINARY, _binary)):
    for _name, _work in _table.items():
        op(*spellings(_name, *_OPERATORS.get(_name, ())), in_place=_in_place(_name), name=_name)(
            _rule(_name, _work)
        )


@op(torch.Tensor.__rdiv__)
def reflected_div(input: Tensor, other: Any) -> Outcome:
    """Price ``other / input`` with a scalar on the left: one division per element."""
    cover(not isinstance(other, Tensor))
    dtype = result_type(input, other)
    cover(not dtype.is_complex)
    kind = dtype if dtype.is_floating_point else torch.get_default_dtype()
    numel = math.prod(input.shape)
    return Outcome(
        tuple(input.shape), kind, divisions=numel, temporary_bytes=numel * kind.itemsize, launches=2
    )


@op(torch.Tensor.__rpow__)
def reflected_pow(input: Tensor, other: Any) -> Outcome:
    """Price ``other ** input`` with a scalar on the left: one power per element."""
    dtype = result_type(input, other)
    cover(dtype.is_floating_point and not isinstance(other, Tensor))
    return Outcome(tuple(input.shape), dtype, exponentials=math.prod(input.shape))


@op(*spellings("clamp", "clip"), in_place=spellings("clamp_", "clip_"))
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Outcome:
    """Price a clamp: one comparison per element and bound. Output: the input and tensor bounds, broadcast."""
    bounds = [bound for bound in (min, max) if bound is not None]
    tensors = [bound for bound in bounds if isinstance(bound, Tensor)]
    require(bool(bounds) and input.dtype is not torch.bool)
    require(len(tensors) == len(bounds) or not any(bound.dim() for bound in tensors))
    cover(not input.dtype.is_complex and all(bound.dtype is input.dtype for bound in tensors))
    shape, dtype = broadcast_all(input, *bounds), input.dtype
    for bound in bounds:
        dtype = result_type(input, bound) if dtype is input.dtype else dtype
    return Outcome(shape, dtype, comparisons=len(bounds) * math.prod(shape))


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
    cover(input is not None and other is not None and condition.dtype is torch.bool)
    shape = broadcast_all(condition, input, other)
    return Outcome(shape, result_type(input, other), comparisons=math.prod(shape))


@op(torch.Tensor.where)
def where_method(input: Tensor, condition: Tensor, other: Any) -> Outcome:
    """Price ``input.where(condition, other)``: one comparison per element of the broadcast shape."""
    return where(condition, input, other)


@op(*spellings("masked_fill"), in_place=spellings("masked_fill_"))
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Outcome:
    """Price a fill where a mask holds: one comparison per element of the broadcast shape."""
    cover(mask.dtype is torch.bool and input.dtype.is_floating_point and isinstance(value, int | float))
    shape = broadcast(input.shape, mask.shape)
    return Outcome(shape, input.dtype, comparisons=math.prod(shape))


@op(*spellings("lerp"), in_place=spellings("lerp_"))
def lerp(input: Tensor, end: Tensor, weight: Any) -> Outcome:
    """Price ``input + weight · (end − input)``: two adds and one multiplication per element."""
    operands = (input, end, weight) if isinstance(weight, Tensor) else (input, end)
    require(input.dtype.is_floating_point and all(operand.dtype is input.dtype for operand in operands))
    shape = broadcast_all(*operands)
    numel = math.prod(shape)
    return Outcome(shape, adds=2 * numel, multiplications=numel)


@op(*spellings("addcmul"), in_place=spellings("addcmul_"))
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Outcome:
    """Price ``input + value · a · b``: an add and a multiplication an element, one more for a value not 1."""
    shape = broadcast_all(input, tensor1, tensor2)
    numel = math.prod(shape)
    return Outcome(
        _said(shape, input, tensor1, tensor2), adds=numel, multiplications=(1 + (value != 1)) * numel
    )


@op(*spellings("addcdiv"), in_place=spellings("addcdiv_"))
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Outcome:
    """Price ``input + value · a / b``: an add, a division, and a multiplication for a value not 1."""
    require(tensor1.dtype.is_floating_point or tensor2.dtype.is_floating_point)
    shape = broadcast_all(input, tensor1, tensor2)
    numel = math.prod(shape)
    return Outcome(
        _said(shape, input, tensor1, tensor2),
        adds=numel,
        divisions=numel,
        multiplications=(value != 1) * numel,
    )


def _said(shape: Shape, *operands: Tensor) -> Shape | str:
    """Return the shape, or that PyTorch is to say what comes of operands of different types."""
    dtype = operands[0].dtype
    return shape if all(operand.dtype is dtype for operand in operands) else ON_META
