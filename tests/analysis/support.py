"""What an output really depends on: the support of a gradient in a network that only averages.

Every convolution becomes an average over channels and window, every pooling an average over its window, and
what works on single values passes through, so that nothing cancels and nothing dies: an input position has a
gradient exactly where a window reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

KEPT = frozenset({"conv2d", "max_pool2d", "avg_pool2d", "cat"})
_AS_IT_IS = frozenset({
    "relu", "relu_", "relu6", "hardtanh", "batch_norm", "local_response_norm", "dropout", "softmax", "tanh",
    "sigmoid",
})  # fmt: skip


class Averaging(TorchFunctionMode):
    """Run a network as described above, and keep what the functions of `KEPT` return, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.outputs: list[Tensor] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, options = getattr(func, "__name__", ""), kwargs or {}
        if name in _AS_IT_IS:
            return args[0] * 1.0
        if name == "linear":
            return args[0].mean(-1, keepdim=True)
        if name == "conv2d":
            output = _averaged(*args, **options)
        elif name == "max_pool2d":
            options.pop("dilation"), options.pop("return_indices")
            output = F.avg_pool2d(*args, **options)
        else:
            output = func(*args, **options)
        if name in KEPT:
            self.outputs.append(output)
        return output


def _averaged(
    x: Tensor,
    weight: Tensor,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
) -> Tensor:
    """A convolution to one channel that averages."""
    kernel = torch.full((1, 1, *weight.shape[2:]), 1 / weight[0, 0].numel(), dtype=x.dtype)
    return F.conv2d(x.mean(1, keepdim=True), kernel, None, stride, padding, dilation)


def averaged_run(network: nn.Module, shape: Sequence[int]) -> tuple[Tensor, list[Tensor]]:
    """Return the image and the outputs that were kept."""
    image = torch.ones(tuple(shape), dtype=torch.float64, requires_grad=True)
    with Averaging() as mode:
        network.eval()(image)
    return image, mode.outputs


def extent(output: Tensor, image: Tensor, axis: int, position: int) -> tuple[int, int] | None:
    """Return the first and last input position along ``axis`` that one output position depends on.

    That of the other axes is any: what is asked is along one axis alone.
    """
    chosen = output.select(axis - (image.dim() - 2), position).sum()
    (gradient,) = torch.autograd.grad(chosen, image, retain_graph=True)
    line = gradient.movedim(axis + 2, 0).flatten(1).abs().sum(1).nonzero().flatten().tolist()
    return (line[0], line[-1]) if line else None
