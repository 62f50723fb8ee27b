"""Every registered model against its card and against counts that are not ours."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from inception_profiler import Profile, build, models, profile
from inception_profiler.errors import InputError, LayerError, UnknownNameError
from inception_profiler.zoo.card import ModelCard, load
from tests.analysis.oracle import elements, flop_counter_macs, operator_macs

RUN_PARAMS, RUN_MACS = 30_000_000, 3_000_000_000  # what is run for real here has to be small
CARDS = {name: card for name, (card, _) in load().items()}
SMALL = [name for name, card in CARDS.items() if card.params < RUN_PARAMS and card.macs < RUN_MACS]

every_model = pytest.mark.parametrize("name", models())
every_auxiliary = pytest.mark.parametrize("name", [name for name, card in CARDS.items() if card.auxiliary])


@every_model
def test_the_counts_are_those_of_the_card_and_of_the_oracles(name: str) -> None:
    card: ModelCard = CARDS[name]
    model, shape = build(name, device="meta").eval(), (1, *card.input)
    result = profile(name)
    assert result.model == card.name == name
    assert result.params == card.params == elements(model)
    assert result.macs == card.macs == flop_counter_macs(model, shape) == operator_macs(model, shape)
    assert result.unpriced == ()
    assert result.fallback == ""
    assert result.not_executed == ()


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
    for groups in ((result.total,), *groupings):
        for quantity in (
            "params",
            "macs",
            "ops",
            "flops",
            "activations",
            "activation_bytes",
            "calls",
            "weight_bytes",
        ):
            assert sum(getattr(group, quantity) for group in groups) == getattr(result, quantity), quantity
        assert max(group.peak_activation_bytes for group in groups) == result.peak_activation_bytes


@every_model
def test_the_cost_is_linear_in_the_batch_except_for_weights(name: str) -> None:
    one, two, three = (profile(name, batch=batch) for batch in (1, 2, 3))
    for quantity in ("macs", "activations", "activation_bytes", "contraction_activations", "bytes_written"):
        assert getattr(two, quantity) == 2 * getattr(one, quantity), quantity
    for quantity in (
        "ops",
        "flops",
        "bytes_read",
    ):  # the weights are read, and norms folded, once for any batch
        steps = [getattr(result, quantity) for result in (one, two, three)]
        assert steps[2] - steps[1] == steps[1] - steps[0] > 0, quantity
    assert one.params == three.params


@every_auxiliary
def test_auxiliary_heads_are_built_and_run_in_training_only(name: str) -> None:
    card = CARDS[name]
    model = build(name, aux=True, device="meta")
    training: Profile = profile(name, train=True)
    assert training.params == card.params_with_auxiliary == elements(model)
    assert training.mode == "training"
    assert training.not_executed == ()
    assert training.at("auxiliary").params == card.params_with_auxiliary - card.params
    assert training.at("auxiliary").macs == training.macs - card.macs
    assert profile(model, (1, *card.input)).not_executed_params == card.params_with_auxiliary - card.params


@pytest.mark.parametrize("name", SMALL)
def test_it_runs_and_trains_one_step(name: str) -> None:
    torch.manual_seed(0)
    card = CARDS[name]
    model = build(name, aux=bool(card.auxiliary), num_classes=7)
    images, labels = torch.rand(2, *card.input), torch.tensor([1, 2])
    with torch.no_grad():
        logits: Tensor = model.eval()(images)
    assert logits.shape == (2, 7)
    assert logits.isfinite().all()
    outputs: Any = model.train()(images)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    assert len(outputs) == 1 + len(card.auxiliary)
    loss = sum(functional.cross_entropy(output, labels) for output in outputs)
    loss.backward()
    torch.optim.SGD(model.parameters(), 1e-3).step()
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert all(parameter.isfinite().all() for parameter in model.parameters())


@every_model
def test_another_number_of_classes_and_channels(name: str) -> None:
    card = CARDS[name]
    model = build(name, num_classes=11, in_channels=1, device="meta")
    result = profile(model, (2, 1, *card.input[1:]))
    assert result.layers[-1].call.outputs[0].shape == (2, 11)
    assert result.params == elements(model)


@every_model
def test_a_wrong_input_fails_in_one_line_that_names_a_layer(name: str) -> None:
    channels, *size = CARDS[name].input
    with pytest.raises(LayerError) as caught:
        profile(name, (channels + 1, *size))
    assert caught.value.layer
    assert "\n" not in str(caught.value)


@every_model
def test_the_card_is_complete(name: str) -> None:
    card = CARDS[name]
    assert all((card.title, card.paper, card.family, card.params, card.macs))
    assert 1990 < card.year < 2030
    assert bool(card.auxiliary) == (card.params_with_auxiliary is not None)
    for path in card.auxiliary:
        build(name, aux=True, device="meta").get_submodule(path)


def test_building_refuses_what_makes_no_sense() -> None:
    with pytest.raises(InputError, match="no auxiliary heads"):
        build("vgg11", aux=True)
    with pytest.raises(InputError, match="num_classes"):
        build("vgg11", num_classes=0)
    with pytest.raises(UnknownNameError, match="inception_v1"):
        build("inception_v11")
