"""Looking below a function that has no rule of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import torch


def _never(*_: object) -> bool:
    return False


_CHECKS = dict.fromkeys(
    ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic"), _never
)


@cache
def opened(function: FunctionType) -> Callable[..., Any]:
    """Return a twin of a Python composite that runs its body although a tracing mode is on.

    Such a function first asks whether something overrides it, and would be handed back to the mode for ever.
    The twin shares its code and closure but sees, under the names of that question, an answer of no. The
    function itself stays as it is, and what its body calls asks as before.
    """
    twin = FunctionType(
        function.__code__,
        {**function.__globals__, **_CHECKS},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def _getter(name: str) -> Any:
    return getattr(torch.Tensor, name).__get__


_PROPERTIES = (
    "shape", "dtype", "device", "layout", "ndim", "requires_grad", "is_leaf", "grad_fn", "is_cuda", "is_cpu",
    "is_meta", "is_sparse", "is_quantized", "is_nested", "is_xpu", "is_mps", "is_mkldnn", "itemsize",
    "nbytes", "names", "output_nr", "_version", "is_vulkan", "is_sparse_csr", "is_xla", "is_ipu", "is_maia",
    "is_mtia", "name", "volatile",
)  # fmt: skip
_METHODS = (
    "size", "dim", "ndimension", "numel", "nelement", "stride", "is_contiguous", "element_size",
    "storage_offset", "is_floating_point", "is_complex", "is_signed", "get_device", "is_inference", "is_conj",
    "is_neg", "is_same_size", "is_set_to", "__len__", "__hash__", "__repr__", "__format__", "untyped_storage",
    "data_ptr", "has_names", "_is_view", "is_pinned", "is_shared", "is_distributed", "__dir__",
    "__deepcopy__", "__reduce_ex__", "_typed_storage", "is_coalesced", "sparse_dim", "dense_dim", "dim_order",
)  # fmt: skip
_FUNCTIONS = (
    "is_floating_point", "is_complex", "is_conj", "is_neg", "is_signed", "is_inference", "is_same_size",
    "numel", "result_type", "can_cast", "get_device", "_assert",
)  # fmt: skip

METADATA = frozenset(
    [_getter(name) for name in _PROPERTIES if hasattr(torch.Tensor, name)]
    + [getattr(torch.Tensor, name) for name in _METHODS if hasattr(torch.Tensor, name)]
    + [getattr(torch, name) for name in _FUNCTIONS if hasattr(torch, name)]
)
"""Functions that ask a tensor about itself, or assert a plain truth: executed as they are, no operation."""

CONSTANTS = frozenset({torch.tensor, torch.as_tensor, torch.from_numpy, torch.asarray, torch.scalar_tensor})
"""Functions that make a tensor of given values: executed as they are, and no operation."""

DATA = frozenset(
    getattr(torch.Tensor, name)
    for name in (
        "item", "tolist", "numpy", "__bool__", "__int__", "__float__", "__index__", "__complex__",
        "__contains__", "__array__", "is_nonzero",
    )
)  # fmt: skip
"""Functions that hand the values of a tensor to Python."""


def _setter(name: str) -> Any:
    return getattr(torch.Tensor, name).__set__


SET_DATA = _setter("data")
SETTERS = frozenset({SET_DATA, _setter("grad"), _setter("requires_grad")})
"""Assignments to a tensor's own attributes, which must not reach a tensor of the model."""

HOOKS = frozenset(
    getattr(torch.Tensor, name)
    for name in ("register_hook", "register_post_accumulate_grad_hook", "retain_grad")
)
"""Requests to be told of gradients, of which a forward pass has none; on a parameter one would outlive it."""
