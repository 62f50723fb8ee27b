"""Matrix products: linear layers, matmul in every spelling, einsum."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.ops.rule import Outcome, Price, broadcast, cover, op, require, spellings


@op(F.linear, layout=True)
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Outcome:
    """Price a linear layer ``x Wᵀ + b``.

    ::

        macs = (elements of the input / C_in) · C_in · C_out

    Shapes: input (…, C_in), weight (C_out, C_in) or (C_in,), output (…, C_out). The bias is one add per
    output element; PyTorch adds it in an operator of its own where an input of three and more dimensions is
    not contiguous, on which some other tools' counts depend.
    """
    given, kernel = input.shape, weight.shape
    cover(0 < len(kernel) <= 2 and len(given) > 0)
    require(given[-1] == kernel[-1] and input.dtype == weight.dtype)
    shape = (*given[:-1], *kernel[:-1])
    if bias is not None:
        vector = (
            len(kernel) == 1
        )  # PyTorch adds a bias to a single number only where the input is a vector too
        require((len(given) == 1 and bias.dim() == 0) if vector else bias.shape in ((), kernel[:-1], (1,)))
    numel = math.prod(shape)
    macs = numel * kernel[-1]
    return Outcome(
        shape,
        macs=macs,
        products=((macs, input, weight),),
        adds=0 if bias is None else numel,
        launches=2 if bias is not None and bias.dim() == 0 and len(given) == 1 else 1,
        attributes=(("bias", bias is not None), ("contiguous", input.is_contiguous())),
    )


@op(F.bilinear)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Outcome:
    """Price a bilinear layer ``x₁ᵀ A x₂ + b``.

    Each of C_out forms takes ``C₁·C₂`` products with the weight and ``C₂`` with the other input, as ``(x₁ A)
    x₂``::

        macs = N · C_out · (C₁·C₂ + C₂)

    Shapes: inputs (…, C₁) and (…, C₂), weight (C_out, C₁, C₂), output (…, C_out).
    """
    left, right, kernel = input1.shape, input2.shape, weight.shape
    require(len(kernel) == 3 and left[:-1] == right[:-1] and left[-1] == kernel[1] and right[-1] == kernel[2])
    require(bias is None or bias.shape == kernel[:1])
    shape = (*left[:-1], kernel[0])
    numel = math.prod(shape)
    weighted, joined = numel * kernel[1] * kernel[2], numel * kernel[2]
    return Outcome(
        shape,
        macs=weighted + joined,
        products=((weighted, input1, weight), (joined, 0, input2)),
        adds=0 if bias is None else numel,
        launches=1 if bias is None else 2,
    )


def product(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """Return the output shape of ``left @ right`` and its MACs, with torch.matmul's broadcasting.

    ::

        macs = batch · M · K · N        for (…, M, K) @ (…, K, N)

    >>> product((4, 2, 3), (3, 5))
    ((4, 2, 5), 120)
    """
    require(bool(left) and bool(right))
    inner = right[-2] if len(right) > 1 else right[0]
    require(left[-1] == inner)
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    shape = (*broadcast(left[:-2], right[:-2]), *rows, *columns)
    return shape, math.prod(shape) * inner


@op(*spellings("matmul", "__matmul__"))
def matmul(input: Tensor, other: Tensor) -> Outcome:
    """Price a matrix product: ``macs = batch · M · K · N``.

    Shapes: (…, M, K) and (…, K, N) to (…, M, N); vectors as torch.matmul treats them.
    """
    require(input.dtype == other.dtype)
    shape, macs = product(tuple(input.shape), tuple(other.shape))
    return Outcome(shape, macs=macs, products=((macs, input, other),))


@op(*spellings("mm"))
def mm(input: Tensor, mat2: Tensor) -> Outcome:
    """Price (M, K) @ (K, N): ``macs = M · K · N``."""
    require(input.dim() == 2 and mat2.dim() == 2)
    return matmul(input, mat2)


@op(*spellings("bmm"))
def bmm(input: Tensor, mat2: Tensor) -> Outcome:
    """Price (B, M, K) @ (B, K, N): ``macs = B · M · K · N``; nothing is broadcast."""
    require(input.dim() == 3 and mat2.dim() == 3 and input.shape[0] == mat2.shape[0])
    return matmul(input, mat2)


@op(*spellings("mv"))
def mv(input: Tensor, vec: Tensor) -> Outcome:
    """Price (M, K) @ (K,): ``macs = M · K``."""
    require(input.dim() == 2 and vec.dim() == 1)
    return matmul(input, vec)


@op(*spellings("dot"))
def dot(input: Tensor, tensor: Tensor) -> Outcome:
    """Price (K,) @ (K,): ``macs = K``."""
    require(input.dim() == 1 and tensor.dim() == 1)
    return matmul(input, tensor)


@op(torch.Tensor.__rmatmul__)
def matmul_reflected(input: Tensor, other: Tensor) -> Outcome:
    """Price ``other @ input`` as Python's reflected operator calls it."""
    return matmul(other, input)


