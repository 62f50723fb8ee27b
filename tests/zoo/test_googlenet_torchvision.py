"""GoogLeNet of torchvision: its function is proven in tests/peers."""

from __future__ import annotations

import inception_profiler as ip
from inception_profiler.zoo.card import build
from tests.zoo.exercise import auxiliary_widths, refuses, sizes, trains
from tests.zoo.test_inception_v1_slim import STAGES

NAME = "googlenet_torchvision"


def test_sizes_are_the_paper_s() -> None:
    assert sizes(NAME, STAGES) == STAGES


def test_it_differs_from_tf_slim_s_by_the_scales_alone() -> None:
    ours, slim = (build(name, device="meta") for name in (NAME, "inception_v1_slim"))
    assert len(list(ours.parameters())) - len(list(slim.parameters())) == 57
    assert ip.profile(NAME).macs == ip.profile("inception_v1_slim").macs


def test_auxiliary_heads() -> None:
    heads = {"logits": (2, 7), "aux_logits2": (2, 7), "aux_logits1": (2, 7)}
    assert auxiliary_widths(NAME) == heads


def test_trains_with_its_heads_on_any_map() -> None:
    trains(build(NAME, num_classes=3, aux=True), (2, 3, 48, 48))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=4)
