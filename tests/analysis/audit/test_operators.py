"""The formulas of the first engine against loops that multiply, and against PyTorch's counter."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from inception_profiler.analysis.audit.operators import CONTRACTIONS, contraction_macs


class Seen(TorchDispatchMode):
    """What the formulas say of each operator by its name."""

    def __init__(self) -> None:
        super().__init__()
        self.macs: dict[str, int] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        name = func._schema.name.removeprefix("aten::")
        self.macs[name] = self.macs.get(name, 0) + contraction_macs(func, args, output)
        return output


def seen(run: Callable[[], Any]) -> dict[str, int]:
    mode = Seen()
    with mode:
        run()
    return {name: macs for name, macs in mode.macs.items() if macs}


def loops(*sizes: int) -> int:
    return sum(1 for _ in itertools.product(*map(range, sizes)))


def real(*shape: int) -> Tensor:
    return torch.zeros(shape, requires_grad=True)


PRODUCTS: dict[str, tuple[Callable[[], Any], int]] = {
    "mm": (lambda: torch.mm(real(2, 3), real(3, 4)), loops(2, 3, 4)),
    "bmm": (lambda: torch.bmm(real(5, 2, 3), real(5, 3, 4)), loops(5, 2, 3, 4)),
    "mv": (lambda: torch.mv(real(2, 3), real(3)), loops(2, 3)),
    "dot": (lambda: torch.dot(real(3), real(3)), loops(3)),
    "vdot": (lambda: torch.vdot(real(3), real(3)), loops(3)),
    "addmm": (lambda: torch.addmm(real(4), real(2, 3), real(3, 4)), loops(2, 3, 4)),
    "baddbmm": (lambda: torch.baddbmm(real(5, 2, 4), real(5, 2, 3), real(5, 3, 4)), loops(5, 2, 3, 4)),
    "addbmm": (lambda: torch.addbmm(real(2, 4), real(5, 2, 3), real(5, 3, 4)), loops(5, 2, 3, 4)),
    "addmv": (lambda: torch.addmv(real(2), real(2, 3), real(3)), loops(2, 3)),
    "_trilinear": (
        lambda: F.bilinear(real(2, 3), real(2, 4), real(5, 3, 4)),
        loops(2, 5, 3, 4) + loops(2, 5, 4),
    ),
    "convolution": (
        lambda: F.conv2d(real(2, 4, 5, 6), real(6, 2, 3, 1), groups=2),
        loops(2, 3, 6, 6, 2, 3, 1),
    ),
    "_scaled_dot_product_flash_attention_for_cpu": (
        lambda: F.scaled_dot_product_attention(real(2, 3, 4, 8), real(2, 3, 5, 8), real(2, 3, 5, 8)),
        2 * loops(2, 3, 4, 5, 8),
    ),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_an_operator_multiplies_as_often_as_a_loop(name: str) -> None:
    run, macs = PRODUCTS[name]
    assert seen(run) == {name: macs}


def test_fused_attention_has_four_products_in_its_backward() -> None:
    output = F.scaled_dot_product_attention(real(2, 3, 4, 8), real(2, 3, 5, 8), real(2, 3, 5, 8))
    assert seen(lambda: output.sum().backward()) == {
        "_scaled_dot_product_flash_attention_for_cpu_backward": 4 * loops(2, 3, 4, 5, 8)
    }


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("groups", [1, 2])
def test_gradients_of_convolutions(transposed: bool, groups: int) -> None:
    function = F.conv_transpose2d if transposed else F.conv2d
    weight = real(4, 6 // groups, 3, 2) if transposed else real(6, 4 // groups, 3, 2)
    image = real(2, 4, 7, 5)
    output = function(image, weight, stride=2, groups=groups)
    sites = image.shape[2:] if transposed else output.shape[2:]
    once = loops(2, *sites, 4, 6, 3, 2) // groups
    assert seen(lambda: output.sum().backward()) == {"convolution_backward": 2 * once}
    for wanted, times in (((image,), 1), ((weight,), 1), ((image, weight), 2)):
        fresh = function(image, weight, stride=2, groups=groups).sum()
        assert seen(partial(torch.autograd.grad, fresh, wanted)) == {"convolution_backward": times * once}
    if groups == 1:
        counter = FlopCounterMode(display=False)
        fresh = function(image, weight, stride=2)
        with counter:
            fresh.sum().backward()
        assert counter.get_total_flops() == 2 * 2 * once


def test_what_contracts_nothing_costs_nothing() -> None:
    assert seen(lambda: F.relu(real(3, 4) * 2).sum()) == {}
    assert "relu" not in CONTRACTIONS