def _sum_with_product(name: str, left: int, right: int) -> Price:
    """Return the rule of ``β·input + α·(first @ second)``, factors of ``left`` and ``right`` dimensions."""

    def price(input: Tensor, first: Tensor, second: Tensor, *, beta: float = 1, alpha: float = 1) -> Outcome:
        require(first.dtype == second.dtype == input.dtype)
        require(
            first.dim() == left and second.dim() == right and first.shape[:-2] == second.shape[: left - 2]
        )
        shape, macs = product(tuple(first.shape), tuple(second.shape))
        require(broadcast(input.shape, shape) == shape)
        numel = math.prod(shape)
        scalings = (alpha != 1) + (beta not in {0, 1})
        return Outcome(
            shape,
            macs=macs,
            products=((macs, first, second),),
            adds=numel if beta != 0 else 0,
            multiplications=scalings * numel,
        )

    price.__doc__ = f"""Price ``{name}``: ``β·input + α·(first @ second)``.

    The product's MACs, and one add per output element unless β is 0; one multiplication more per output
    element for an α that is not 1, and for a β that is neither 0 nor 1.
    """
    return price


for _name, _left, _right in (("addmm", 2, 2), ("baddbmm", 3, 3), ("addmv", 2, 1)):
    op(*spellings(_name), in_place=spellings(f"{_name}_"), name=_name)(
        _sum_with_product(_name, _left, _right)
    )


@op(*spellings("outer", "ger"))
def outer(input: Tensor, vec2: Tensor) -> Outcome:
    """Price an outer product (M,) × (N,) to (M, N): one multiplication per output, nothing is summed."""
    require(input.dim() == 1 and vec2.dim() == 1)
    shape = (input.shape[0], vec2.shape[0])
    return Outcome(shape, dtype=torch.result_type(input, vec2), multiplications=math.prod(shape))


@op(*spellings("einsum"))
def einsum(equation: str, *operands: Tensor | Sequence[Tensor]) -> Outcome:
    """Price a contraction of two operands written in Einstein's notation.

    ::

        macs = product of the sizes of all labels

    which is the batched matrix product that PyTorch runs. Where no label is summed, each of these is one
    multiplication and no MAC, as in an outer product. Three and more operands, an ellipsis, a label
    repeated in one operand, or one that is summed in a single operand are left to the products that PyTorch
    makes of them.
    """
    tensors = [tensor for given in operands for tensor in ([given] if isinstance(given, Tensor) else given)]
    cover(isinstance(equation, str) and len(tensors) == 2 and "->" in equation and "." not in equation)
    sources, target = equation.replace(" ", "").split("->")
    terms = sources.split(",")
    sizes: dict[str, int] = {}
    require(len(terms) == 2)
    for term, tensor in zip(terms, tensors, strict=True):
        cover(len(set(term)) == len(term))
        require(len(term) == tensor.dim())
        for label, size in zip(term, tensor.shape, strict=True):
            cover(size != 1 and sizes.get(label, size) != 1)
            require(sizes.setdefault(label, size) == size)
    cover(len(set(target)) == len(target) and set(target) <= set(sizes))
    cover(set(terms[0]) ^ set(terms[1]) <= set(target))
    require(tensors[0].dtype == tensors[1].dtype)
    shape, macs = tuple(sizes[label] for label in target), math.prod(sizes.values())
    said = (("equation", f"{sources}->{target}"),)
    if len(target) == len(sizes):
        return Outcome(shape, multiplications=macs, attributes=said)
    return Outcome(shape, macs=macs, products=((macs, tensors[0], tensors[1]),), attributes=said)


@op(*spellings("grouped_mm", "_grouped_mm"))
def grouped_mm(
    input: Tensor,
    mat2: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: torch.dtype | None = None,
) -> Outcome:
    """Price one matrix product for each of G groups, as mixtures of experts make them.

    Where a side is ragged, its rows or columns are shared out among the groups by ``offs``, so that each of
    them takes part once::

        (S, K) @ (G, K, N) → (S, N)        macs = S · K · N
        (G, M, K) @ (K, S) → (M, S)        macs = M · K · S
        (M, S) @ (S, N) → (G, M, N)        macs = M · S · N
        (G, M, K) @ (G, K, N) → (G, M, N)  macs = G · M · K · N
    """
    cover(bias is None)
    left, right = tuple(input.shape), tuple(mat2.shape)
    require(input.dtype is mat2.dtype and left[-1] == right[-2])
    require((offs is None) == (len(left) == len(right) == 3))
    inner = math.prod(left[-2:]) * right[-1]
    if len(left) == len(right):
        require(len(left) == 2 or left[0] == right[0])
        groups = left[0] if len(left) == 3 else offs.shape[0] if offs is not None else 0
        shape: tuple[int, ...] = (groups, left[-2], right[-1])
        macs = inner * groups if len(left) == 3 else inner
    else:
        require(len(left) + len(right) == 5)
        shape, macs = (left[-2], right[-1]), inner
    return Outcome(shape, out_dtype, macs=macs)
