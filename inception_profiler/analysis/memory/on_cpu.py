"""Running what PyTorch does otherwise on the CPU than on tensors without data, as on the CPU.

Most of PyTorch's functions call the same operators on every device. A few choose by device: attention has a
fused kernel, the gradient of Mish has one that the meta device spells out in eight operators, and a recurrent
layer multiplies all its steps by the weight at once. Their tensors without data are for the time of the call
shown as tensors of the CPU, so that PyTorch itself chooses, by shapes, strides, types and the caller's
settings; every operator that it chooses runs on the meta device, and so do those of the backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils._pytree import tree_map_only

CPU = torch.device("cpu")
DEVICE: Any = torch.ops.prim.device.default
"""What a tensor that passes for one of the CPU is asked wherever its device matters; no operation."""

_STATES = 1

_ALWAYS: frozenset[Any] = frozenset(
    {F.scaled_dot_product_attention, torch.gru, torch.rnn_tanh, torch.rnn_relu}
)
"""Functions that PyTorch makes up of other operators on the CPU than on the meta device."""


def differs_on_cpu(func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Tell whether the CPU runs other operators for this call than the meta device."""
    if func is F.mish:
        return not _in_place(*args, **options)
    return func in _ALWAYS or _own_lstm(func, args)


def shown_as_cpu(arguments: Any) -> Any:
    """Return the arguments of a call with tensors that PyTorch takes for tensors of the CPU."""
    return tree_map_only(Tensor, _shown, arguments)


def shown_as_meta(outputs: Any) -> Any:
    """Return the outputs of a call that was given what `shown_as_cpu` returns, as tensors without data."""
    return tree_map_only(Tensor, _hidden, outputs)


def kept_by_library(func: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """Tell whether ``func`` is an LSTM that oneDNN works out; what that keeps, only oneDNN knows."""
    return func is torch.lstm and not _own_lstm(func, args)


def _own_lstm(func: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """Tell whether this is an LSTM that PyTorch itself works out: oneDNN has no projections, no float64.

    One of a packed sequence, of which the lengths are data, is none that is known here.
    """
    if func is not torch.lstm or isinstance(args[_STATES], Tensor):
        return False
    hidden, cell = args[_STATES]
    return bool(args[0].dtype == torch.float64 or hidden.shape[-1] != cell.shape[-1])


def _in_place(_: Tensor, inplace: bool = False) -> bool:
    return inplace


class OfCPU(Tensor):
    """A tensor without data that PyTorch takes for one of the CPU; its storage is that of the real one."""

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]  # as torch's own

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # torch declares it as if it were no class method
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator on the meta device."""
        if func is DEVICE:
            return CPU
        if torch.Tag.inplace_view in func.tags:  # changes the tensor itself and touches no data
            with torch._C._DisableTorchDispatch():
                return func(*args, **(kwargs or {}))
        options = {**(kwargs or {})}
        if options.get("device") is not None:
            options["device"] = torch.device("meta")
        bare, options = tree_map_only(Tensor, _on_meta, (args, options))
        return tree_map_only(Tensor, _dressed, func(*bare, **options))


def _dressed(tensor: Tensor) -> Tensor:
    made: Tensor = Tensor._make_subclass(
        OfCPU, tensor, False, dispatch_device=True, device_for_backend_keys=CPU
    )
    return made


def _bare(tensor: Tensor) -> Tensor:
    with torch._C.DisableTorchFunction():
        made = torch.empty(0, dtype=tensor.dtype, device="meta")
        return made.set_(tensor.untyped_storage(), tensor.storage_offset(), tensor.shape, tensor.stride())


def _on_meta(tensor: Tensor) -> Tensor:
    """Return what stands for an operand; constants, as a causal mask, PyTorch makes on the CPU itself."""
    if isinstance(tensor, OfCPU):
        return _bare(tensor)
    return tensor if tensor.is_meta else tensor.to("meta")


class _Show(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, tensor: Tensor) -> Tensor:
        return _dressed(tensor)

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        return _bare(gradient)


class _Hide(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, tensor: Tensor) -> Tensor:
        return _bare(tensor)

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        return _dressed(gradient)


def _shown(tensor: Tensor) -> Tensor:
    return _Show.apply(tensor) if tensor.requires_grad else _dressed(tensor)


def _hidden(tensor: Tensor) -> Tensor:
    return _Hide.apply(tensor) if tensor.requires_grad else _bare(tensor)
