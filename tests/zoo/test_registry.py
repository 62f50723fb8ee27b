"""What every registered model does alike; its numbers are held to its card in test_cards.py."""

from __future__ import annotations

import pytest
import torch

from inception_profiler import build, models, profile
from inception_profiler.errors import InputError, LayerError, UnknownNameError
from inception_profiler.zoo.card import load
from tests.zoo.exercise import ANSWERS, trains

CARDS = {name: card for name, (card, _) in load().items()}
SIDE = 96
"""A side that every model takes which pools globally, and whose cost is small."""
ONE_SIZE = {"alexnet", "zfnet", "zfnet_enlarged", "lenet5", "lenet5_modern", "inception_v1_blog"} | {
    name for name in CARDS if name.startswith("vgg")
}
"""The models that take the card's input only."""
RUN_PARAMS = 30_000_000
"""What has more parameters takes seconds to train, and does so in the tests of its own file."""
AUXILIARY_SIDES = {"inception_v1": 224, "inception_v1_separable_stem": 224, "googlenet_torchvision": SIDE}
"""Where a step through the auxiliary heads is affordable; those of the others train in their own tests."""
SIDES = {
    name: AUXILIARY_SIDES.get(name, card.input[1] if name in ONE_SIZE else SIDE)
    for name, card in CARDS.items()
    if card.params < RUN_PARAMS
}

every_model = pytest.mark.parametrize("name", models())
every_auxiliary = pytest.mark.parametrize("name", [name for name, card in CARDS.items() if card.auxiliary])


@every_model
def test_layers_add_up_to_the_total_in_every_grouping(name: str) -> None:
    result = profile(name)
    groupings = (
        result.by_module(),
        result.by_op(),
        result.by_layer(),
        result.by_stage(),
        result.by_resolution(),
    )
    quantities = (
        "params", "macs", "ops", "flops", "activations", "activation_bytes", "calls", "weight_bytes",
    )  # fmt: skip
    for groups in ((result.total,), *groupings):
        for quantity in quantities:
            assert sum(getattr(group, quantity) for group in groups) == getattr(result, quantity), quantity
        assert max(group.peak_activation_bytes for group in groups) == result.peak_activation_bytes


@every_model
def test_the_cost_is_linear_in_the_batch_except_for_weights(name: str) -> None:
    one, two, three = (profile(name, batch=batch) for batch in (1, 2, 3))
    for quantity in ("macs", "activations", "activation_bytes", "contraction_activations", "bytes_written"):
        assert getattr(two, quantity) == 2 * getattr(one, quantity), quantity
    for quantity in ("ops", "flops", "bytes_read"):
        # the weights are read, and norms folded, once for any batch
        steps = [getattr(result, quantity) for result in (one, two, three)]
        assert steps[2] - steps[1] == steps[1] - steps[0] > 0, quantity
    assert one.params == three.params


@every_auxiliary
def test_auxiliary_heads_are_built_and_run_in_training_only(name: str) -> None:
    card = CARDS[name]
    # one image has no variance on the 1×1 map of some heads, so PyTorch refuses to train on it
    training, inference = profile(name, batch=2, train=True), profile(name, batch=2)
    assert training.params == card.params_with_auxiliary
    assert training.mode == "training"
    assert training.not_executed == ()
    assert training.at("auxiliary").params == card.params_with_auxiliary - card.params
    assert training.at("auxiliary").macs == training.macs - inference.macs > 0
    model = build(name, aux=True, device="meta")
    assert profile(model, (1, *card.input)).not_executed_params == card.params_with_auxiliary - card.params


@pytest.mark.parametrize("name", SIDES)
def test_it_runs_and_trains_one_step(name: str) -> None:
    card, side = CARDS[name], SIDES[name]
    model = build(name, num_classes=7, **({"aux": True} if name in AUXILIARY_SIDES else {}))
    shape = (2, card.input[0], side, side)
    with torch.no_grad():
        answer = model.eval()(torch.rand(shape))
        assert answer.shape == (2, *ANSWERS.get(name, ()), 7)
        assert answer.isfinite().all()
        answers = model.train()(torch.rand(shape))
    heads = len(card.auxiliary) if name in AUXILIARY_SIDES else 0
    assert (len(answers) if isinstance(answers, tuple) else 1) == 1 + heads
    trains(model, shape)


@every_model
def test_another_number_of_classes_and_channels(name: str) -> None:
    card = CARDS[name]
    channels = card.input[0] % 3 + 1
    model = build(name, num_classes=11, in_channels=channels, device="meta")
    result = profile(model, (2, channels, *card.input[1:]))
    assert result.layers[-1].call.outputs[0].shape == (2, *ANSWERS.get(name, ()), 11)
    assert result.params == sum(parameter.numel() for parameter in model.parameters())


@every_model
def test_a_wrong_input_fails_in_one_line_that_names_a_layer(name: str) -> None:
    channels, *size = CARDS[name].input
    with pytest.raises(LayerError) as caught:
        profile(name, (channels + 1, *size))
    assert caught.value.layer
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", sorted(ONE_SIZE))
def test_another_size_fails_clearly(name: str) -> None:
    channels, height, width = CARDS[name].input
    with pytest.raises((InputError, LayerError)) as caught:
        profile(name, (channels, height + 64, width + 64))
    assert "\n" not in str(caught.value)


def test_building_refuses_what_makes_no_sense() -> None:
    with pytest.raises(InputError, match="no auxiliary heads"):
        build("vgg11", aux=True)
    with pytest.raises(InputError, match="num_classes"):
        build("vgg11", num_classes=0)
    with pytest.raises(UnknownNameError, match="inception_v1"):
        build("inception_v11")
