"""Chains of convolutions that are written down instead of built."""

from __future__ import annotations

import pytest
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import inception_profiler as ip
from inception_profiler.errors import InputError
from inception_profiler.records.sketch import Convolution, Sketch, parse_sketch


def test_a_sketch_is_read_as_it_is_written() -> None:
    assert parse_sketch("64x28x14/3x3/1x7-96/7×1") == Sketch(
        64, (28, 14), (Convolution(64, (3, 3)), Convolution(96, (1, 7)), Convolution(96, (7, 1)))
    )


def test_a_sketch_counts_as_the_same_convolutions_of_pytorch_do() -> None:
    import torch

    real = nn.Sequential(
        nn.Conv2d(8, 8, 3, padding=1, bias=False),
        nn.ReLU(),
        nn.Conv2d(8, 12, (1, 5), padding=(0, 2), bias=False),
    )
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        real(torch.zeros(2, 8, 10, 10))
    found = ip.profile("sketch:8x10x10/3x3/1x5-12", batch=2)
    assert found.macs == counter.get_total_flops() // 2
    assert found.params == sum(parameter.numel() for parameter in real.parameters())
    assert (found.model, found.inputs[0].shape) == ("sketch:8x10x10/3x3/1x5-12", (2, 8, 10, 10))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("64x28x28", "as a sketch: write 64x28x28/3x3"),
        ("64x28/3x3", "as a sketch"),
        ("64x28x28/", "cannot read '' as a convolution"),
        ("64x28x28/3", "cannot read '3' as a convolution"),
        ("64x28x28/0x3", "as a convolution"),
        ("64x28x28/3x3-0", "as a convolution"),
        ("ax28x28/3x3", "as a shape"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        ip.profile(f"sketch:{text}")
