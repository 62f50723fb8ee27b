"""Building a network of meta tensors, without the time that filling its weights would take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

MAKERS = frozenset(
    {
        torch.arange, torch.empty, torch.eye, torch.full, torch.linspace, torch.ones, torch.rand, torch.randn,
        torch.randint, torch.randperm, torch.tensor, torch.zeros,
    }
)  # fmt: skip
"""The functions that make a tensor on the default device."""

FILLERS = frozenset(
    {
        nn.init.constant_, nn.init.kaiming_normal_, nn.init.kaiming_uniform_, nn.init.normal_,
        nn.init.trunc_normal_, nn.init.uniform_, Tensor.fill_, Tensor.normal_, Tensor.uniform_, Tensor.zero_,
    }
)  # fmt: skip
"""The functions that fill the tensor they are given first, and return it."""


class Weightless(TorchFunctionMode):
    """A mode in which tensors are made on meta, and not filled: there is nothing in them to fill.

    It does what ``torch.device("meta")`` does, and sooner for a network of many small layers,
    whose constructors call a dozen functions a layer to fill what is not there.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Make on meta, fill nothing, call everything else."""
        given = dict(kwargs or {})
        if func in MAKERS and given.get("device") is None:
            given["device"] = "meta"
        elif func in FILLERS:
            filled = args[0] if args else given["tensor"]
            if filled.is_meta:
                return filled
        return func(*args, **given)
