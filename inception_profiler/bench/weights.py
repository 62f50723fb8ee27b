"""A copy of a model that can run on a device, with weights made up where it has none."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from inception_profiler.analysis.copies import real_copy
from inception_profiler.analysis.trace import uncompiled

_BLOCK = 2**18
_SEED = 0


def runnable(network: nn.Module, place: torch.device) -> tuple[nn.Module, bool]:
    """Return a copy of a network on a device, and whether weights were made up.

    Weights that have data are the model's own. Those without are noise scaled by He's rule ``√(2 / fan_in)``,
    scales of normalizations 1, shifts 0, running statistics those of nothing (mean 0, variance 1): numbers of
    ordinary size, because processors are slow with denormal ones and draw less power over constant ones. The
    noise repeats every 2¹⁸ numbers.
    """
    original = uncompiled(network)
    made_up = {id(tensor) for tensor in (*original.parameters(), *original.buffers()) if tensor.is_meta}
    made = real_copy(original, place)
    if not made_up:
        return made, False
    noise = torch.randn(_BLOCK, generator=torch.Generator().manual_seed(_SEED)).to(place)
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if id(original.get_parameter(name)) in made_up:
                _fill_parameter(parameter, noise, bias=name.endswith("bias"))
        for name, buffer in made.named_buffers():
            if id(original.get_buffer(name)) in made_up:
                buffer.fill_(1 if name.endswith("var") else 0)
    return made, True


def _fill_parameter(parameter: Tensor, noise: Tensor, *, bias: bool) -> None:
    if parameter.dim() < 2:
        parameter.fill_(0 if bias else 1)
        return
    count = parameter.numel()
    fan_in = max(1, count // parameter.shape[0])
    values = noise.repeat(-(-count // len(noise)))[:count] * math.sqrt(2 / fan_in)
    parameter.copy_(values.view(parameter.shape))


def settle(network: nn.Module, forward: Callable[[], Any]) -> None:
    """Give BatchNorms the statistics of one forward pass, so that made-up weights make ordinary numbers.

    Where that cannot be, as with one value in a channel, they keep mean 0 and variance 1.
    """
    norms = [module for module in network.modules() if _keeps(module)]
    if not norms:
        return
    saved = [(vars(module), module.training, vars(module)["momentum"]) for module in norms]
    try:
        for attributes, _, _ in saved:
            attributes.update(training=True, momentum=1.0)
        with suppress(ValueError), torch.no_grad():
            forward()
    finally:
        for attributes, training, momentum in saved:
            attributes.update(training=training, momentum=momentum)


def _keeps(module: nn.Module) -> bool:
    return isinstance(module, _BatchNorm) and module.running_mean is not None
