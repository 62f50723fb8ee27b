"""Costs at many sizes: every point is a count of its own, and laws are what arithmetic says they are."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler.analysis.law import law
from inception_profiler.analysis.scaling import scaled, swept
from inception_profiler.analysis.subject import subject
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.archive import dumps, loads


def small() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)
    )


def test_every_point_is_what_a_profile_of_its_own_says() -> None:
    curve = ip.scale("vgg11", batch=(1, 2, 5), metrics=("macs", "ops", "peak_activation_bytes"))
    for point in curve.points:
        alone = ip.profile("vgg11", batch=point.at)
        assert point.values == (alone.macs, alone.ops, alone.peak_activation_bytes)
    curve = ip.scale(small(), (1, 3, 8, 8), input=(8, 9, 16), metrics=("macs",))
    assert curve.values("macs") == tuple(27 * 8 * side**2 + 80 for side in (8, 9, 16))


def test_the_network_is_built_once_and_left_alone() -> None:
    network = small()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    ip.scale(network, (1, 3, 8, 8), input=range(4, 20))
    assert network.training
    assert all((value == before[name]).all() for name, value in network.state_dict().items())


def test_the_batch_multiplies_what_is_done_and_leaves_the_weights() -> None:
    curve = ip.scale(small(), (1, 3, 8, 8), batch=range(1, 9), metrics=("macs", "params"))
    macs = curve.law("macs")
    assert macs.exact
    assert (macs.kind, macs.constant, macs.factor) == ("linear", 0, 27 * 8 * 64 + 80)
    assert (curve.law("params").kind, curve.law("params").constant) == ("constant", 27 * 8 + 8 + 90)


def test_convolutions_cost_by_the_pixel_and_the_classifier_does_not() -> None:
    found = ip.scale(small(), (1, 3, 8, 8), input=range(8, 65, 8), metrics=("macs",)).law("macs")
    assert (found.kind, found.variable) == ("linear", "pixels")
    assert (found.constant, found.factor) == (80, 27 * 8)


def test_a_cost_that_rounding_makes_uneven_is_fitted_and_its_error_told() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.Conv2d(4, 4, 3))
    curve = ip.scale(model, (1, 3, 8, 8), input=range(20, 60, 3), metrics=("macs",))
    found = curve.law("macs")
    assert found.kind == "power"
    assert not found.exact
    assert 1 < found.exponent < 1.3
    ratios = [
        value / (found.factor * (point.at**2) ** found.exponent)
        for point, value in zip(curve.points, curve.values("macs"), strict=True)
    ]
    assert max(abs(ratio - 1) for ratio in ratios) == pytest.approx(found.deviation)
    assert 0 < found.deviation < 0.1


def test_the_fit_finds_a_power_that_is_there() -> None:
    at = [10, 20, 40, 80]
    found = law("macs", "pixels", at, [3 * x**2 for x in at])
    assert found.exponent == pytest.approx(2)
    assert found.factor == pytest.approx(3)
    assert found.deviation == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([5, 5, 5], "constant"),
        ([5, 7, 9], "linear"),
        ([5, 7, 10], "power"),
        ([0, 7, 10], "none"),
        ([5, None, 9], "none"),
        ([0.5, 1.0, 1.5], "linear"),
        ([0.5, 1.0, 1.5000001], "power"),
        ([10**12, 2 * 10**12 + 1, 3 * 10**12], "power"),
        ([10**12, 10**12, 10**12 + 1], "power"),
    ],
)
def test_which_law(values: list[float | None], kind: str) -> None:
    assert law("macs", "batch", [1, 2, 3], values).kind == kind


def test_a_law_is_exact_where_a_float_is_not() -> None:
    factor, constant = 10**17 + 1, 10**16 + 3
    found = law("macs", "batch", [1, 2, 5], [constant + factor * x for x in (1, 2, 5)])
    assert (found.constant, found.factor) == (constant, factor)
    assert (law("macs", "batch", [1, 2, 3], [1.0, 1.5, 2.0]).factor) == 0.5


def test_a_refused_point_is_left_out_of_the_law() -> None:
    refusing = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(3, 4, 1, bias=False))
    curve = ip.scale(refusing, (1, 3, 8, 8), input=(1, 2, 4, 8), metrics=("macs",))
    assert [bool(point.refused) for point in curve.points] == [True, False, False, False]
    assert curve.values("macs") == (None, 12, 48, 192)
    found = curve.law("macs")
    assert (found.kind, found.constant, found.factor) == ("linear", 0, 3)


def test_a_point_is_counted_once_and_in_the_order_asked_for() -> None:
    curve = ip.scale(small(), (1, 3, 8, 8), batch=(4, 1, 4, 2), metrics=("macs",))
    assert [point.at for point in curve.points] == [4, 1, 2]
    assert curve.setting == "N×3×8×8"
    assert ip.scale(small(), (2, 3, 8, 8), input=(8,)).setting == "2×3×side×side"


def test_what_is_unknown_at_any_point_is_told() -> None:
    class Net(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.linalg.eigvalsh(x) if x.shape[-1] == 4 else x

    curve = ip.scale(Net(), (1, 3, 8, 8), input=(2, 4, 8), metrics=("macs",))
    assert len(curve.unpriced) > 0
    assert ip.scale(Net(), (1, 3, 8, 8), input=(2, 8), metrics=("macs",)).unpriced == ()


def test_a_point_that_a_layer_refuses_says_so_and_the_rest_goes_on() -> None:
    curve = ip.scale("vgg16", input=(16, 200, 224), metrics=("macs",))
    first, second, third = curve.points
    assert first.refused.startswith("layer pool5")
    assert second.refused.startswith("layer fc6.linear")
    assert (third.refused, third.values) == ("", (ip.profile("vgg16").macs,))
    assert curve.values("macs") == (None, None, ip.profile("vgg16").macs)
    assert curve.law("macs").kind == "none"


def test_a_curve_can_be_kept_and_read_back() -> None:
    sweep = swept(
        (subject("lenet5"), subject("alexnet")),
        (("batch", (1, 2, 3)), ("input", (32, 64))),
        ("macs", "depth"),
    )
    assert sweep.axes == ("batch", "input")
    assert [curve.model for curve in sweep.along("batch")] == ["lenet5", "alexnet"]
    assert loads(dumps(sweep)) == sweep
    assert loads(dumps(sweep.curves[0])) == sweep.curves[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "one axis"),
        ({"input": (8,), "batch": (1,)}, "one axis"),
        ({"batch": ()}, "at least one"),
        ({"batch": (0,)}, "positive"),
        ({"input": (8.5,)}, "positive"),
    ],
)
def test_a_mistake_is_told(options: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        ip.scale(small(), (1, 3, 8, 8), **options)


def test_what_is_no_image_has_no_side() -> None:
    with pytest.raises(InputError, match="no image"):
        ip.scale(nn.Linear(4, 4), (1, 4), input=(8, 16))
    with pytest.raises(InputError, match="input or batch"):
        scaled(subject("lenet5"), "width", (1,))
    with pytest.raises(UnknownNameError):
        ip.scale("lenet5", batch=(1,), metrics=("mac",))
