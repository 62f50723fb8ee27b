"""GoogLeNet of TF-slim."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import inception_profiler as ip
from inception_profiler.zoo.card import build
from inception_profiler.zoo.conv_bn import SameConv2d, SameMaxPool2d, ShiftBatchNorm2d, same_padding
from tests.zoo.exercise import sizes, trains

NAME = "inception_v1_slim"
STAGES = {
    "conv1": (64, 112, 112), "pool1": (64, 56, 56), "conv2_reduce": (64, 56, 56), "conv2": (192, 56, 56),
    "pool2": (192, 28, 28), "inception_3a": (256, 28, 28), "inception_3b": (480, 28, 28),
    "pool3": (480, 14, 14), "inception_4a": (512, 14, 14), "inception_4b": (512, 14, 14),
    "inception_4c": (512, 14, 14), "inception_4d": (528, 14, 14), "inception_4e": (832, 14, 14),
    "pool4": (832, 7, 7), "inception_5a": (832, 7, 7), "inception_5b": (1024, 7, 7),
}  # fmt: skip


def same(x: Tensor, kernel: int, stride: int, value: float) -> Tensor:
    """Pad as TensorFlow documents SAME: half of the zeros before, the odd one after."""
    pads = []
    for size in reversed(x.shape[2:]):
        total = max((stride if size % stride == 0 else size % stride), 0)
        total = max(kernel - total, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def test_sizes() -> None:
    assert sizes(NAME, STAGES) == STAGES
    assert sizes(NAME, ["pool4"], side=225) == {"pool4": (832, 8, 8)}  # SAME rounds up


def test_its_base_has_the_variables_that_tf_slim_tests_for() -> None:
    model = build(NAME, device="meta")
    count = sum(tensor.numel() for name, tensor in model.state_dict().items() if "num_batches" not in name)
    assert count - (1024 * 1000 + 1000) == 5_607_184  # testModelHasExpectedNumberOfParameters of TF-slim


def test_normalization_has_no_scale() -> None:
    norms = [module for module in build(NAME, device="meta").modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 57
    for norm in norms:
        assert norm.weight is None
        assert norm.bias is not None
        assert (norm.eps, norm.momentum) == (1e-3, 3e-4)
        norm.reset_parameters()


@pytest.mark.parametrize("training", [False, True])
def test_a_shift_is_an_affine_normalization_of_scale_one(training: bool) -> None:
    ours, theirs = (
        ShiftBatchNorm2d(5, 1e-3, 0.25).train(training),
        nn.BatchNorm2d(5, 1e-3, 0.25).train(training),
    )
    for each in (ours, theirs):
        with torch.no_grad():
            each.bias.copy_(torch.arange(5))
            each.running_mean.copy_(torch.arange(5) / 7)
    x = torch.randn(4, 5, 3, 3)
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.running_var, theirs.running_var)


@pytest.mark.parametrize("size", [(8, 8), (9, 9), (7, 10), (3, 4)])
@pytest.mark.parametrize("kernel", [1, 2, 3, 7])
@pytest.mark.parametrize("stride", [1, 2])
def test_same_padding_is_tensorflow_s(size: tuple[int, int], kernel: int, stride: int) -> None:
    x = torch.randn(2, 3, *size, dtype=torch.float64)
    conv = SameConv2d(3, 4, kernel, stride=stride).double()
    torch.testing.assert_close(conv(x), F.conv2d(same(x, kernel, stride, 0), conv.weight, conv.bias, stride))
    if kernel in {2, 3} and stride == 2:
        pool = SameMaxPool2d(kernel, stride=stride)
        torch.testing.assert_close(pool(x), F.max_pool2d(same(x, kernel, stride, -torch.inf), kernel, stride))


def test_same_padding_of_the_stem() -> None:
    assert same_padding(224, 7, 2) == (2, 3)
    assert same_padding(225, 7, 2) == (3, 3)


def test_initialisation_is_tf_slim_s() -> None:
    torch.manual_seed(0)
    model = build(NAME)
    weight = model.get_submodule("inception_4c.conv_3x3.conv").weight
    assert weight.abs().max() <= 0.02
    assert 0.0085 < weight.std() < 0.009  # 0.01 less what the cut at two deviations takes
    logits = model.get_submodule("classifier").weight
    assert logits.std().item() == pytest.approx((2 / 1024) ** 0.5, rel=0.02)


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 48, 48))


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ip.ProfilerError, match="3 channels, but got 4"):
        ip.profile(NAME, (1, 4, 224, 224))
