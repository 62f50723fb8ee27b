"""The calculators of whole networks and modules, against PyTorch's counter and networks taken apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import inception_profiler as ip
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.argument import Argument
from inception_profiler.zoo.inception_v1 import TABLE_1, Inception
from tests.analysis.oracle import elements, flop_counter_macs

few = settings(max_examples=10, derandomize=True)


def meta(network: type[nn.Module] | Any, *args: Any, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return network(*args, **options)


class Naive(nn.Module):
    """The naive module of the paper's Figure 2a, written again."""

    def __init__(self, channels: int, one: int, three: int, five: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(channels, one, 1)
        self.three = nn.Conv2d(channels, three, 3, padding=1)
        self.five = nn.Conv2d(channels, five, 5, padding=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = nn.functional.max_pool2d(x, 3, 1, 1)
        return torch.cat((self.one(x), self.three(x), self.five(x), pooled), 1)


def test_modules_against_networks_of_the_test() -> None:
    argument = ip.argue("modules")
    network = ip.build("inception_v1", device="meta")
    channels = dict(zip(TABLE_1, (192, 256, 480, 512, 512, 512, 528, 832, 832), strict=True))
    assert [one.title for one in argument.parts] == list(TABLE_1)
    for one in argument.parts:
        size = {"3": 28, "4": 14, "5": 7}[one.title.removeprefix("inception_")[0]]
        shape = (1, channels[one.title], size, size)
        widths = TABLE_1[one.title]
        naive = meta(Naive, channels[one.title], widths.conv_1x1, widths.conv_3x3, widths.conv_5x5)
        reduced = network.get_submodule(one.title)
        assert [group.macs for group in one.groups] == [
            flop_counter_macs(naive, shape), flop_counter_macs(reduced, shape)
        ]  # fmt: skip
        assert [group.params for group in one.groups] == [elements(naive), elements(reduced)]
        assert all(
            group.macs == value for group, value in zip(one.groups, _point(argument, one.title), strict=True)
        )


def _point(argument: Argument, title: str) -> tuple[Any, ...]:
    return argument.curve.points[list(TABLE_1).index(title)].values


@pytest.mark.parametrize("name", ["inception_3a", "inception_5b"])
def test_a_module_is_what_it_is_in_the_network(name: str) -> None:
    argument = ip.argue("module", name)
    network = ip.profile("inception_v1")
    real = [layer for layer in network.layers if layer.path.split(".")[0] == name]
    assert argument.sides[1].profile.macs == sum(layer.macs for layer in real)
    assert argument.sides[1].profile.params == sum(layer.params for layer in real)
    for position, side in enumerate(argument.sides):
        for key in ("macs", "params", "activation_bytes"):
            inside = sum(getattr(one.groups[position], key) for one in argument.parts)
            assert inside == getattr(side.profile, key)
    ratios = [point.ratio for point in argument.curve.points]
    assert all(earlier < later for earlier, later in pairwise(ratios))


def test_the_module_of_the_calculator_is_the_shipped_one() -> None:
    argument = ip.argue("module", "inception_4b")
    module = meta(Inception, 512, TABLE_1["inception_4b"])
    assert argument.sides[1].profile.macs == flop_counter_macs(module, (1, 512, 14, 14))


def test_naive_networks_blow_up_module_by_module() -> None:
    argument = ip.argue("naive")
    for side, name in zip(argument.sides, ("inception_v1_naive", "inception_v1"), strict=True):
        network = ip.build(name, device="meta")
        assert side.profile.macs == flop_counter_macs(network, (1, 3, 224, 224))
        modules = sum(elements(network.get_submodule(module)) for module in TABLE_1)
        position = argument.sides.index(side)
        assert modules == sum(one.groups[position].params for one in argument.parts)
    for position in (0, 1):
        spent = [one.groups[position].macs for one in argument.parts]
        added = [point.values[position] for point in argument.curve.points]
        assert added == [sum(spent[: n + 1]) for n in range(len(spent))]
    assert all(a.ratio < b.ratio for a, b in pairwise(argument.curve.points))


@pytest.mark.parametrize(
    ("model", "last"), [("inception_v1", "pool2"), ("vgg16", "pool3"), ("alexnet", "pool2")]
)
def test_a_stem_is_the_network_cut_off(model: str, last: str) -> None:
    """Hooks count the network as it runs until the module that makes the map, and not beyond."""
    until = {"inception_v1": 28, "vgg16": 28, "alexnet": 13}[model]
    stem = ip.argue("stem", model, vs=model, until=until).sides[1].profile
    network = ip.build(model, device="meta").eval()
    macs = outputs = params = 0
    seen: list[str] = []

    def hook(name: str) -> Any:
        def count(module: nn.Module, inputs: Any, output: torch.Tensor) -> None:
            nonlocal macs, outputs, params
            if last in seen:
                return
            seen.append(name)
            if isinstance(module, nn.Conv2d):
                macs += module.weight.numel() * output.shape[2] * output.shape[3]
                params += elements(module)
            if not getattr(module, "inplace", False):
                outputs += output.numel()

        return count

    for name, module in network.named_modules():
        if not list(module.children()):
            module.register_forward_hook(hook(name))
    with torch.no_grad():
        network(torch.empty(1, 3, *([227, 227] if model == "alexnet" else [224, 224]), device="meta"))
    assert (stem.macs, stem.params, stem.activations) == (macs, params, outputs)
    assert stem.layers[-1].path == last


def test_a_stem_ends_with_the_block_that_makes_the_map() -> None:
    half = ip.argue("stem", "resnet18", vs="inception_v1", until=112)
    assert [layer.path for layer in half.sides[1].profile.layers] == ["conv1.conv", "conv1.bn", "conv1.relu"]
    whole = ip.argue("stem", "inception_v1", until=56)
    assert [layer.path for layer in whole.sides[1].profile.layers][-1] == "pool1"


def test_the_parts_of_a_stem_are_all_of_it() -> None:
    argument = ip.argue("stem")
    for position, side in enumerate(argument.sides):
        assert sum(one.groups[position].activations for one in argument.parts) == side.profile.activations
    whole = [ip.profile(name) for name in ("vgg16", "inception_v1")]
    first = argument.curve.points[-1]
    assert first.at == 112
    assert first.values[0] == whole[0].at("224").macs
    assert all(a.values > b.values for a, b in pairwise(argument.curve.points))


@few
@given(
    st.integers(1, 9), st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.lists(st.integers(1, 9), max_size=2), st.integers(1, 9), st.booleans(), st.booleans(),
)  # fmt: skip
def test_head(
    channels: int, size: tuple[int, int], hidden: list[int], classes: int, pool: bool, bias: bool
) -> None:
    argument = ip.argue(
        "head", channels=channels, size=size, hidden=hidden, classes=classes, pool=pool, bias=bias
    )
    widths = [channels * size[0] * size[1], *hidden, classes]
    full = [meta(nn.Linear, a, b, bias=bias) for a, b in pairwise(widths)]
    short = meta(nn.Linear, channels if pool else widths[0], classes, bias=bias)
    assert argument.sides[0].profile.params == sum(map(elements, full))
    assert argument.sides[1].profile.params == elements(short)
    assert argument.sides[0].profile.macs == sum(a * b for a, b in pairwise(widths))
    assert argument.ratio("params") == pytest.approx(sum(map(elements, full)) / elements(short))


@pytest.mark.parametrize(("model", "classifier"), [("alexnet", "fc"), ("vgg16", "fc")])
def test_the_head_of_a_network_is_its_own(model: str, classifier: str) -> None:
    argument = ip.argue("head", model)
    network = ip.build(model, device="meta")
    dense = [module for module in network.modules() if isinstance(module, nn.Linear)]
    assert argument.sides[0].profile.params == sum(map(elements, dense))
    share = sum(map(elements, dense)) / elements(network)
    assert f"{100 * share:.1f}% of the params" in argument.notes[0]
    assert argument.sides[1].profile.params == dense[-1].out_features * (
        argument.sides[0].profile.inputs[0].shape[1] + 1
    )


def test_a_head_behind_a_pooling_is_held_against_its_map_flattened() -> None:
    argument = ip.argue("head", "resnet18")
    assert argument.ratio("macs") == 49
    assert argument.sides[1].profile.params == 513_000


@few
@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3, 5]), st.booleans())
def test_double(channels: int, height: int, width: int, kernel: int, bias: bool) -> None:
    argument = ip.argue("double", channels=channels, size=(2 * height, 2 * width), kernel=kernel, bias=bias)
    before = meta(nn.Conv2d, channels, channels, kernel, padding=kernel // 2, bias=bias)
    after = meta(nn.Conv2d, 2 * channels, 2 * channels, kernel, padding=kernel // 2, bias=bias)
    profiles = [side.profile for side in argument.sides]
    assert profiles[0].macs == flop_counter_macs(before, (1, channels, 2 * height, 2 * width))
    assert profiles[1].macs == flop_counter_macs(after, (1, 2 * channels, height, width))
    assert [one.params for one in profiles] == [elements(before), elements(after)]
    assert argument.ratio("macs") == argument.steps[0].value == 1
    assert {point.ratio for point in argument.curve.points} == {1.0}
    assert argument.ratio("activations") == 2


def test_the_stages_of_vgg_cost_the_same_where_channels_double() -> None:
    parts = ip.argue("double").parts
    assert [one.ratio("macs") for one in parts] == [1, 1, 1, 4]


@few
@given(st.integers(1, 12), st.integers(1, 6), st.booleans(), st.integers(1, 5))
def test_residual(channels: int, expansion: int, same: bool, size: int) -> None:
    argument = ip.argue("residual", channels=channels, expansion=expansion, same_width=same, size=size)
    basic, bottleneck = (side.profile for side in argument.sides)
    width = channels * (expansion if same else 1)
    assert basic.macs == 2 * 9 * width**2 * size**2
    assert bottleneck.macs == (2 * expansion + 9) * channels**2 * size**2
    assert basic.params == 2 * 9 * width**2 + 4 * width
    assert bottleneck.params == (2 * expansion + 9) * channels**2 + 4 * channels + 2 * expansion * channels
    assert argument.ratio("macs") == pytest.approx(argument.steps[0].value, rel=1e-12)
    ratios = [point.ratio for point in argument.curve.points]
    assert all((later > earlier) if same else (later < earlier) for earlier, later in pairwise(ratios))


@few
@given(st.integers(1, 12), st.sampled_from([1, 2, 4]), st.integers(1, 4), st.integers(1, 4))
def test_squeeze(channels: int, reduction: int, height: int, width: int) -> None:
    argument = ip.argue("squeeze", channels=channels, reduction=reduction, size=(height, width))
    squeezed, plain = (side.profile for side in argument.sides)
    wide = 4 * channels
    small = wide // reduction
    assert squeezed.macs - plain.macs == 2 * wide * small
    assert squeezed.params - plain.params == 2 * wide * small + wide + small
    assert plain.macs == (2 * 4 + 9) * channels**2 * height * width
    assert all(a.ratio > b.ratio for a, b in pairwise(argument.curve.points))


def test_squeeze_in_the_whole_network() -> None:
    (note,) = ip.argue("squeeze").notes
    plain, squeezed = (elements(ip.build(name, device="meta")) for name in ("resnet50", "se_resnet50"))
    assert f"{(squeezed - plain) / 1e6:.3f} M params ({100 * (squeezed - plain) / plain:.1f}%)" in note


@pytest.mark.parametrize(
    ("name", "given_", "says"),
    [
        ("stem", {"until": 30}, "vgg16 never shrinks a map to 30×30: it does to 112, 56, 28, 14, 7"),
        (
            "stem",
            {"model": "inception_v3"},
            "never shrinks a map to 28×28: it does to 149, 147, 73",
        ),
        ("stem", {"until": 224}, "vgg16 never shrinks a map to 224×224"),
        ("stem", {"until": 0}, "until must be a whole number of 1 or more"),
        ("double", {"size": 7}, "size 7×7 cannot be halved"),
        ("double", {"size": (8, 7)}, "size 8×7 cannot be halved"),
        ("head", {"model": "nin"}, "nin does not end in fully connected layers"),
        ("head", {"classes": 0}, "classes must be a whole number"),
        ("head", {"hidden": (8, 0)}, "hidden must be a whole number"),
        ("squeeze", {"reduction": 7}, r"reduction 7 does not divide the block's 256 channels .*: take 8"),
        ("residual", {"channels": 0}, "channels must be a whole number"),
        ("chains", {"model": "resnet50"}, "in resnet50 no convolutions one after the other"),
    ],
)
def test_what_cannot_be_is_refused(name: str, given_: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        ip.argue(name, **given_)


def test_an_unknown_module_or_network_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'inception_4c' or 'inception_3b'"):
        ip.argue("module", "inception_3c")
    with pytest.raises(UnknownNameError, match="did you mean 'vgg19' or 'vgg16'"):
        ip.argue("stem", vs="vgg61")
