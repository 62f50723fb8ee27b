"""What is not the same in two counts: settings, totals, layers."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.guard.matching import out_of_order, paired
from inception_profiler.records.difference import (
    Amount,
    Difference,
    LayerChange,
    Lone,
    ModelDifference,
    Setting,
)
from inception_profiler.records.lock import Lock, LockedModel


def difference(old: LockedModel, new: LockedModel) -> ModelDifference:
    """Hold two counts of one model against each other.

    Totals that only one of them has are left out: nobody asked for them before, or nobody does any more.
    """
    after = dict(new.totals)
    return ModelDifference(
        name=new.name,
        settings=tuple(_settings(old, new)),
        totals=tuple(Amount(key, value, after[key]) for key, value in old.totals if key in after),
        layers=_layers(old, new),
    )


def between(old: Lock, new: Lock, titles: tuple[str, str], failed: Iterable[Lone] = ()) -> Difference:
    """Hold two sides against each other, model by model by their names, or the only model of each.

    ``failed`` are the models that could not be counted on a side.
    """
    if len(old.models) == 1 and len(new.models) == 1:  # there is no doubt what is compared with what
        pair = difference(old.models[0], new.models[0])
        return Difference(*titles, (pair,), tuple(failed), tuple(notes(old, new)))
    broken = tuple(failed)
    names = {lone.name for lone in broken}
    models, lone = [], list(broken)
    for name in dict.fromkeys(model.name for model in (*new.models, *old.models)):
        before, after = old.find(name), new.find(name)
        if before is not None and after is not None:
            models.append(difference(before, after))
        elif name not in names:
            lone.append(_lone(before, after, titles))
    return Difference(*titles, tuple(models), tuple(lone), tuple(notes(old, new)))


def notes(old: Lock, new: Lock) -> Iterable[str]:
    """Say which versions differ, where that may explain a difference."""
    for title, before, after in (
        ("rules", f"rules {old.rules}", f"rules {new.rules}"),
        ("torch", f"torch {old.torch}", f"torch {new.torch}"),
        ("package", f"inception_profiler {old.version}", f"inception_profiler {new.version}"),
    ):
        if before != after:
            why = "; differences may come from the rules alone" if title == "rules" else ""
            yield f"The old counts are by {before}, the new ones by {after}{why}."


def _lone(old: LockedModel | None, new: LockedModel | None, titles: tuple[str, str]) -> Lone:
    if new is not None:
        return Lone(new.name, titles[1], tuple(Amount(key, None, value) for key, value in new.totals))
    assert old is not None
    return Lone(old.name, titles[0], tuple(Amount(key, value, None) for key, value in old.totals))


def _settings(old: LockedModel, new: LockedModel) -> Iterable[Setting]:
    for title, before, after in (
        ("input", " ".join(old.inputs), " ".join(new.inputs)),
        ("mode", old.mode, new.mode),
        ("type", old.asked.dtype or "its own", new.asked.dtype or "its own"),
    ):
        if before != after:
            yield Setting(title, before, after)


def _layers(old: LockedModel, new: LockedModel) -> tuple[LayerChange, ...]:
    """Return the layers that differ, where they stand in the new count; what went stands where it was."""
    pairs = paired(old.layers, new.layers)
    moved = out_of_order(pairs)
    partner = {b: a for a, b in pairs}
    taken = {a for a, _ in pairs}
    changes: list[tuple[float, LayerChange]] = []
    place = {a: float(b) for a, b in pairs}
    last = -1.0
    for at, row in enumerate(old.layers):
        if at in taken:
            last = place[at]
        else:
            changes.append((last + 0.5, LayerChange(row, None)))
    for at, row in enumerate(new.layers):
        before = partner.get(at)
        change = LayerChange(
            None if before is None else old.layers[before], row, before is not None and (before, at) in moved
        )
        if change.fails or change.moved:
            changes.append((at, change))
    return tuple(change for _, change in sorted(changes, key=lambda entry: entry[0]))
