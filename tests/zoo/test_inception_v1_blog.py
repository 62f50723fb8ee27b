"""GoogLeNet of documents 000 and 002, as printed and mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

import inception_profiler as ip
from inception_profiler.errors import InputError
from inception_profiler.zoo.card import build
from inception_profiler.zoo.inception_v1_blog import WIDTHS
from tests.zoo.exercise import sizes, trains

PRINTED, FIXED = "inception_v1_blog", "inception_v1_blog_fixed"
STAGES = {
    "conv1": (64, 112, 112), "pool1": (64, 56, 56), "conv2": (192, 56, 56), "pool2": (192, 28, 28),
    "inception_3a": (256, 28, 28), "inception_3b": (480, 28, 28), "pool3": (480, 14, 14),
    "inception_4a": (512, 14, 14), "inception_4b": (512, 14, 14), "inception_4c": (512, 14, 14),
    "inception_4d": (528, 14, 14), "inception_4e": (832, 14, 14), "pool4": (832, 7, 7),
    "inception_5a": (832, 7, 7), "inception_5b": (1024, 7, 7), "pool5": (1024, 1, 1),
}  # fmt: skip


def test_sizes_are_the_comments_of_the_code() -> None:
    assert sizes(PRINTED, STAGES) == STAGES
    assert sizes(FIXED, STAGES) == STAGES


@pytest.mark.parametrize("document", ["000", "002"])
def test_widths_are_the_ones_printed(shared: Path, document: str) -> None:
    (path,) = (shared / "documents").glob(f"{document}_*.txt")
    printed = re.findall(r"x = Inception\(x,(\d+)\)", path.read_text(encoding="utf-8"))
    assert [int(width) for width in printed] == list(WIDTHS.values())


@pytest.mark.parametrize(("name", "kernel"), [(PRINTED, 1), (FIXED, 5)])
def test_cost_is_that_of_the_printed_lines(name: str, kernel: int) -> None:
    macs = 3 * 49 * 64 * 112**2 + 64 * 9 * 192 * 56**2
    params = (3 * 49 + 1 + 2) * 64 + (64 * 9 + 1 + 2) * 192
    width = 192
    for stage, n in WIDTHS.items():
        weights = 4 * width * n + 9 * n * n + kernel**2 * n * n
        macs += weights * STAGES[stage][1] ** 2
        params += weights + 6 * n * (1 + 2)  # a bias, a scale and a shift for each of six convolutions
        width = 4 * n
    head = 1_025_000 + (1_001_000 if name == PRINTED else 0)
    profile = ip.profile(name)
    assert profile.params == params + head
    assert profile.macs == macs + 1024 * 1000 + (1000 * 1000 if name == PRINTED else 0)


def test_as_printed_it_has_no_5x5_and_answers_with_probabilities() -> None:
    kernels = {
        m.kernel_size for m in build(PRINTED, device="meta").modules() if isinstance(m, torch.nn.Conv2d)
    }
    assert kernels == {(7, 7), (3, 3), (1, 1)}
    fixed = {m.kernel_size for m in build(FIXED, device="meta").modules() if isinstance(m, torch.nn.Conv2d)}
    assert fixed == kernels | {(5, 5)}
    answer = build(PRINTED, num_classes=5).eval()(torch.randn(1, 3, 224, 224))
    assert answer.shape == (1, 1, 1, 5)
    assert answer.sum().item() == pytest.approx(1)


def test_the_fixed_one_answers_for_any_size_and_the_printed_one_for_224() -> None:
    assert build(FIXED, num_classes=5, device="meta")(torch.empty(2, 3, 97, 65, device="meta")).shape == (
        2,
        5,
    )
    with pytest.raises(InputError, match="takes 224×224 images, not 97×65"):
        build(PRINTED, device="meta")(torch.empty(2, 3, 97, 65, device="meta"))


def test_normalization_stands_behind_the_relu() -> None:
    block = build(FIXED).eval().get_submodule("conv2")
    x = torch.randn(1, 64, 5, 5)
    expected = block.bn(F.relu(F.conv2d(x, block.conv.weight, block.conv.bias, padding=1)))
    torch.testing.assert_close(block(x), expected)
    assert (block(x) < 0).any() or block.bn.bias.min() >= 0


def test_trains() -> None:
    trains(build(FIXED, num_classes=3), (2, 3, 48, 48))


def test_the_printed_one_trains_on_its_probabilities() -> None:
    model = build(PRINTED, num_classes=3).train()
    probabilities = model(torch.randn(2, 3, 224, 224)).flatten(1)
    loss = F.nll_loss(probabilities.log(), torch.tensor([0, 2]))
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=1e-3).step()
    assert all(torch.isfinite(parameter).all() for parameter in model.parameters())


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ip.ProfilerError, match="3 channels, but got 4"):
        ip.profile(PRINTED, (1, 4, 224, 224))
    with pytest.raises(ip.ProfilerError, match="3 channels, but got 4"):
        ip.profile(FIXED, (1, 4, 224, 224))
