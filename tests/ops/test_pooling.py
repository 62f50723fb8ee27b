"""Poolings against loops over every window."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.records.cost import Cost
from tests.ops.agreement import agree, counts, few, functions, registered
from tests.ops.drawing import filled

_KINDS = ("max", "avg", "adaptive_max", "adaptive_avg")


def test_every_rule_has_a_case() -> None:
    assert registered("pooling") == {
        f"{kind}_pool{dimensions}d" for kind in _KINDS for dimensions in (1, 2, 3)
    }


@st.composite
def _inputs(draw: Any, dimensions: int) -> Any:
    outer = draw(st.lists(st.integers(1, 2), min_size=0 if draw(st.integers(0, 12)) == 0 else 1, max_size=2))
    return filled((*outer, *(draw(st.integers(1, 7)) for _ in range(dimensions))))


def _sizes(dimensions: int, low: int, high: int) -> st.SearchStrategy[Any]:
    size = st.integers(low, high)
    return size | st.lists(size, min_size=dimensions, max_size=dimensions) | size.map(lambda one: (one,))


def _expected(name: str, outputs: int, windows: int) -> dict[str, int]:
    """One operation for each element of a window but the first, and a division where the mean is taken."""
    steps = (
        {"adds": windows - outputs, "divisions": outputs}
        if "avg" in name
        else {"comparisons": windows - outputs}
    )
    return {kind: count for kind, count in steps.items() if count}


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("kind", ["max", "avg"])
@pytest.mark.parametrize("low", [1, 0])
@few(30)
@given(data=st.data())
def test_sliding_windows(kind: str, dimensions: int, low: int, data: st.DataObject) -> None:
    name = f"{kind}_pool{dimensions}d"
    x = data.draw(_inputs(dimensions))
    kernel, stride = data.draw(_sizes(dimensions, low, 3)), data.draw(st.none() | _sizes(dimensions, low, 3))
    padding = data.draw(_sizes(dimensions, low - 1, 1))
    options: dict[str, Any] = {"ceil_mode": data.draw(st.booleans())}
    if kind == "max":
        options["dilation"] = data.draw(_sizes(dimensions, low, 2))
    else:
        options["count_include_pad"] = data.draw(st.booleans())
        if dimensions > 1:
            options["divisor_override"] = data.draw(st.sampled_from([None, None, 3, 0]))
    costs = [agree(function, x, kernel, stride if stride is not None else kernel, padding, **options)
             for function in functions(name)]  # fmt: skip
    costs += [agree(getattr(F, name), x, kernel, stride, padding, **options)] if stride is None else []
    assert len({None if cost is None else str(counts(cost)) for cost in costs}) == 1
    if costs[0] is not None:
        output = getattr(F, name)(x, kernel, stride, padding, **options)
        taps = math.prod(
            [kernel] * dimensions if isinstance(kernel, int) else kernel * (dimensions // len(kernel))
        )
        windows = sum(1 for _ in range(output.numel()) for _ in range(taps))
        assert counts(costs[0]) == _expected(name, output.numel(), windows)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("kind", ["adaptive_max", "adaptive_avg"])
@few(40)
@given(data=st.data())
def test_adaptive_windows(kind: str, dimensions: int, data: st.DataObject) -> None:
    name = f"{kind}_pool{dimensions}d"
    x = data.draw(_inputs(dimensions))
    side = st.integers(1, 5) | st.none() if dimensions > 1 else st.integers(1, 5)
    wanted = data.draw(st.integers(0, 5) | st.lists(side, min_size=dimensions, max_size=dimensions))
    cost = agree(getattr(F, name), x, wanted)
    if cost is None:
        return
    output = getattr(F, name)(x, wanted)
    windows = 0
    for position in itertools.product(*map(range, output.shape)):
        elements = 1
        for i, n, size in list(zip(position, output.shape, x.shape, strict=True))[-dimensions:]:
            first, last = math.floor(i * size / n), math.ceil((i + 1) * size / n)
            elements *= len(range(first, last))
        windows += elements
    assert counts(cost) == _expected(name, output.numel(), windows)
    if None not in (wanted if isinstance(wanted, list) else [wanted]):
        for function in functions(name):
            other = agree(
                function, x, wanted if dimensions == 1 or isinstance(wanted, list) else [wanted] * dimensions
            )
            assert isinstance(other, Cost)
            assert counts(other) == counts(cost)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_positions_of_the_maxima(dimensions: int) -> None:
    x = filled((1, 2, *[6] * dimensions))
    for name, size in ((f"max_pool{dimensions}d", 2), (f"adaptive_max_pool{dimensions}d", 3)):
        plain = agree(getattr(F, name), x, size)
        both = agree(getattr(F, name), x, size, return_indices=True)
        assert plain is not None
        assert both is not None
        assert counts(plain) == counts(both)
        assert both.bytes_written == 3 * plain.bytes_written, "an int64 position beside each float32 maximum"
