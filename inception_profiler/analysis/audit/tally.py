"""What an engine found, before it is held against us."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from inception_profiler.analysis.audit.places import Place


class Fault(NamedTuple):
    """A declared fault of an engine at one place: the MACs it leads to, and the right ones without it."""

    name: str
    wrong: int
    right: int

    def explains(self, found: int, ours: int) -> bool:
        """Whether it leads from our number to just the one that was found."""
        return found == self.wrong and ours == self.right


@dataclass(slots=True)
class Tally:
    """What an engine counted by place, and the places at which a declared fault of its own shows.

    ``modules`` is False where only the total, under the path "", is known.
    """

    macs: dict[Place, int] = field(default_factory=dict)
    faults: dict[Place, Fault] = field(default_factory=dict)
    modules: bool = True

    def add(self, place: Place, macs: int) -> None:
        """Add MACs at a place."""
        self.macs[place] = self.macs.get(place, 0) + macs
