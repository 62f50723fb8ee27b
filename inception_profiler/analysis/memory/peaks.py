"""A peak with its tenants: who is alive where most is alive."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.analysis.memory.book import Entry, Event
from inception_profiler.analysis.memory.rehearse import Rehearsal
from inception_profiler.analysis.memory.timeline import High
from inception_profiler.records.memory import (
    ACTIVATION,
    BACKWARD,
    FORWARD,
    GRADIENT,
    LOSS,
    PARAMETER_GRADIENT,
    STATE,
    TEMPORARY,
    Peak,
    Tenant,
)
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import TensorSpec

_KINDS = {FORWARD: ACTIVATION, LOSS: ACTIVATION, BACKWARD: GRADIENT}


def peak_of(
    phase: str, high: High, events: Sequence[Event], run: Rehearsal, profile: Profile, optimizer: str
) -> Peak:
    """Describe the highest level of a phase, found among ``events``."""
    index = events[high.position].place[1] if high.position >= 0 else -1
    name, op = _named(index, phase, profile, optimizer)
    groups: dict[tuple[str, int, int], list[tuple[Entry, int]]] = {}
    for number, nbytes in high.alive.items():
        entry = run.book.entries[number]
        kind = run.kinds.get(number) or _KINDS.get(entry.place[0], TEMPORARY)
        key = (
            (kind, -1, -1)
            if kind == STATE
            else (kind, entry.place[1], -1 if kind == PARAMETER_GRADIENT else number)
        )
        groups.setdefault(key, []).append((entry, nbytes))
    alive = []
    for (kind, _, number), members in groups.items():
        entry = members[0][0]
        made = -1 if kind == STATE else entry.place[1]
        tenant, made_by = _named(made, entry.place[0], profile, optimizer)
        alive.append(
            Tenant(
                made,
                tenant,
                made_by,
                entry.tensor if len(members) == 1 else _together(members),
                sum(nbytes for _, nbytes in members),
                kind,
                number in run.kept,
            )
        )
    alive.sort(key=lambda tenant: (-tenant.nbytes, tenant.index))
    return Peak(phase, index, name, op, max(high.nbytes, 0), tuple(alive))


def _named(index: int, phase: str, profile: Profile, optimizer: str) -> tuple[str, str]:
    """Return the name and the operation of a call, or of what runs outside of the model."""
    if index >= 0 and index < len(profile.layers):
        layer = profile.layers[index]
        return layer.name, layer.op
    return ("loss", "sum") if phase in {LOSS, BACKWARD} else (optimizer, "step")


def _together(members: Sequence[tuple[Entry, int]]) -> TensorSpec:
    """Describe several tensors as one flat one."""
    first = members[0][0].tensor
    return TensorSpec((sum(entry.tensor.numel for entry, _ in members),), first.dtype, first.itemsize)
