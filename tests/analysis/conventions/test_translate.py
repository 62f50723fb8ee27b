from __future__ import annotations

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.analysis.conventions.convention import load
from inception_profiler.analysis.conventions.translate import TOOLS, translation, with_companions
from inception_profiler.errors import InputError
from inception_profiler.records.convention import MACS


@pytest.fixture(scope="module")
def profile() -> ip.Profile:
    return ip.profile("resnet50")


def test_every_convention_parts_its_number_without_remainder(profile: ip.Profile) -> None:
    explanation = ip.explain(profile, tuple(load()))
    for position, reading in enumerate(explanation.readings):
        assert sum(row.amounts[position] for row in explanation.rows) == reading.total
        assert sum(reading.by_call().values()) == reading.total == reading.at("")
        assert sum(reading.by_module(2).values()) == reading.total
        if load().get(reading.convention).per_mac:
            assert reading.by_kind()[MACS, ""] == profile.macs


@pytest.mark.parametrize(
    "name",
    [
        "resnet50",
        "googlenet",
        "mobilenet_v3_small",
        "vit_b_16",
        "densenet121",
        "shufflenet_v2_x1_0",
        "swin_t",
    ],
)
def test_the_numbers_that_torchvision_publishes(name: str) -> None:
    from torchvision.models import get_model_weights

    published = next(iter(get_model_weights(name))).meta["_ops"]
    counted = ip.translate(ip.profile(f"torchvision:{name}", (3, 224, 224)), "torchvision").total
    assert round(counted / 1e9, 3) == published


def test_several_models_under_one_convention(profile: ip.Profile) -> None:
    other = ip.profile("vgg16")
    both = translation((profile, other), ("paper", "thop"))
    assert both.ratio(0) == profile.macs / other.macs
    assert both.ratio(1) != both.ratio(0)


def test_what_cannot_be_asked_for_is_refused(profile: ip.Profile) -> None:
    with pytest.raises(InputError, match=r"did you mean 'thop'.*torchprofile"):
        ip.translate(profile, "thob")
    with pytest.raises(InputError, match="at least one"):
        ip.explain(profile, ())
    trained = ip.profile("resnet50", batch=2, train=True)
    with pytest.raises(InputError, match="eval mode"):
        ip.translate(trained, "thop")
    assert ip.translate(trained, "fvcore").total > 2 * ip.translate(profile, "fvcore").total


def test_a_lecture_brings_its_other_columns() -> None:
    assert with_companions(["lecture", "paper"]) == ("lecture", "lecture-memory", "lecture-params", "paper")
    assert set(TOOLS) <= set(load())


def test_ptflops_divides_what_modules_cost_by_the_batch_and_not_what_functions_cost() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    one, four = (ip.translate(ip.profile(network, (n, 3, 8, 8)), "ptflops").total for n in (1, 4))
    relu = 4 * 6 * 6
    assert four == one + 3 * relu


class Forgetful(nn.Module):
    """Makes two results, of which it returns one; the other is made before, or after."""

    def __init__(self, *, last: bool) -> None:
        super().__init__()
        self.kept, self.lost, self.last = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 4, 3), last

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.last:
            self.lost(x).mean()
        found = self.kept(x)
        found[:, 0].relu_()
        if self.last:
            self.lost(x).mean()
        return found


@pytest.mark.parametrize("last", [False, True])
def test_tools_that_read_a_graph_leave_out_what_is_not_returned(last: bool) -> None:
    explanation = ip.explain(ip.profile(Forgetful(last=last), (3, 8, 8)), ("fvcore", "torchprofile", "paper"))
    kept = 3 * 4 * 8 * 8
    assert [reading.total for reading in explanation.readings] == [kept, kept, kept + 3 * 4 * 9 * 6 * 6]
    assert all(reading.at("lost") == 0 for reading in explanation.readings[:2])
    assert explanation.rows[-1].fault == "leaves out what the model does not return"


def test_every_limit_names_an_operation_that_ran_and_where() -> None:
    profile = ip.profile(nn.GRU(4, 4), (5, 2, 4))
    limits = {reading.convention: reading.limits for reading in ip.explain(profile).readings}
    assert not any(limits[tool] for tool in ("fvcore", "torchinfo", "ptflops", "thop", "calflops"))
    (limit,) = limits["flopcounter"]
    assert (limit.ops, limit.paths) == (("gru",), ("",))
    assert "cuDNN" in limit.why
