"""The live peak against what storages do on meta tensors, and against the allocator of the CPU."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity

from inception_profiler import build, profile
from tests.analysis.oracle import live_peak, shape_of
from tests.analysis.test_oracles import timm_model, torchvision_model

TORCHVISION = ("googlenet", "inception_v3", "resnet50", "densenet121", "mobilenet_v2", "squeezenet1_1")
TIMM = ("convnext_atto", "dm_nfnet_f0", "efficientnet_b0", "hrnet_w18_small", "levit_128s", "poolformer_s12")


@pytest.mark.parametrize("name", ["inception_v1", "vgg11"])
@pytest.mark.parametrize("batch", [1, 3])
def test_registered_models(name: str, batch: int) -> None:
    shape = (batch, 3, 224, 224)
    assert profile(name, batch=batch).peak_activation_bytes == live_peak(
        build(name, device="meta").eval(), shape
    )


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision(name: str) -> None:
    shape = (1, 3, 299, 299) if name == "inception_v3" else (1, 3, 224, 224)
    model = torchvision_model(name)
    assert profile(model, shape).peak_activation_bytes == live_peak(model, shape)


@pytest.mark.parametrize("name", TIMM)
def test_timm(name: str) -> None:
    model = timm_model(name)
    assert profile(model, shape_of(model)).peak_activation_bytes == live_peak(model, shape_of(model))


def test_fused_attention_never_holds_its_scores() -> None:
    # On meta PyTorch's attention multiplies the matrices out; on the CPU it is fused, as on accelerators.
    timm = pytest.importorskip("timm")
    model = timm.models.VisionTransformer(64, 4, embed_dim=32, depth=2, num_heads=4, mlp_ratio=2).eval()
    counted = profile(model, (1, 3, 64, 64)).peak_activation_bytes
    assert counted == live_peak(model, (1, 3, 64, 64), device="cpu")
    assert counted < live_peak(model.to("meta"), (1, 3, 64, 64))


def test_a_view_of_a_parameter_is_no_activation() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.ones(1000))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.scale.reshape(10, 100)[0, :8]

    for device in ("cpu", "meta"):
        assert profile(Scaled().to(device), (2, 8)).peak_activation_bytes == 2 * 8 * 4


def test_what_the_caller_still_holds_stays_alive() -> None:
    class Net(nn.Module):
        def __init__(self, *, keep: bool) -> None:
            super().__init__()
            self.keep = keep

        def forward(self, x: Tensor) -> Tensor:
            first = x + 1
            second = first + 1
            if not self.keep:
                del first
            third = second + 1
            del second
            return third + 1

    assert profile(Net(keep=False), (1, 8)).peak_activation_bytes == 2 * 32
    assert profile(Net(keep=True), (1, 8)).peak_activation_bytes == 3 * 32


def allocated_peak(model: nn.Module, image: Tensor) -> int:
    """Return the most bytes that one inference took from the CPU's allocator and had not given back."""
    with torch.no_grad():
        model(image)  # the first call of a process also allocates what oneDNN keeps for itself
        with torch.profiler.profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
            model(image)
    events = [event for event in profiler.profiler.kineto_results.events() if event.name() == "[memory]"]
    live = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        live += event.nbytes()
        peak = max(peak, live)
    return peak


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="other convolutions take workspaces")
@pytest.mark.parametrize("name", ["googlenet", "inception_v1"])
def test_the_allocator_of_the_cpu(name: str) -> None:
    if name == "googlenet":
        model = torchvision_model(name).to_empty(device="cpu")
    else:
        model = build(name, device="meta").to_empty(device="cpu").eval()
    image = torch.zeros(2, 3, 128, 128)
    scalars = 64  # a local response norm makes a few one-element tensors beside its own
    gap = allocated_peak(model, image) - profile(model, image.shape).peak_activation_bytes
    assert 0 <= gap <= scalars
