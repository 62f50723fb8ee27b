"""One network counted by the rules of another tool, charge by charge, and why tools disagree."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.comparison import quotient
from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.naming import Naming
from inception_profiler.records.trace import TensorSpec

MACS = "MACs"
"""The kind of charge that every convention agrees on: one for each multiply-accumulate of a contraction."""

SECOND = "multiply and add apart"
"""The kind of charge by which a convention that counts two operations for each MAC exceeds it."""


@record
class Charge:
    """What a convention books for one call.

    Attributes:
        call: index of the call in the profile.
        path: the module that executed it.
        kind: what is charged: `MACS`, `SECOND`, ``bias``, or the operation, ``batch_norm``.
        amount: in the unit of the reading; negative where the tool leaves out MACs.
        fault: empty, or what the tool does wrong here.
    """

    call: int
    path: str
    kind: str
    amount: int
    fault: str


@record
class Limit:
    """What a reading does not follow the tool in, so that its total need not be the tool's.

    Attributes:
        why: what the tool does otherwise.
        ops: the operations, ``gru``, each once.
        paths: the modules that execute them, each once.
    """

    why: str
    ops: tuple[str, ...]
    paths: tuple[str, ...]


@record
class Reading:
    """One model under one convention; ``total`` is the number that the tool shows, but for ``limits``.

    Attributes:
        convention: name of the convention, ``fvcore``.
        tool: who counts so, ``fvcore.nn.FlopCountAnalysis``.
        version: the version of the tool that is followed.
        title: what the tool calls its number, ``flops``.
        unit: ``count`` or ``bytes``.
        scope: what is counted and what is not, in one line.
        charges: the number, call by call; no charge is zero.
        failure: empty, or why the real tool stops on this model with an error; the total is then what its
            rules would give.
        limits: the operations on which the tool may give another number; empty where it is followed.
    """

    convention: str
    tool: str
    version: str
    title: str
    unit: str
    scope: str
    charges: tuple[Charge, ...]
    failure: str
    limits: tuple[Limit, ...] = ()

    @property
    def total(self) -> int:
        """The number that the tool shows, but for ``limits``: the sum of the charges."""
        return sum(charge.amount for charge in self.charges)

    def by_kind(self) -> dict[tuple[str, str], int]:
        """Add up the charges of one kind and fault, in the order in which they first occur."""
        amounts: dict[tuple[str, str], int] = {}
        for charge in self.charges:
            key = (charge.kind, charge.fault)
            amounts[key] = amounts.get(key, 0) + charge.amount
        return amounts

    def by_call(self) -> dict[int, int]:
        """Add up the charges of each call, by the index of the call."""
        amounts: dict[int, int] = {}
        for charge in self.charges:
            amounts[charge.call] = amounts.get(charge.call, 0) + charge.amount
        return amounts

    def by_module(self, depth: int) -> dict[str, int]:
        """Add up the charges by the first ``depth`` segments of the module path, in order of execution."""
        amounts: dict[str, int] = {}
        for charge in self.charges:
            head = ".".join(charge.path.split(".")[:depth])
            amounts[head] = amounts.get(head, 0) + charge.amount
        return amounts

    def at(self, path: str) -> int:
        """Add up what is charged to a module and to everything inside it; the model itself is ``""``."""
        inside = f"{path}." if path else ""
        return sum(
            charge.amount
            for charge in self.charges
            if charge.path == path or charge.path.startswith(inside) or not path
        )


@record
class Row:
    """One kind of charge across several readings: what each adds to, or leaves out of, the MACs."""

    kind: str
    fault: str
    amounts: tuple[int, ...]


@record
class Explanation(Shown):
    """Why several conventions give one model different numbers.

    Attributes:
        model: the registered name, or the class of the module.
        mode: whether inference or training was counted.
        inputs: the tensors the model was given.
        macs: the pure MACs of convolutions, linear layers and matrix products.
        readings: the model under each convention.
        naming: how paths are shown.
    """

    model: str
    mode: str
    inputs: tuple[TensorSpec, ...]
    macs: int
    readings: tuple[Reading, ...]
    naming: Naming

    @property
    def rows(self) -> tuple[Row, ...]:
        """The readings side by side, kind by kind; every column adds up to the total of its reading.

        What all agree on comes first, then what each adds, the largest first, then what is a fault.
        """
        columns = [reading.by_kind() for reading in self.readings]
        keys = dict.fromkeys(key for column in columns for key in column)
        rows = [Row(*key, tuple(column.get(key, 0) for column in columns)) for key in keys]
        return tuple(sorted(rows, key=_place))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the explanation as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


@record
class Translation(Shown):
    """Several models under the same conventions, the subject first: how a ratio depends on who counts."""

    models: tuple[Explanation, ...]

    def ratio(self, convention: int, reference: int = 1) -> float:
        """Return subject / reference under one convention, both by position."""
        totals = [self.models[model].readings[convention].total for model in (0, reference)]
        return quotient(*totals)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the translation as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


def _place(row: Row) -> tuple[int, bool, int]:
    """Say where a row stands: what is agreed on, then by size, faults last."""
    first = {MACS: 0, SECOND: 1}.get(row.kind, 2) if not row.fault else 3
    return first, bool(row.fault), -max(map(abs, row.amounts))
