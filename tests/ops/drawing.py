"""Hypothesis strategies for small tensors and the arguments around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor

FLOATS = (torch.float32, torch.float64, torch.bfloat16)
INTEGERS = (torch.int64, torch.int32, torch.uint8)
DTYPES = (torch.float32, *FLOATS, *INTEGERS, torch.bool)

Shape = tuple[int, ...]


def filled(shape: Sequence[int], dtype: torch.dtype = torch.float32) -> Tensor:
    """A tensor of small, mostly different values, of both signs where the type has them."""
    numel = torch.Size(shape).numel()
    values = (torch.arange(numel) * 7 % 11 - 5).double() / 4
    if not dtype.is_floating_point:
        values = (values * 4).abs() if dtype == torch.uint8 else values * 4
    return values.to(dtype).reshape(tuple(shape))


def shapes(low: int = 0, high: int = 4, *, smallest: int = 0, largest: int = 3) -> st.SearchStrategy[Shape]:
    """Shapes of ``low`` to ``high`` dimensions."""
    return st.lists(st.integers(smallest, largest), min_size=low, max_size=high).map(tuple)


@st.composite
def tensors(draw: Any, shape: Any = None, dtypes: Sequence[torch.dtype] = DTYPES) -> Tensor:
    """A tensor of any layout: as it is made, or with its first and last dimension swapped."""
    size = draw(
        shapes() if shape is None else shape if isinstance(shape, st.SearchStrategy) else st.just(shape)
    )
    dtype = draw(st.sampled_from(dtypes))
    if len(size) > 1 and draw(st.integers(0, 3)) == 0:
        return filled((size[-1], *size[1:-1], size[0]), dtype).transpose(0, -1)
    return filled(size, dtype)


@st.composite
def broadcastable(draw: Any, count: int, *, mistakes: bool = True) -> list[Shape]:
    """Shapes that PyTorch can broadcast against each other, or, one time in eight, most likely not."""
    full = draw(shapes(0, 3, smallest=0))
    found = []
    for _ in range(count):
        own = full[draw(st.integers(0, len(full))) :] if draw(st.booleans()) else full
        found.append(tuple(1 if draw(st.integers(0, 3)) == 0 else side for side in own))
    if mistakes and draw(st.integers(0, 7)) == 0:
        found[-1] = (*found[-1][:-1], 5)
    return found
