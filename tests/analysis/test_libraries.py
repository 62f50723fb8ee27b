"""Networks of torchvision and timm that are not plain classifiers, against PyTorch's counter."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import inception_profiler as ip

Shape = tuple[int, ...]

TORCHVISION: dict[str, list[Shape]] = {
    "lraspp_mobilenet_v3_large": [(1, 3, 96, 96)],  # segmentation
    "mc3_18": [(1, 3, 4, 32, 32)],  # video
}
TIMM: dict[str, Shape] = {
    "edgenext_xx_small": (1, 3, 64, 64),
    "mvitv2_tiny": (1, 3, 224, 224),
}


def counted(model: nn.Module, shapes: list[Shape]) -> int:
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(*(torch.empty(shape, device="meta") for shape in shapes))
    return counter.get_total_flops()


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision(name: str) -> None:
    torchvision = pytest.importorskip("torchvision")
    extra = {"weights_backbone": None} if "lraspp" in name else {}
    with torch.device("meta"):
        model = torchvision.models.get_model(name, weights=None, **extra).eval()
    result = ip.profile(model, inputs=TORCHVISION[name])
    assert result.coverage.complete
    assert 2 * result.macs == counted(model, TORCHVISION[name])


@pytest.mark.parametrize("name", TIMM)
def test_timm(name: str) -> None:
    timm = pytest.importorskip("timm")
    model = timm.create_model(name, pretrained=False).to("meta").eval()
    result = ip.profile(model, TIMM[name])
    assert result.coverage.complete
    assert 2 * result.macs == counted(model, [TIMM[name]])


def test_a_detector_depends_on_data_and_says_so() -> None:
    torchvision = pytest.importorskip("torchvision")
    build = torchvision.models.detection.ssdlite320_mobilenet_v3_large
    model = build(weights=None, weights_backbone=None).eval()
    image = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))
    result = ip.profile(model, inputs=[[image]])
    assert result.fallback.startswith("on the values that were given, because")
    assert {entry.op for entry in result.unpriced} <= {"aten::_unique2", "torchvision::nms"}
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model([image])
    assert 2 * result.macs == counter.get_total_flops()
