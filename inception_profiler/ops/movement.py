"""Operations that move or relabel data and compute nothing.

Views are free. Copies cost the bytes they read and write, which the tracer books for every operation alike;
whether the result is a view or a copy is what PyTorch itself says on tensors without data.
"""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import (
    IDENTITY,
    MOVEMENT,
    SAME,
    Function,
    Outcome,
    cover,
    op,
    require,
    spellings,
)

_MOVES = (
    "view", "view_as", "reshape", "reshape_as", "flatten", "unflatten", "ravel", "squeeze", "unsqueeze",
    "movedim", "moveaxis", "expand", "expand_as", "broadcast_to",
    "narrow",
    "select", "chunk", "split", "split_with_sizes", "tensor_split", "unbind", "diagonal", "as_strided",
    "unfold", "detach",
    "clone", "contiguous", "repeat", "tile", "repeat_interleave", "roll", "flip", "stack", "hstack", "vstack",
    "dstack", "index_select", "gather", "tril", "triu", "hsplit", "vsplit", "rot90",
    "adjoint", "real",
    "imag", "scatter", "index_copy", "index_fill", "block_diag", "meshgrid", "broadcast_tensors",
    "alias", "view_as_real", "view_as_complex", "positive", "fliplr", "flipud", "__getitem__", "squeeze_",
    "unsqueeze_", "as_strided_",
)  # fmt: skip
_WRITES = (
    "copy_", "fill_", "zero_", "scatter_", "index_copy_", "index_fill_", "masked_scatter_", "uniform_",
    "normal_",
    "bernoulli_", "tril_", "triu_",
)  # fmt: skip
_SWAPS = ("transpose", "swapaxes", "swapdims", "t")
_SHAPES = ("H", "mH", "real", "imag", "data")
_TYPES = {
    "float": torch.float32, "double": torch.float64, "half": torch.float16, "bfloat16": torch.bfloat16,
    "int": torch.int32,
    "long": torch.int64, "short": torch.int16, "bool": torch.bool, "char": torch.int8, "byte": torch.uint8,
}  # fmt: skip


def move(*arguments: Any, **options: Any) -> Outcome:
    """Price a view, a copy, a gather or a permutation: no operations, only bytes, and none for a view."""
    return MOVEMENT


def _movers() -> dict[Function, str]:
    found = {
        function: name.strip("_")
        for name in _MOVES
        for function in spellings(name)
        if function is not F.unfold
    }
    for name in _SHAPES:
        found.setdefault(getattr(torch.Tensor, name).__get__, name)
    return found


for _function, _name in _movers().items():
    op(_function, name=_name)(move)


@op(*spellings("take_along_dim"))
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Outcome:
    """Price a gather along ``dim``, before which the positions are brought into range: only bytes."""
    return MOVEMENT._replace(launches=1 if dim is None else 2)


@op(*spellings("cartesian_prod"))
def cartesian_prod(*tensors: Tensor) -> Outcome:
    """Price all combinations of the elements of several vectors: each is repeated, then all are stacked."""
    return MOVEMENT._replace(launches=len(tensors) + 1)


@op(*spellings("permute"))
def permute(input: Tensor, *dims: Any, **options: Any) -> Outcome:
    """Price a view with its dimensions in another order, which is noted: nothing is moved."""
    given = options.get("dims", dims[0] if len(dims) == 1 and not isinstance(dims[0], int) else dims)
    order = tuple(dim % max(input.dim(), 1) for dim in given if isinstance(dim, int))
    return MOVEMENT._replace(attributes=(("order", order),))


def swap(input: Tensor, *dims: Any, **options: Any) -> Outcome:
    """Price a view with two dimensions exchanged, by default the last two: nothing is moved."""
    rank = input.dim()
    order = list(range(rank))
    pair = [dim % rank for dim in (*dims, *options.values()) if isinstance(dim, int) and rank] or [-2, -1]
    if rank > 1 and len(pair) == 2:
        first, second = pair
        order[first], order[second] = order[second], order[first]
    return MOVEMENT._replace(attributes=(("order", tuple(order)),))


for _name in _SWAPS:
    op(*spellings(_name, f"{_name}_"), name=_name)(swap)
for _name in ("mT", "T"):
    op(getattr(torch.Tensor, _name).__get__, name=_name)(swap)


def write(input: Tensor, *arguments: Any, **options: Any) -> Outcome:
    """Price a write into the first argument: no operations, only bytes."""
    return Outcome(SAME)


