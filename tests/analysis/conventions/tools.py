"""The real tools, run on throw-away models in a process of their own, since they leave traces behind.

Reads requests as lines of JSON, ``{"build": "registered:vgg16", "shape": [1, 3, 32, 32], "real": false,
"tools": ["thop"]}``, and answers each with a line ``{"thop": 123}``, where a text in place of a number is the
error that stopped the tool.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import warnings
from typing import Any

import torch
from torch import Tensor, nn


def run_fvcore(model: nn.Module, image: Tensor) -> float:
    from fvcore.nn import FlopCountAnalysis

    return FlopCountAnalysis(model, image).total()


def run_torchprofile(model: nn.Module, image: Tensor) -> list[int]:
    """Return the number, and how much of it are products of sizes: nodes whose output has no dimension."""
    from torchprofile import profile_macs

    nodes = profile_macs(model, image, reduction=None)
    sizes = sum(count for node, count in nodes.items() if node.outputs[0].shape == [])
    return [sum(nodes.values()), sizes]


def run_torchinfo(model: nn.Module, image: Tensor) -> float:
    import torchinfo

    return torchinfo.summary(model, input_data=image, device=image.device, verbose=0).total_mult_adds


def run_thop(model: nn.Module, image: Tensor) -> float:
    import thop

    return thop.profile(model, (image,), verbose=False)[0]


def run_ptflops(model: nn.Module, image: Tensor, backend: str = "pytorch") -> float:
    from ptflops import get_model_complexity_info

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        count, _ = get_model_complexity_info(
            model,
            tuple(image.shape[1:]),
            input_constructor=lambda _: image,
            print_per_layer_stat=False,
            as_strings=False,
            backend=backend,
        )
    if count is None:
        raise RuntimeError(said.getvalue().strip().splitlines()[-1])
    return count


def run_ptflops_aten(model: nn.Module, image: Tensor) -> float:
    return run_ptflops(model, image, "aten")


def run_calflops(model: nn.Module, image: Tensor) -> float:
    from calflops import calculate_flops

    return calculate_flops(model, args=[image], print_results=False, output_as_string=False)[0]


def run_flopcounter(model: nn.Module, image: Tensor) -> float:
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(image)
    return counter.get_total_flops()


TOOLS = {
    "fvcore": run_fvcore,
    "torchprofile": run_torchprofile,
    "torchinfo": run_torchinfo,
    "thop": run_thop,
    "ptflops": run_ptflops,
    "ptflops-aten": run_ptflops_aten,
    "calflops": run_calflops,
    "flopcounter": run_flopcounter,
}
ON_CPU = {
    "fvcore", "torchprofile",  # read no shapes from meta tensors
    "ptflops",  # patches functions that PyTorch's own code for meta tensors calls, and counts them too
    "ptflops-aten",  # sees fused attention on meta, and on no real device
}  # fmt: skip


def built(spelling: str, device: str) -> nn.Module:
    """Build a model on a device."""
    home, _, name = spelling.partition(":")
    with torch.device(device):
        if home == "registered":
            from inception_profiler.zoo.card import build

            model = build(name)
        elif home == "timm":
            import timm

            model = timm.create_model(name)
        elif home == "torchvision":
            from torchvision.models import get_model

            model = get_model(name)
        else:
            from networks import NETWORKS

            model = NETWORKS[name]()
    return model.eval()


def counted(tool: str, spelling: str, shape: list[int], *, real: bool) -> Any:
    """Return the number that a tool gives, or what stopped it.

    Weights of any value do, except where a model indexes by a buffer: that one is built as a ``real`` one.
    """
    real = real and tool != "flopcounter"  # which sees fused attention everywhere but on the CPU
    device = "cpu" if real or tool in ON_CPU else "meta"
    model = built(spelling, "cpu" if real else "meta")
    if device == "cpu" and not real:
        model = model.to_empty(device="cpu")
    kept = [(owner, dict(vars(owner))) for owner in (torch, torch.nn.functional)]
    methods = {name: getattr(Tensor, name) for name in ("add", "mul", "matmul", "mm", "bmm", "addmm")}
    try:
        return TOOLS[tool](model, torch.zeros(shape, device=device))
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    finally:
        for owner, names in kept:
            vars(owner).update(names)
        for name, method in methods.items():
            setattr(Tensor, name, method)


def serve() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {
            tool: counted(tool, asked["build"], asked["shape"], real=asked["real"]) for tool in asked["tools"]
        }
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve()
