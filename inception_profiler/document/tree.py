"""A model as a tree of its modules, as data: what each measure spends where, and no drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inception_profiler.records.frozen import record
from inception_profiler.units import Unit


@record
class Measure:
    """What is spent in a tree.

    Attributes:
        key: its name for machines.
        title: its name for people.
        unit: in what; every number has a magnitude of its own, as they span many.
        explained: what it is, in one line.
    """

    key: str
    title: str
    unit: Unit
    explained: str = ""


@record
class Node:
    """A module, or an operation that a module does itself.

    Attributes:
        label: its name within what holds it: ``5x5_reduce``.
        title: its full name: ``inception_3a/5x5_reduce``.
        parent: position of what holds it; None for the model.
        values: one number for each measure; those of the parts add up to that of the whole.
        kind: the kind of operation, and so its colour; empty where it has parts.
    """

    label: str
    title: str
    parent: int | None
    values: tuple[float, ...]
    kind: str = ""


@record
class Tree:
    """A model and its modules, in the order of execution, what holds others before them.

    Attributes:
        title: what it is of.
        measures: what is told of every node.
        nodes: the model first.
        source: what was counted or measured, and how.
    """

    title: str
    measures: tuple[Measure, ...]
    nodes: tuple[Node, ...]
    source: str = ""

    def share(self, node: Node, measure: int) -> float:
        """Return what part of the whole a node spends."""
        whole = self.nodes[0].values[measure]
        return node.values[measure] / whole if whole else 0.0


@record
class Anatomy:
    """Trees beside tables that say the same, for formats in which one can move; the others leave it out.

    They have the same measures, are shown side by side, and are worked out only when a format asks.

    Attributes:
        title: what is to be seen.
        grow: returns the trees; called with ``of``.
        of: the results that they show.
        caption: how it is to be read.
    """

    title: str
    grow: Callable[..., Iterator[Tree]]
    of: tuple[Any, ...]
    caption: str = ""

    def trees(self) -> tuple[Tree, ...]:
        """Return the trees."""
        return tuple(self.grow(*self.of))
