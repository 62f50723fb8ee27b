"""What the tests hold the tracer to: PyTorch's counter, a count of every operator, what storages do."""

from __future__ import annotations

import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

aten = torch.ops.aten


def _run(model: nn.Module, shape: tuple[int, ...], mode: Any, *, device: str = "meta") -> None:
    with torch.no_grad(), mode:
        model(torch.empty(shape, device=device))


def flop_counter_macs(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Return half of what PyTorch's counter says of a model on the meta device.

    There attention is plain matrix products, which the counter sees; the fused one of the CPU it does not.
    """
    counter = FlopCounterMode(display=False)
    _run(model, shape, counter)
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return flops // 2


class OperatorCount(TorchDispatchMode):
    """Multiply-accumulates of every operator below the Python functions, by formulas of our own."""

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        packet = func.overloadpacket
        if packet in {aten.convolution, aten._convolution}:
            image, weight, transposed = args[0], args[1], args[6]
            sites = image.numel() // image.shape[1] if transposed else output.numel() // output.shape[1]
            groups = args[8]
            each = weight.numel() // groups  # weights that one site meets in one group
            self.macs += sites * each * groups
        elif packet in {aten.mm, aten.bmm}:
            self.macs += output.numel() * args[0].shape[-1]
        elif packet in {aten.addmm, aten.baddbmm}:
            self.macs += output.numel() * args[1].shape[-1]
        return output


def operator_macs(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Return the multiply-accumulates that `OperatorCount` sees on the meta device."""
    mode = OperatorCount()
    _run(model, shape, mode)
    return mode.macs


class LivePeak(TorchDispatchMode):
    """Bytes of the storages that operators made, from the one that returns it until it is freed."""

    def __init__(self, held: list[Tensor]) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._known = {tensor.untyped_storage()._cdata for tensor in held}
        self._sizes: dict[weakref.ref[Any], tuple[int, int]] = {}

    def _freed(self, reference: weakref.ref[Any]) -> None:
        key, size = self._sizes.pop(reference)
        self._known.discard(key)
        self.live -= size

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(output):
            if isinstance(leaf, Tensor) and leaf.untyped_storage()._cdata not in self._known:
                storage = leaf.untyped_storage()
                self._known.add(storage._cdata)
                self._sizes[weakref.ref(storage, self._freed)] = (storage._cdata, storage.nbytes())
                self.live += storage.nbytes()
                self.peak = max(self.peak, self.live)
        return output


def live_peak(model: nn.Module, shape: tuple[int, ...], *, device: str = "meta") -> int:
    """Return the most bytes alive at once in an inference, apart from parameters, buffers and the input."""
    image = torch.empty(shape, device=device)
    mode = LivePeak([*model.parameters(), *model.buffers(), image])
    with torch.no_grad(), mode:
        model(image)
    return mode.peak


def elements(model: nn.Module) -> int:
    """Return the elements of all parameters."""
    return sum(parameter.numel() for parameter in model.parameters())


def shape_of(model: Any) -> tuple[int, ...]:
    """Return the shape of one image as timm states it for a model."""
    return (1, *model.pretrained_cfg["input_size"])
