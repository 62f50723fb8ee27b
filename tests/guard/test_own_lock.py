"""The lock file of this project's own registry, against the cards, whose numbers nobody counted here."""

from __future__ import annotations

from pathlib import Path

from inception_profiler.guard.configuration import configured
from inception_profiler.guard.lockfile import read_lock
from inception_profiler.zoo.card import load

ROOT = Path(__file__).parents[2]


def test_every_registered_model_is_locked_as_its_card_says() -> None:
    lock = read_lock(configured(str(ROOT / "pyproject.toml")).lock)
    cards = {name: (card.params, card.macs) for name, (card, _) in load().items()}
    assert {model.name: (model.total("params"), model.total("macs")) for model in lock.models} == cards


def test_the_layers_of_a_locked_model_add_up_to_it() -> None:
    for model in read_lock(ROOT / "profile.lock.json").models:
        for metric in ("params", "macs", "flops", "activation_bytes"):
            assert sum(getattr(row, metric) for row in model.layers) == model.total(metric), model.name
