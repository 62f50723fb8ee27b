"""Arithmetic, comparisons, logic and functions, element by element."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from inception_profiler.ops.elementwise import BINARY, UNARY
from inception_profiler.ops.rule import OPS
from tests.ops import counting as c
from tests.ops.agreement import agree, cost_of, counts, few, functions, registered
from tests.ops.drawing import DTYPES, INTEGERS, broadcastable, filled, shapes, tensors

Formula = Callable[..., Any]


def _torch(name: str) -> Formula:
    """A function that is one transcendental operation whatever it does inside."""
    return c.function("exponentials", lambda *x: getattr(torch, name)(*map(torch.tensor, x)).item())


def _rounding(name: str) -> Formula:
    """A function that is booked as one comparison: it chooses one of a few answers."""
    return c.function("comparisons", lambda *x: getattr(torch, name)(*map(torch.tensor, x)).item())


def _logaddexp(x: c.Counted, y: c.Counted) -> c.Counted:
    high = c.maximum(x, y)
    low = c.choose(high.value == x.value, y, x)
    return high + c.log(c.exp(low - high) + 1)


_FORMULAS: dict[str, Formula] = {
    "neg": lambda x: x * -1,
    "square": lambda x: x * x,
    "deg2rad": lambda x: x * (math.pi / 180),
    "rad2deg": lambda x: x * (180 / math.pi),
    "abs": lambda x: c.choose(x < 0, -x, x),
    "frac": lambda x: x - c.function("comparisons", math.trunc)(x),
    "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / c.sqrt(x),
    "sinc": lambda x: c.function("exponentials", math.sin)(y := x * math.pi) / y,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "rsub": lambda x, y: y - x,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "floor_divide": c.function("divisions", lambda x, y: x // y),
    "remainder": c.function("divisions", lambda x, y: x % y),
    "fmod": c.function("divisions", math.fmod),
    "logaddexp": _logaddexp,
    "xlogy": lambda x, y: x * c.log(y),
    "maximum": c.maximum,
    "minimum": c.minimum,
    "gt": lambda x, y: x > y,
    "lt": lambda x, y: x < y,
    **{name: _torch(name) for name in (
        "sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin",
        "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "lgamma",
        "digamma", "pow", "float_power", "atan2", "hypot",
    )},
    **{name: _rounding(name) for name in (
        "sign", "sgn", "round", "floor", "ceil", "trunc", "logical_not", "isnan", "isinf", "isfinite",
        "fmax", "fmin", "heaviside", "eq", "ne", "le", "ge", "logical_and", "logical_or", "logical_xor",
    )},
}  # fmt: skip
_SYNONYMS = {
    "negative": "neg", "absolute": "abs", "fix": "trunc", "subtract": "sub", "multiply": "mul",
    "divide": "div",
    "true_divide": "div", "arctan2": "atan2", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge",
    "not_equal": "ne", "gammaln": "lgamma", "psi": "digamma", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
}  # fmt: skip
_BITS = {"bitwise_not", "bitwise_and", "bitwise_or", "bitwise_xor"}
_OTHERS = {
    "reflected_div", "reflected_pow", "clamp", "clamp_min", "clamp_max", "where", "where_method",
    "masked_fill", "lerp",
    "addcmul", "addcdiv",
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert registered("elementwise") == {*_FORMULAS, *_SYNONYMS, *_BITS} | _OTHERS


def _out_of_place(name: str) -> list[Any]:
    return [function for function in functions(name, "elementwise") if not OPS.get(function).in_place]


def _alike(name: str, *args: Any, **options: Any) -> None:
    """Every spelling agrees with PyTorch, and those that PyTorch accepts cost the same."""
    costs = {function: agree(function, *args, **options) for function in _out_of_place(name)}
    costs.pop(torch.special.round, None)  # PyTorch has no kernel of it for whole numbers
    assert len(set(costs.values())) == 1, costs


@pytest.mark.parametrize("name", UNARY)
@few(6)
@given(x=tensors())
def test_functions_of_one_operand(name: str, x: Tensor) -> None:
    _alike(name, x)


@pytest.mark.parametrize("name", BINARY)
@few(8)
@given(data=st.data())
def test_functions_of_two_operands(name: str, data: st.DataObject) -> None:
    left, right = data.draw(broadcastable(2))
    kinds = [dtype for dtype in DTYPES if name not in _BITS or dtype in (*INTEGERS, torch.bool)]
    x = data.draw(tensors(left, kinds))
    y = data.draw(tensors(right, kinds) | tensors(right, (x.dtype,)) | st.sampled_from([2, 3, 0.5]))
    if name in {"floor_divide", "remainder", "fmod"} and isinstance(y, Tensor):
        y = y + 7 * (y == 0).to(y.dtype)
    _alike(name, x, y)


@pytest.mark.parametrize("name", [name for name in (*UNARY, *BINARY) if name not in _BITS])
def test_counts_are_those_of_the_formula(name: str) -> None:
    """The formula, worked out with counting numbers, gives PyTorch's value and the rule's counts."""
    formula = _FORMULAS[_SYNONYMS.get(name, name)]
    x, y = torch.tensor([[0.25], [0.5], [0.75]]), torch.tensor([0.3, 0.6])
    if name in {"acosh", "arccosh"}:
        x = x + 1
    operands = (x,) if name in UNARY else (x, y)
    function = _out_of_place(name)[0]
    tally: Counter[str] = Counter()
    rows = zip(
        *(operand.expand(3, 2 if name in BINARY else 1).flatten().tolist() for operand in operands),
        strict=True,
    )
    values = [c.plain(formula(*c.counted(row, tally))) for row in rows]
    expected = function(*operands).flatten().double()
    torch.testing.assert_close(torch.tensor(values).double(), expected, rtol=1e-5, atol=1e-6)
    assert counts(cost_of(function, *operands)) == dict(tally)


@pytest.mark.parametrize("name", sorted(_BITS))
def test_bits_cost_one_comparison_an_element(name: str) -> None:
    x, y = filled((3, 1), torch.int32), filled((2,), torch.int32)
    operands = (x,) if name in UNARY else (x, y)
    assert counts(cost_of(getattr(torch, name), *operands)) == {
        "comparisons": getattr(torch, name)(*operands).numel()
    }


@pytest.mark.parametrize("name", sorted(registered("elementwise")))
def test_in_place_forms_cost_what_the_others_do(name: str) -> None:
    written = [function for function in functions(name, "elementwise") if OPS.get(function).in_place]
    dtype = torch.float64 if name == "float_power" else torch.int32 if name in _BITS else torch.float32
    x, y = filled((2, 3), dtype).abs() + 1, filled((3,), dtype).abs() + 1
    more: tuple[Any, ...] = {"clamp": (0, 1), "masked_fill": (x > 1, 0.5), "lerp": (y, 0.5)}.get(name, (y,))
    more = (y, y) if name.startswith("addc") else (0.5,) if name.startswith("clamp_") else more
    args = (x,) if name in UNARY else (x, *more)
    for function in written:
        assert counts(cost_of(function, *args)) == counts(cost_of(_out_of_place(name)[0], *args))


@few(40)
@given(data=st.data())
def test_in_place_forms_agree(data: st.DataObject) -> None:
    written = [function for function, rule in OPS.items() if rule.in_place and rule.name in {*BINARY, *UNARY}]
    function = data.draw(st.sampled_from(written))
    left, right = data.draw(broadcastable(2, mistakes=False))
    x = filled(torch.broadcast_shapes(left, right), torch.float64)
    agree(function, x, *([] if OPS.get(function).name in UNARY else [filled(right, torch.float64) + 7]))


@pytest.mark.parametrize(
    "spelled",
    [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
     operator.pow, operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge,
     operator.iadd, operator.isub,
     operator.imul, operator.itruediv, operator.ifloordiv, operator.imod, operator.ipow],
)  # fmt: skip
def test_operators_cost_what_their_functions_do(spelled: Any) -> None:
    named = {"floordiv": "floor_divide", "mod": "remainder", "truediv": "div"}
    plain = spelled.__name__
    plain = plain if hasattr(torch, plain) or plain in named else plain.removeprefix("i")
    function = getattr(torch, named.get(plain, plain))
    x = filled((2, 3)) + 9
    assert cost_of(spelled, x, x + 1) == cost_of(function, x, x + 1)
    assert counts(cost_of(spelled, x, 2)) == counts(cost_of(function, x, 2))
    if not spelled.__name__.startswith("i"):
        assert counts(cost_of(spelled, 2, x)) == counts(cost_of(function, x, 2)), "reflected"


@pytest.mark.parametrize(
    "spelled", [operator.and_, operator.or_, operator.xor, operator.iand, operator.ior, operator.ixor]
)
def test_logical_operators_cost_a_comparison_an_element(spelled: Any) -> None:
    x = filled((2, 3), torch.bool)
    assert counts(cost_of(spelled, x, ~x)) == {"comparisons": 6}


@pytest.mark.parametrize("name", BINARY)
def test_shapes_that_do_not_broadcast_are_refused(name: str) -> None:
    dtype = torch.int32 if name in _BITS else torch.float32
    for function in functions(name, "elementwise"):
        assert agree(function, filled((2, 3), dtype), filled((2, 4), dtype)) is None
        if OPS.get(function).in_place:
            assert agree(function, filled((3,), dtype), filled((2, 3), dtype)) is None, (
                "it would have to grow"
            )


@few(25)
@given(x=tensors(dtypes=(torch.float32, torch.int64, torch.uint8)), alpha=st.sampled_from([1, 2, 0.5]))
def test_alpha_is_one_more_multiplication(x: Tensor, alpha: float) -> None:
    for function in (torch.add, torch.sub, torch.rsub, Tensor.add_):
        if function is Tensor.add_ and not x.is_floating_point():
            continue
        cost = agree(function, x, x, alpha=alpha)
        if cost is not None:
            assert counts(cost) == {
                name: count
                for name, count in (("adds", x.numel()), ("multiplications", (alpha != 1) * x.numel()))
                if count
            }


@few(25)
@given(x=tensors(), mode=st.sampled_from([None, "floor", "trunc", "ceil"]))
def test_rounded_divisions(x: Tensor, mode: str | None) -> None:
    divisor = x + 7 * (x == 0).to(x.dtype)
    for function in (torch.div, Tensor.div, torch.true_divide):
        agree(function, x, divisor, rounding_mode=mode)
    agree(torch.add, x, x, rounding_mode=mode)


@few(25)
@given(x=tensors(), other=st.sampled_from([2, 0.5, 3]))
def test_reflected_forms(x: Tensor, other: float) -> None:
    for function in (Tensor.__rdiv__, Tensor.__rpow__, Tensor.__rsub__, Tensor.__radd__, Tensor.__rmul__):
        agree(function, x.abs() + 1 if x.dtype != torch.bool else x, other)
    safe = x + 7 * (x == 0).to(x.dtype)
    for function in (Tensor.__rfloordiv__, Tensor.__rmod__):
        agree(function, safe, other)


@few(12)
@given(data=st.data())
def test_clamps(data: st.DataObject) -> None:
    shape, low, high = data.draw(broadcastable(3))
    x = data.draw(tensors(shape))
    bounds = st.none() | st.sampled_from([0, 0.5, 2]) | tensors(low, (x.dtype,)) | tensors(high, (x.dtype,))
    lower, upper = data.draw(bounds), data.draw(bounds)
    for function in functions("clamp"):
        agree(function, x, lower, upper)
        agree(function, x, min=lower)
        agree(function, x, max=upper)
    for function in (*functions("clamp_min"), *functions("clamp_max")):
        agree(function, x, lower)


@few(20)
@given(data=st.data())
def test_choices(data: st.DataObject) -> None:
    mask, left, right = data.draw(broadcastable(3))
    condition = data.draw(tensors(mask, (torch.bool,)))
    x = data.draw(tensors(left) | st.sampled_from([0.5, 2]))
    y = data.draw(tensors(right) | st.sampled_from([0.5, 2]))
    cost = agree(torch.where, condition, x, y)
    if cost is not None:
        assert counts(cost).get("comparisons", 0) == torch.where(condition, x, y).numel()
    if isinstance(x, Tensor):
        assert (agree(Tensor.where, x, condition, y) is None) == (cost is None)
        value = data.draw(st.sampled_from([1, 0.5]) | tensors((), (x.dtype,)))
        for function in functions("masked_fill"):
            agree(function, x, condition, value)


@few(20)
@given(data=st.data())
def test_functions_of_three_operands(data: st.DataObject) -> None:
    first, second, third = data.draw(broadcastable(3))
    x = data.draw(tensors(first))
    y, z = (data.draw(tensors(shape, (x.dtype,)) | tensors(shape)) for shape in (second, third))
    value = data.draw(st.sampled_from([1, 2, 0.5]))
    numel = 0
    for name in ("addcmul", "addcdiv"):
        for function in functions(name):
            if OPS.get(function).in_place and not (x.is_floating_point() and x.dtype == y.dtype == z.dtype):
                continue
            cost = agree(function, x, y, z, value=value)
            if cost is not None and x.dtype.is_floating_point:
                numel = torch.addcmul(x, y, z).numel()
                products = (name == "addcmul") + (value != 1)
                quotients = name == "addcdiv"
                assert (cost.adds, cost.multiplications, cost.divisions) == (
                    numel,
                    products * numel,
                    quotients * numel,
                )
    for weight in (0.5, z):
        for function in functions("lerp"):
            if OPS.get(function).in_place and not x.is_floating_point():
                continue
            cost = agree(function, x, y, weight)
            if cost is not None and x.dtype.is_floating_point:
                numel = torch.lerp(x, y, weight).numel()
                assert (cost.adds, cost.multiplications) == (2 * numel, numel)


def test_shapes_strategy_reaches_scalars_and_empties() -> None:
    found: set[int] = set()

    @few(50)
    @given(shape=shapes())
    def collect(shape: tuple[int, ...]) -> None:
        found.add(math.prod(shape))

    collect()
    assert {0, 1} < found
