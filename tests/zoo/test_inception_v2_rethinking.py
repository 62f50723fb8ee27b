"""The reconstruction of Table 1 of Rethinking the Inception Architecture."""

from __future__ import annotations

import inception_profiler as ip
from inception_profiler.zoo.card import MODELS, build
from tests.zoo.exercise import refuses, sizes, trains

NAME = "inception_v2_rethinking"
# The paper prints the input of each row: an output here is the next row's input there.
STAGES = {
    "conv1": (32, 149, 149), "conv2": (32, 147, 147), "conv3": (64, 147, 147), "pool": (64, 73, 73),
    "conv4": (80, 71, 71), "conv5": (192, 35, 35), "conv6": (288, 35, 35),
    "inception_5_1": (288, 35, 35), "inception_5_3": (288, 35, 35), "reduction_5": (768, 17, 17),
    "inception_6_1": (768, 17, 17), "inception_6_5": (768, 17, 17), "reduction_6": (1280, 8, 8),
    "inception_7_1": (2048, 8, 8), "inception_7_2": (2048, 8, 8), "average": (2048, 1, 1),
}  # fmt: skip


def test_sizes_are_the_table_s() -> None:
    assert sizes(NAME, STAGES) == STAGES


def test_the_stem_is_the_table_s() -> None:
    stem = [layer for layer in ip.profile(NAME).layers if layer.call.path.startswith("conv")]
    expected = (
        3 * 9 * 32 * 149**2 + 32 * 9 * 32 * 147**2 + 32 * 9 * 64 * 147**2
        + 64 * 9 * 80 * 71**2 + 80 * 9 * 192 * 35**2 + 192 * 9 * 288 * 35**2
    )  # fmt: skip
    assert sum(layer.cost.macs for layer in stem) == expected == 1_627_898_976


def test_the_card_says_that_it_is_a_reconstruction_and_how_far_off() -> None:
    card = MODELS.get(NAME).card
    assert "reconstruction" in card.title
    assert card.deviations[0].startswith("A reconstruction")
    googlenet = ip.profile("inception_v1").macs
    assert card.macs > 3.8e9
    assert card.macs > 2.5 * googlenet


def test_no_5x5_is_left_and_five_modules_of_figure_6() -> None:
    layers = {layer.call.path for layer in ip.profile(NAME).layers}
    assert not [path for path in layers if "5x5" in path]
    assert {path.split(".")[0] for path in layers if path.startswith("inception_6_")} == {
        f"inception_6_{number}" for number in range(1, 6)
    }


def test_trains() -> None:
    trains(build(NAME, num_classes=3), (2, 3, 107, 107))


def test_wrong_inputs_are_refused() -> None:
    refuses(NAME, small=40)
