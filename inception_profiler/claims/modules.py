"""The modules of GoogLeNet where they stand, each with its naive counterpart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from inception_profiler.claims.sides import side
from inception_profiler.records.argument import Side
from inception_profiler.records.frozen import record

if TYPE_CHECKING:
    from torch import nn

    from inception_profiler.zoo.inception_v1 import Widths

NETWORK, NAIVE = "inception_v1", "inception_v1_naive"


@record
class Place:
    """A module where it stands: the map that it is given, and its filters."""

    name: str
    channels: int
    size: tuple[int, int]
    widths: Widths

    def of_width(self, channels: int) -> Place:
        """Return the same module on a map of other channels."""
        return replace(self, channels=channels)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """N C H W of the map that the module is given."""
        return (1, self.channels, *self.size)

    @property
    def naive_out(self) -> int:
        """Channels that the naive module hands on: its input beside its three convolutions."""
        return self.channels + self.widths.conv_1x1 + self.widths.conv_3x3 + self.widths.conv_5x5


def places() -> Mapping[str, Place]:
    """Return the modules of GoogLeNet, with the map that each is given in a profile of the network."""
    from inception_profiler.analysis.part import inside
    from inception_profiler.analysis.profile import profile
    from inception_profiler.zoo.inception_v1 import TABLE_1

    network = profile(NETWORK)
    found = {}
    for name, widths in TABLE_1.items():
        _, channels, height, width = inside(network, name).inputs[0].shape
        found[name] = Place(name, channels, (height, width), widths)
    return found


def networks(place: Place) -> tuple[nn.Module, nn.Module]:
    """Build the naive module and the module itself."""
    from inception_profiler.zoo.inception_v1 import Inception
    from inception_profiler.zoo.inception_v1_naive import NaiveInception
    from inception_profiler.zoo.weightless import Weightless

    with Weightless():
        return NaiveInception(place.channels, place.widths), Inception(place.channels, place.widths)


def pair(place: Place) -> tuple[Side, Side]:
    """Profile the naive module and the module itself on one map."""
    from inception_profiler.analysis.profile import profile

    naive, reduced = (profile(network, place.shape) for network in networks(place))
    return side("naive", naive), side("reduced", reduced)
