"""The sweep that needs no file: the Inception family, and what it was compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inception_profiler.bench.sweep.grid import Plan, plan
from inception_profiler.zoo.card import load

BESIDE = ("vgg16", "alexnet", "resnet50")


def inception_plan(axes: Mapping[str, Any]) -> Plan:
    """Return a plan of every registered network of the family and of `BESIDE`, at ``axes``.

    Raises:
        InputError: an unknown axis, or a value that it cannot have.
    """
    family = [card.name for card, _ in load().values() if card.family == "inception"]
    return plan({"models": [*family, *BESIDE], "batch": [1, 8], **axes})
