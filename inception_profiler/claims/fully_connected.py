"""What share of AlexNet's parameters its fully connected layers hold, as published and without its groups."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from inception_profiler.analysis.profile import profile
from inception_profiler.claims.derive import counted, share
from inception_profiler.claims.layers import of_kind, params
from inception_profiler.records.claim import Reading
from inception_profiler.records.profile import Profile

UNGROUPED = "AlexNet as one tower: the paper's widths, without groups"


@cache
def one_tower() -> Profile:
    """Profile AlexNet with every filter seeing every channel, as it is usually built on one device."""
    from inception_profiler.zoo.alexnet_one_tower import without_groups

    found = profile(without_groups(), tuple(counted("alexnet").inputs[0].shape))
    return replace(found, model="alexnet without groups")


def fully_connected_share(model: Profile) -> Reading:
    """Divide the parameters of the fully connected layers by all."""
    return share(model, of_kind(model.layers, "linear"), params, "params")


def share_in_alexnet() -> tuple[Reading, ...]:
    """Return the share in AlexNet as published, and in the usual one without groups."""
    one = replace(fully_connected_share(one_tower()), convention=UNGROUPED)
    return (fully_connected_share(counted("alexnet")), one)
