"""How much of a profile is known, and how: the answer to "can I publish this number?"."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.trace import Unpriced

OWN = "own"
"""The family of operations that are counted by a rule of the user's own."""


@record
class Unknown:
    """An operation whose cost is unknown: how often it ran, and the modules in which it did."""

    op: str
    calls: int
    paths: tuple[str, ...]


@record
class Coverage(Shown):
    """How the cost of every operation of a forward pass is known.

    Attributes:
        model: whose.
        rule_calls: operations with arithmetic, counted by a rule of this package.
        own_calls: those counted by a rule that the user registered.
        operator_calls: those priced by PyTorch's own formulas and by tables of its operators.
        free_calls: operations that compute nothing by definition: views, copies, dropout in inference.
        unknown_calls: operations whose cost is not known and not counted.
        rule_flops: FLOPs counted by rules.
        own_flops: FLOPs counted by the user's rules.
        operator_flops: FLOPs priced by formulas and tables.
        unknown: the operations that are not known.
        fallback: empty, or on what values the model had to be run, and why: the counts are of that one run.
    """

    model: str
    rule_calls: int
    own_calls: int
    operator_calls: int
    free_calls: int
    unknown_calls: int
    rule_flops: int
    own_flops: int
    operator_flops: int
    unknown: tuple[Unknown, ...]
    fallback: str

    @property
    def calls(self) -> int:
        """All operations."""
        counted = self.rule_calls + self.own_calls + self.operator_calls
        return counted + self.free_calls + self.unknown_calls

    @property
    def flops(self) -> int:
        """All FLOPs that are known."""
        return self.rule_flops + self.own_flops + self.operator_flops

    @property
    def complete(self) -> bool:
        """Whether the cost of every operation is known."""
        return not self.unknown

    def save(self, path: str | PathLike[str]) -> None:
        """Write the coverage as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


def coverage(
    model: str, layers: Iterable[LayerCost], unpriced: Iterable[Unpriced], fallback: str = ""
) -> Coverage:
    """Sort the calls of a profile by how their cost is known; every call is of one sort."""
    entries = tuple(unpriced)
    unknown = {(_plain(entry.op), entry.path) for entry in entries}
    calls = {"rule": 0, OWN: 0, "operator": 0, "free": 0}
    flops = {"rule": 0, OWN: 0, "operator": 0}
    for layer in layers:
        operator = "." in layer.op  # a rule has a plain name, an operator of PyTorch's has its namespace
        if operator and (layer.op, layer.path) in unknown:
            continue
        if not layer.flops:
            calls["free"] += 1
            continue
        sort = "operator" if operator else OWN if layer.call.kind == OWN else "rule"
        calls[sort] += 1
        flops[sort] += layer.flops
    return Coverage(
        model,
        calls["rule"],
        calls[OWN],
        calls["operator"],
        calls["free"],
        sum(entry.calls for entry in entries),
        flops["rule"],
        flops[OWN],
        flops["operator"],
        _gathered(entries),
        fallback,
    )


def _plain(op: str) -> str:
    """Return the name of the calls of an unpriced operator: ``aten.topk`` for ``aten::topk``."""
    return op.replace("::", ".")


def _gathered(entries: Iterable[Unpriced]) -> tuple[Unknown, ...]:
    members: dict[str, list[Unpriced]] = {}
    for entry in entries:
        members.setdefault(entry.op, []).append(entry)
    return tuple(
        Unknown(op, sum(entry.calls for entry in inside), tuple(entry.path for entry in inside))
        for op, inside in members.items()
    )
