"""A real training step of a network on the meta device, watched by counters of operators."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from inception_profiler.analysis.audit.operators import contraction_macs


class StepCount(TorchDispatchMode):
    """Multiply-accumulates of every operator that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        self.macs += contraction_macs(func, args, output)
        return output


def run_step(model: nn.Module, shape: tuple[int, ...], mode: Any, *, device: str = "meta") -> None:
    """Run forward and backward in training, with a gradient for every output that can have one."""
    model.train()
    with mode:
        output = model(torch.empty(shape, device=device))
        ends = [leaf for leaf in tree_leaves(output) if isinstance(leaf, Tensor) and leaf.requires_grad]
        if ends:
            torch.autograd.backward(ends, [torch.empty_like(end) for end in ends])


def operator_step_macs(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Return the MACs of a training step by our formulas of PyTorch's operators."""
    mode = StepCount()
    run_step(model, shape, mode)
    return mode.macs


def flop_counter_step_macs(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Return half of what PyTorch's counter says of a training step."""
    mode = FlopCounterMode(display=False)
    run_step(model, shape, mode)
    flops = mode.get_total_flops()
    assert flops % 2 == 0
    return flops // 2
