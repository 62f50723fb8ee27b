"""The lecture's conventions against the table that the lecture prints, transcribed."""

from __future__ import annotations

import pytest

import inception_profiler as ip

# Lecture 8 of a 2019 course on deep learning for vision; the network is torchvision's AlexNet at 227
PRINTED = {  # layer: memory in KB, params in K, flop in M
    "conv1.conv": (784, 23, 73),
    "pool1": (182, 0, 0),
    "conv2.conv": (547, 307, 224),
    "pool2": (127, 0, 0),
    "conv3.conv": (254, 664, 112),
    "conv4.conv": (169, 885, 145),
    "conv5.conv": (169, 590, 100),
    "pool5": (36, 0, 0),
    "fc6.linear": (16, 37_749, 38),
    "fc7.linear": (16, 16_777, 17),
    "fc8": (4, 4_096, 4),
}
MISPRINTED = {"conv4.conv": 149_520_384}  # 13 · 13 · 256 · 384 · 3 · 3, of which the lecture makes 145 M


@pytest.fixture(scope="module")
def alexnet() -> ip.Profile:
    return ip.profile("alexnet_torchvision", (3, 227, 227))


@pytest.mark.parametrize(
    ("convention", "column", "unit"),
    [("lecture-memory", 0, 1024), ("lecture-params", 1, 1000), ("lecture", 2, 10**6)],
)
def test_the_printed_table_comes_out(alexnet: ip.Profile, convention: str, column: int, unit: int) -> None:
    reading = ip.translate(alexnet, convention)
    charged = {charge.path for charge in reading.charges}
    assert charged <= set(PRINTED)
    for layer, cells in PRINTED.items():
        amount = reading.at(layer)
        if column == 2 and layer in MISPRINTED:
            assert amount == MISPRINTED[layer] and round(amount / unit) != cells[column]
        else:
            assert round(amount / unit) == cells[column], layer


def test_the_stem_of_googlenet_is_not_what_the_lecture_adds_it_up_to() -> None:
    p = ip.profile("inception_v1")
    stem = [layer.call for layer in p.layers if "inception" not in layer.path]
    first = [call.index for call in stem if call.kind in {"convolution", "pooling"}][:5]
    flops = ip.translate(p, "lecture").by_call()
    assert [round(flops[index] / 1e6) for index in first] == [118, 2, 13, 347, 1]  # the lecture's column
    memory = ip.translate(p, "lecture-memory").by_call()
    assert round(sum(memory[index] for index in first) / 2**20, 1) == 7.5
    params = ip.translate(p, "lecture-params").by_call()
    assert round(sum(params.get(index, 0) for index in first) / 1e3) == 124
    assert round(sum(flops[index] for index in first) / 1e6) != 418  # as it adds the column up


def test_weights_are_counted_once() -> None:
    from torch import nn

    layer = nn.Linear(8, 8)
    p = ip.profile(nn.Sequential(layer, layer), (1, 8))
    assert ip.translate(p, "lecture-params").total == 64
    assert ip.translate(p, "lecture").total == 128
