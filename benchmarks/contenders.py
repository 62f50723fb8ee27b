"""How each tool is asked for its full per-layer result: as data where it gives data, else as text."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import calflops
import fvcore.nn
import ptflops
import thop
import torch
import torchinfo
import torchprofile
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

Contender = Callable[[nn.Module, Tensor], Any]


def run_fvcore(model: nn.Module, image: Tensor) -> Any:
    return fvcore.nn.FlopCountAnalysis(model, image).by_module()


def run_torchinfo(model: nn.Module, image: Tensor) -> Any:
    return str(torchinfo.summary(model, input_data=image, device=image.device, depth=100, verbose=0))


def run_ptflops(model: nn.Module, image: Tensor, backend: str) -> Any:
    return ptflops.get_model_complexity_info(
        model,
        tuple(image.shape[1:]),
        input_constructor=lambda _: image,
        print_per_layer_stat=True,
        ost=StringIO(),
        as_strings=False,
        backend=backend,
    )


def run_thop(model: nn.Module, image: Tensor) -> Any:
    return thop.profile(model, (image,), verbose=False, ret_layer_info=True)


def run_calflops(model: nn.Module, image: Tensor) -> Any:
    return calflops.calculate_flops(model, args=[image], print_results=True, output_as_string=False)


def run_torchprofile(model: nn.Module, image: Tensor) -> Any:
    return torchprofile.profile_macs(model, image, reduction=None)


def run_flop_counter(model: nn.Module, image: Tensor) -> Any:
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(image)
    return counter.get_flop_counts()


CONTENDERS: dict[str, Contender] = {
    "FlopCounterMode": run_flop_counter,
    "thop": run_thop,
    "torchinfo": run_torchinfo,
    "ptflops": lambda model, image: run_ptflops(model, image, "pytorch"),
    "ptflops-aten": lambda model, image: run_ptflops(model, image, "aten"),
    "calflops": run_calflops,
    "fvcore": run_fvcore,
    "torchprofile": run_torchprofile,
}
