from __future__ import annotations

import pytest
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
