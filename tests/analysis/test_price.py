"""Feature-map sizes, stages, and what parameters are booked to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inception_profiler import Profile, profile
from tests.analysis.test_oracles import timm_model


def resolutions(result: Profile) -> list[str]:
    return [group.title for group in result.by_resolution()]


def stages(result: Profile) -> list[str]:
    return [group.title for group in result.by_stage()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inception_v1", ["112", "56", "28", "14", "7", "head"]),
        ("vgg16", ["224", "112", "56", "28", "14", "7", "head"]),
    ],
)
def test_registered_models(name: str, expected: list[str]) -> None:
    result = profile(name)
    assert resolutions(result) == stages(result) == expected


def test_auxiliary_heads_stand_apart_in_training() -> None:
    result = profile("inception_v1", train=True)
    assert resolutions(result) == ["112", "56", "28", "14", "7", "head", "auxiliary"]
    assert {layer.path.partition(".")[0] for layer in result.layers if layer.stage == "auxiliary"} == {
        "loss1",
        "loss2",
    }
    assert resolutions(profile("inception_v1")) == ["112", "56", "28", "14", "7", "head"]


def test_a_name_that_only_begins_like_an_auxiliary_head_is_none() -> None:
    from inception_profiler.analysis.price import price
    from inception_profiler.analysis.trace import trace

    model = nn.ModuleDict({"aux": nn.Linear(4, 4), "auxiliary_no": nn.Linear(4, 4)})

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = model

        def forward(self, x: Tensor) -> Tensor:
            return self.parts["aux"](x) + self.parts["auxiliary_no"](x)

    result = price(trace(Net(), [(1, 4)]), auxiliary=("parts.aux",))
    assert [layer.stage for layer in result.layers] == ["auxiliary", "head", "head"]


def test_squeeze_layers_stay_inside_their_stage() -> None:
    model = timm_model("seresnet50")
    result = profile(model, (1, 3, 224, 224))
    assert stages(result) == ["112", "56", "28", "14", "7", "head"]
    squeezes = [layer for layer in result.layers if ".se." in layer.path]
    assert squeezes
    assert all(layer.stage in {"56", "28", "14", "7"} for layer in squeezes)
    head = {layer.path for layer in result.layers if layer.stage == "head"}
    assert head <= {"", "global_pool", "global_pool.pool", "global_pool.flatten", "fc"}


def test_a_network_that_grows_back_has_numbered_stages() -> None:
    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down = nn.ModuleList(
                [nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)]
            )
            self.up = nn.ModuleList([nn.ConvTranspose2d(4, 4, 2, 2), nn.Conv2d(8, 4, 3, padding=1)])

        def forward(self, x: Tensor) -> Tensor:
            fine = self.down[0](x)
            middle = self.down[1](fine)
            x = self.up[0](self.down[2](middle)) + middle
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            return self.up[1](torch.cat((x, fine), 1))

    result = profile(UNet(), (1, 3, 32, 32))
    assert stages(result) == ["32", "16", "8", "16 (2)", "32 (2)"]
    assert resolutions(result) == ["32", "16", "8"]
    assert sum(group.macs for group in result.by_stage()) == result.macs


def test_a_vision_transformer_has_a_trunk_and_a_head() -> None:
    result = profile(timm_model("vit_tiny_patch16_224"), (1, 3, 224, 224))
    assert stages(result) == ["14", "head"]
    assert result.at("head").params == 192 * 1000 + 1000
    assert result.at("14").macs == result.macs - 192 * 1000


def test_tokens_without_images_are_all_head() -> None:
    class Tokens(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(100, 8)
            self.block = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.out = nn.Linear(8, 100)
            self.out.weight = self.words.weight

        def forward(self, x: Tensor) -> Tensor:
            return self.out(self.block(self.words(x.long())))

    result = profile(Tokens(), (2, 6))
    assert resolutions(result) == stages(result) == ["head"]
    assert result.macs == 2 * 6 * (4 * 64 + 2 * 128 + 800) + 2 * 2 * 6 * 6 * 8
    assert result.params == sum(parameter.numel() for parameter in Tokens().parameters())
    assert sum(layer.params for layer in result.layers) == result.params


def test_sides_that_differ_and_other_ranks() -> None:
    assert resolutions(profile(nn.Conv2d(3, 4, 3, padding=1), (1, 3, 8, 4))) == ["8×4"]
    assert resolutions(
        profile(nn.Sequential(nn.Conv3d(1, 2, 3, padding=1), nn.MaxPool3d(2)), (1, 1, 4, 4, 4))
    ) == ["4", "2"]
    assert resolutions(profile(nn.Sequential(nn.Conv1d(3, 4, 3), nn.MaxPool1d(2)), (1, 3, 10))) == ["8", "4"]


def shared(layers: Sequence[nn.Module]) -> nn.Module:
    return nn.Sequential(*layers, *layers)


def test_parameters_are_booked_to_the_call_that_uses_them_first() -> None:
    linear = nn.Linear(4, 4)
    result = profile(shared([linear, nn.ReLU()]), (3, 4))
    assert [layer.params for layer in result.layers] == [20, 0, 0, 0]
    assert [layer.path for layer in result.layers] == ["0", "1", "0", "1"]
    assert result.macs == 2 * 3 * 16
    assert result.params == result.total.params == 20


def test_frozen_parameters_are_counted_and_not_trainable() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    model[0].requires_grad_(False)
    result = profile(model, (1, 4))
    assert (result.params, result.trainable_params) == (30, 10)
    assert [layer.trainable_params for layer in result.layers] == [0, 10]


def test_parameters_that_no_call_uses_are_named() -> None:
    model = nn.Sequential(nn.Linear(4, 4))
    model.spare = nn.Parameter(torch.ones(7))
    model.idle = nn.ReLU()
    model.forward = model[0].forward
    result = profile(model, (1, 4))
    assert result.not_executed == ("spare",)
    assert result.not_executed_params == 7
    assert result.params == result.total.params + 7


def test_parameters_used_below_the_functions_are_booked_too() -> None:
    class Rnn(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTM(4, 5, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            return self.cell(x)[0]

    result = profile(Rnn(), (2, 3, 4))
    assert result.not_executed == ()
    assert result.macs == 2 * 3 * (4 * 20 + 5 * 20)
    assert sum(layer.params for layer in result.layers) == result.params


def test_the_branches_of_a_reduction_module_do_not_open_a_stage_again() -> None:
    stages = [group.title for group in profile("inception_v3").by_stage()]
    assert stages == ["149", "147", "73", "71", "35", "17", "8", "head"]