for _name in _WRITES:
    op(in_place=spellings(_name), name=_name.strip("_"))(write)


@op(in_place=spellings("detach_"), name="detach")
def detach(input: Tensor) -> Outcome:
    """Price the end of a gradient's way: nothing is moved."""
    return IDENTITY


@op(in_place=spellings("requires_grad_"))
def requires_grad(input: Tensor, requires_grad: bool = True) -> Outcome:
    """Price the wish for a tensor's gradient: nothing is moved."""
    return IDENTITY._replace(attributes=(("requires_grad", requires_grad),))


@op(*spellings("cat", "concat", "concatenate"))
def cat(tensors: Sequence[Tensor], dim: int = 0, **options: Any) -> Outcome:
    """Price a concatenation along ``dim``: no operations; everything is read and written once.

    Shapes: (…, Dᵢ, …) to (…, Σ Dᵢ, …), equal elsewhere; empty one-dimensional tensors are skipped, as PyTorch
    does.
    """
    cover(not options)
    require(len(tensors) > 0)
    shapes = [tensor.shape for tensor in tensors if tensor.shape != (0,)] or [tensors[0].shape]
    rank = len(shapes[0])
    require(rank > 0 and -rank <= dim < rank)
    axis = dim % rank
    first = shapes[0]
    for shape in shapes[1:]:
        require(
            len(shape) == rank and shape[:axis] == first[:axis] and shape[axis + 1 :] == first[axis + 1 :]
        )
    dtype = tensors[0].dtype
    for tensor in tensors[1:]:
        if tensor.dtype is not dtype:
            dtype = torch.promote_types(dtype, tensor.dtype)
    size = sum(shape[axis] for shape in shapes)
    return Outcome((*first[:axis], size, *first[axis + 1 :]), dtype, attributes=(("dim", axis),))


@op(*spellings("to", "type_as"))
def to(input: Tensor, *arguments: Any, **options: Any) -> Outcome:
    """Price a conversion of dtype: a copy, or nothing where the dtype stays. Devices are not told apart."""
    target = options.get("dtype", options.get("other"))
    flags = []  # non_blocking and copy, where they are given by position
    for argument in arguments:
        if isinstance(argument, torch.dtype | Tensor):
            target = argument
        elif isinstance(argument, bool):
            flags.append(argument)
    dtype = target.dtype if isinstance(target, Tensor) else target
    copy = options.get("copy", len(flags) > 1 and flags[1])
    memory_format = options.get("memory_format")
    cover(memory_format in {None, torch.preserve_format})
    if (dtype is None or dtype == input.dtype) and not copy:
        return IDENTITY
    return Outcome(tuple(input.shape), dtype)


@op(*spellings("cuda", "cpu", "xpu", "pin_memory"))
def transfer(input: Tensor, *arguments: Any, **options: Any) -> Outcome:
    """Price a move between devices: nothing, since devices are not told apart."""
    return IDENTITY


def _cast(dtype: torch.dtype) -> Any:
    def price(input: Tensor, **options: Any) -> Outcome:
        return IDENTITY if input.dtype == dtype else Outcome(tuple(input.shape), dtype)

    price.__doc__ = f"Price a conversion to {dtype}: a copy, or nothing where it is that already."
    return price


for _name, _dtype in _TYPES.items():
    op(getattr(torch.Tensor, _name), name=_name)(_cast(_dtype))


@op(F.embedding)
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Outcome:
    """Price an embedding: rows are looked up, nothing is computed.

    Shapes: indices (…), weight (V, D), output (…, D).
    """
    cover(max_norm is None)
    require(weight.dim() == 2 and input.dtype in {torch.int32, torch.int64})
    require(padding_idx is None or -weight.shape[0] <= padding_idx < weight.shape[0])
    return Outcome((*input.shape, weight.shape[1]), weight.dtype)


@op(F.pad)
def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Outcome:
    """Price a padding: no operations; the input is read and the padded output written.

    Shapes: ``pad`` lists (before, after) from the last dimension backwards; each side grows by both, or
    shrinks where they are negative.
    """
    cover(mode == "constant")
    shape = list(input.shape)
    require(len(pad) % 2 == 0 and len(pad) <= 2 * len(shape))
    for position in range(len(pad) // 2):
        shape[-1 - position] += pad[2 * position] + pad[2 * position + 1]
    require(min(shape, default=1) > 0)
    return Outcome(tuple(shape), attributes=(("pad", tuple(pad)),))
