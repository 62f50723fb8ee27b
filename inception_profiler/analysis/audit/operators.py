"""What PyTorch's own operators multiply, from shapes alone; nothing of ``ops`` is used here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def _convolution(args: Sequence[Any], output: Tensor) -> int:
    """Every weight is used once at every site: of the output, or of the input where it is transposed."""
    image, weight, transposed = args[0], args[1], args[6]
    macs: int = _sites(image if transposed else output, weight) * weight.numel()
    return macs


def _convolution_backward(args: Sequence[Any], _: Any) -> int:
    """The forward MACs for each of the gradients of input and weight that ``output_mask`` asks for."""
    gradient, image, weight, transposed, mask = args[0], args[1], args[2], args[7], args[10]
    macs: int = _sites(image if transposed else gradient, weight) * weight.numel() * sum(map(bool, mask[:2]))
    return macs


def _sites(image: Tensor, weight: Tensor) -> int:
    spatial = image.shape[-(weight.dim() - 2) :]
    examples = image.shape[0] if image.dim() == weight.dim() else 1
    return examples * math.prod(spatial)


def _product(first: int) -> Callable[[Sequence[Any], Any], int]:
    """Return the count of ``left @ right``, the arguments at ``first`` and after it."""

    def count(args: Sequence[Any], _: Any) -> int:
        left, right = args[first], args[first + 1]
        macs: int = left.numel() * (right.shape[-1] if right.dim() > 1 else 1)
        return macs

    return count


def _scores(query: Tensor, key: Tensor) -> int:
    return query.numel() // query.shape[-1] * key.shape[-2]


def _attention(args: Sequence[Any], _: Any) -> int:
    """Each score is a product over E, and is multiplied with the E_v numbers of its value."""
    query, key, value = args[:3]
    macs: int = _scores(query, key) * (query.shape[-1] + value.shape[-1])
    return macs


def _attention_backward(args: Sequence[Any], _: Any) -> int:
    """Two gradients for each of the two products, as far as autograd has a use for them.

    That a fused kernel works out the scores again, and gradients that nobody needs, is not counted.
    """
    query, key, value = args[1:4]
    node = torch._C._current_autograd_node()
    wanted = [True] * 3 if node is None else [after is not None for after, _ in node.next_functions[:3]]
    to_query, to_key, to_value = wanted
    wide: int = query.shape[-1] * (to_query + to_key)
    deep: int = value.shape[-1] * (to_value + (to_query or to_key))
    return _scores(query, key) * (wide + deep)


def _trilinear(args: Sequence[Any], _: Any) -> int:
    """``x₁ᵀ A x₂`` as ``(x₁ A) x₂``: C₁·C₂ and C₂ products for each output, over N·K·C₁·C₂ in a loop.

    Its gradients are three more of the same operator, told apart by what they sum over: K and C₂ for x₁, N
    for A, K and C₁ for x₂. Those of x₁ and A both start from ``∂y x₂``; that it is worked out twice, and
    ``x₁ A`` again, is not counted.
    """
    loop: list[int] = [
        next(
            tensor.shape[dim - sum(other < dim for other in broadcast)]
            for tensor, broadcast in zip(args[:3], args[3:6], strict=True)
            if dim not in broadcast
        )
        for dim in range(4)
    ]
    whole, second = math.prod(loop), loop[0] * loop[1] * loop[3]
    summed = set(args[6])
    if summed == {1, 2}:
        return second
    if summed == {1, 3}:
        node = torch._C._current_autograd_node()
        shared = node is not None and node.next_functions[1][0] is not None
        return whole + (0 if shared else second)
    return whole + second


def _outer(args: Sequence[Any], output: Any) -> int:
    """The gradient of a matrix-vector or dot product is a plain multiplication: one for each element.

    Any other multiplication contracts nothing.
    """
    node = torch._C._current_autograd_node()
    made_by = node.name() if node is not None else ""
    if made_by in _DOTS or (made_by in _MATRIX_VECTOR and args[0].dim() == 2):
        macs: int = output.numel()
        return macs
    return 0


_DOTS = frozenset({"DotBackward0", "VdotBackward0"})
_MATRIX_VECTOR = frozenset({"MvBackward0", "AddmvBackward0"})


CONTRACTIONS: dict[str, Callable[[Sequence[Any], Any], int]] = {
    "convolution": _convolution,
    "_convolution": _convolution,
    "convolution_backward": _convolution_backward,
    "mm": _product(0),
    "bmm": _product(0),
    "mv": _product(0),
    "dot": _product(0),
    "vdot": _product(0),
    "addmm": _product(1),
    "baddbmm": _product(1),
    "addbmm": _product(1),
    "addmv": _product(1),
    "_addmm_activation": _product(1),
    "_int_mm": _product(0),
    "linear": lambda args, output: args[1].numel() * (output.numel() // args[1].shape[0]),
    "_trilinear": _trilinear,
    "mul": _outer,
    "_scaled_dot_product_attention_math": _attention,
    "_scaled_dot_product_flash_attention": _attention,
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
    "_scaled_dot_product_efficient_attention": _attention,
    "_scaled_dot_product_cudnn_attention": _attention,
    "_scaled_dot_product_flash_attention_backward": _attention_backward,
    "_scaled_dot_product_flash_attention_for_cpu_backward": _attention_backward,
    "_scaled_dot_product_efficient_attention_backward": _attention_backward,
    "_scaled_dot_product_cudnn_attention_backward": _attention_backward,
}
"""Multiply-accumulates of each operator that contracts something, by its plain name."""


def contraction_macs(operator: Any, args: Sequence[Any], output: Any) -> int:
    """Return the multiply-accumulates of one operator, 0 for one that contracts nothing."""
    count = CONTRACTIONS.get(str(operator._schema.name).partition("::")[2].removesuffix("_"))
    return count(args, output) if count is not None else 0
