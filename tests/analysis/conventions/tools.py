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
    "flopcounter": run_flopcounter,
    "torchinfo": run_torchinfo,
    "calflops": run_calflops,
    "thop": run_thop,
    "fvcore": run_fvcore,
    "torchprofile": run_torchprofile,
    "ptflops": run_ptflops,
    "ptflops-aten": run_ptflops_aten,
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


def placed(spelling: str, device: str, *, real: bool) -> nn.Module:
    """Build a model; weights of any value do, except where it indexes by a buffer: that is a ``real`` one."""
    if real or device == "meta":
        return built(spelling, device)
    return built(spelling, "meta").to_empty(device=device)


def all_counted(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what each tool gives, one model a device; those that leave hooks on a model come last."""
    models: dict[str, nn.Module] = {}
    answer = {}
    for tool in TOOLS:
        if tool not in asked["tools"]:
            continue
        # FlopCounterMode sees fused attention everywhere but on the CPU, a fused LSTM on no real device
        real = asked["real"] and (tool != "flopcounter" or asked.get("all_real", False))
        device = "cpu" if real or tool in ON_CPU else "meta"
        if device not in models:
            models[device] = placed(asked["build"], device, real=real)
        answer[tool] = counted(tool, models[device], torch.zeros(asked["shape"], device=device))
        if real or isinstance(
            answer[tool], str
        ):  # where modules are shared, or it stopped, it left hooks behind
            del models[device]
    return answer


def counted(tool: str, model: nn.Module, image: Tensor) -> Any:
    """Return the number that a tool gives, or what stopped it."""
    kept = [(owner, dict(vars(owner))) for owner in (torch, torch.nn.functional)]
    methods = {name: getattr(Tensor, name) for name in ("add", "mul", "matmul", "mm", "bmm", "addmm")}
    try:
        return TOOLS[tool](model, image)
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
        print(json.dumps(all_counted(asked)), file=answers, flush=True)


if __name__ == "__main__":
    serve()
