"""Counts against other people's networks and other people's counters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from inception_profiler import profile
from tests.analysis.oracle import elements, flop_counter_macs, operator_macs, shape_of

TORCHVISION = ("googlenet", "inception_v3", "vgg16", "resnet50", "mobilenet_v3_small", "vit_b_16")
TIMM = (
    "botnet26t_256", "coatnet_pico_rw_224", "convnext_atto", "deit_tiny_patch16_224", "densenet121", "dla34",
    "dm_nfnet_f0", "edgenext_xx_small", "efficientnet_b0", "efficientvit_b0", "gmlp_s16_224", "ghostnet_100",
    "hrnet_w18_small", "inception_resnet_v2", "inception_v4", "legacy_xception", "levit_128s",
    "maxvit_rmlp_pico_rw_256", "mixer_s32_224", "mobilenetv3_small_050", "poolformer_s12", "pvt_v2_b0",
    "regnety_002", "res2net50_26w_4s", "resmlp_12_224", "resnext50_32x4d", "seresnet50",
    "swin_tiny_patch4_window7_224", "vit_tiny_patch16_224",
)  # fmt: skip
FVCORE_CNNS = ("resnet18", "squeezenet1_1", "mobilenet_v2", "densenet121")


def torchvision_model(name: str) -> nn.Module:
    models = pytest.importorskip("torchvision.models")
    options = {"init_weights": False} if name in {"googlenet", "inception_v3"} else {}
    with torch.device("meta"):
        return models.get_model(name, **options).eval()


def timm_model(name: str) -> nn.Module:
    with torch.device("meta"):
        return pytest.importorskip("timm").create_model(name).eval()


def hold(
    model: nn.Module, shape: tuple[int, ...], count: Callable[[nn.Module, tuple[int, ...]], int]
) -> None:
    result = profile(model, shape)
    assert result.macs == count(model, shape)
    assert result.params == elements(model)
    assert result.unpriced == ()
    assert result.fallback == ""


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision_agrees_with_the_flop_counter(name: str) -> None:
    size = 299 if name == "inception_v3" else 224
    hold(torchvision_model(name), (1, 3, size, size), flop_counter_macs)


@pytest.mark.parametrize("name", TIMM)
def test_timm_agrees_with_a_count_of_every_operator(name: str) -> None:
    model = timm_model(name)
    hold(model, shape_of(model), operator_macs)


@pytest.mark.parametrize("name", ["convnext_atto", "vit_tiny_patch16_224", "mobilenetv3_small_050"])
def test_the_two_oracles_agree_with_each_other(name: str) -> None:
    model = timm_model(name)
    assert operator_macs(model, shape_of(model)) == flop_counter_macs(model, shape_of(model))


def test_fused_attention_is_counted_where_the_flop_counter_sees_none() -> None:
    attention = nn.MultiheadAttention(8, 2, batch_first=True).eval()

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = attention

        def forward(self, x: torch.Tensor) -> Any:
            return self.attention(x, x, x, need_weights=False)[0]

    scores_and_values = 2 * (2 * 5 * 5 * 8)
    projections = 2 * 5 * 8 * 8 * 4
    assert profile(Net(), (2, 5, 8)).macs == projections + scores_and_values


@pytest.mark.parametrize("name", FVCORE_CNNS)
@pytest.mark.filterwarnings("ignore")  # fvcore traces with torch.jit, which is deprecated
def test_contraction_activations_are_those_of_fvcore(name: str) -> None:
    analysis = pytest.importorskip("fvcore.nn")
    models = pytest.importorskip("torchvision.models")
    model = models.get_model(name).eval()
    count = analysis.ActivationCountAnalysis(model, torch.zeros(1, 3, 64, 64))
    count.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    assert profile(model, (1, 3, 64, 64)).contraction_activations == count.total()


def test_a_training_pass_costs_the_same_macs_as_inference_plus_the_auxiliary_heads() -> None:
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        model = models.googlenet(init_weights=False)
    inference, training = profile(model, (2, 3, 224, 224)), profile(model, (2, 3, 224, 224), train=True)
    heads = sum(layer.macs for layer in training.layers if layer.path.startswith("aux"))
    assert heads > 0
    assert training.macs == inference.macs + heads
    assert inference.not_executed_params == elements(model.aux1) + elements(model.aux2)
    assert training.not_executed == ()
