"""A model counted again by others: what each engine says of every module, and whether they agree."""

from __future__ import annotations

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.trace import TensorSpec, Unpriced

AGREES = "agrees"
FAULT = "known fault"
DIFFERS = "differs"
SILENT = "–"


@record
class Count:
    """Multiply-accumulates that one engine counted; ``backward`` is None where it counts no gradients.

    ``fault`` names a declared fault of the engine that explains, to the unit, why the numbers are not ours.
    """

    forward: int
    backward: int | None
    fault: str = ""


@record
class AuditRow:
    """One module: what we count in its own calls, and what each engine counts there.

    Attributes:
        path: attribute path of the module, empty for the model's own forward.
        name: the paper's name of it, or the path.
        forward: our MACs.
        backward: our MACs of gradients; None where training was not counted.
        counts: one for each engine; None where it failed or cannot tell modules apart.
    """

    path: str
    name: str
    forward: int
    backward: int | None
    counts: tuple[Count | None, ...]

    def verdict(self, engine: int) -> str:
        """Say how an engine's count stands to ours: it agrees, differs, has a known fault, or is silent."""
        count = self.counts[engine]
        if count is None:
            return SILENT
        same = count.forward == self.forward and (
            count.backward is None or self.backward is None or count.backward == self.backward
        )
        return AGREES if same else FAULT if count.fault else DIFFERS

    @property
    def agrees(self) -> bool:
        """Whether no engine differs."""
        return all(self.verdict(engine) != DIFFERS for engine in range(len(self.counts)))


@record
class Engine:
    """One way of counting.

    Attributes:
        key: its name on the command line and in files.
        title: its name for people.
        version: of the library that counts.
        method: how it counts, in one line.
        failed: empty, or why it could not count this model.
        total: what it counts in all modules together, faults included; None where it failed.
        modules: whether it tells modules apart.
    """

    key: str
    title: str
    version: str
    method: str
    failed: str
    total: Count | None
    modules: bool = True


@record
class Audit(Shown):
    """The second opinion on a model's multiply-accumulates.

    Attributes:
        model: the registered name, or the class of the module.
        mode: ``inference``, ``training`` or ``mixed``.
        inputs: the tensors the model was given.
        engines: who counted.
        rows: every module in which anybody counted something, in the order of execution.
        unpriced: operations whose cost we do not know.
    """

    model: str
    mode: str
    inputs: tuple[TensorSpec, ...]
    engines: tuple[Engine, ...]
    rows: tuple[AuditRow, ...]
    unpriced: tuple[Unpriced, ...]

    @property
    def forward(self) -> int:
        """Our MACs of the forward pass."""
        return sum(row.forward for row in self.rows)

    @property
    def backward(self) -> int | None:
        """Our MACs of the gradients; None where training was not counted."""
        counted = [row.backward for row in self.rows if row.backward is not None]
        return sum(counted) if counted else None

    @property
    def opinions(self) -> int:
        """How many engines could count the model."""
        return sum(not engine.failed for engine in self.engines)

    @property
    def disagreeing(self) -> tuple[AuditRow, ...]:
        """The modules in which an engine differs from us without a declared fault."""
        return tuple(row for row in self.rows if not row.agrees)

    def total_agrees(self, engine: int) -> bool:
        """Whether an engine that cannot tell modules apart counts the same in total, or was not needed to."""
        entry = self.engines[engine]
        if entry.failed or entry.modules or entry.total is None or entry.total.fault:
            return True
        return entry.total.forward == self.forward

    @property
    def agrees(self) -> bool:
        """Whether there is a second opinion at all, and nobody differs from us in any module."""
        totals = all(map(self.total_agrees, range(len(self.engines))))
        return self.opinions > 0 and totals and not self.disagreeing
