"""A check in plain lines, for whatever has no tables: annotations, test reports, failing assertions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inception_profiler.document.cells import ABSENT
from inception_profiler.document.check import broken
from inception_profiler.document.difference import quantity
from inception_profiler.records.check import CHANGED, GONE, NEW, Check, ModelCheck
from inception_profiler.records.difference import Amount, LayerChange, ModelDifference
from inception_profiler.units import Unit, scale_for

LAYERS = 10
"""How many layers that differ have a line of their own."""

_EXACT = scale_for((), Unit.EXACT)
_SHARE = scale_for((), Unit.SHARE)
_OF_LAYERS = ("params", "macs", "flops", "activation_bytes")


def reasons(check: Check, model: ModelCheck) -> tuple[str, ...]:
    """Say why a model fails: broken limits, what changed, unknown operations; nothing where it does not."""
    lines = [*map(broken, model.over), *_changed(check, model)] if check.fails(model) else []
    if model.unknown:
        lines.append(unknown(model.unknown))
    return tuple(lines)


def unknown(operations: Iterable[str]) -> str:
    """Say which operations are not in the numbers."""
    return f"the cost of {', '.join(operations)} is unknown and not counted: all numbers are lower bounds"


def changes(difference: ModelDifference, *, top: int = LAYERS) -> Iterator[str]:
    """Say what is not the same in two counts: settings, totals, and the layers that differ most."""
    for setting in difference.settings:
        yield f"its {setting.title} was {setting.old} and is {setting.new}"
    for amount in difference.changed:
        yield _total(amount)
    layers = [change for change in difference.layers if change.fails]
    largest = sorted(range(len(layers)), key=lambda at: _weight(layers[at]), reverse=True)[:top]
    for at in sorted(largest):
        yield _layer(layers[at])
    if len(layers) > top:
        yield f"and {len(layers) - top} more layers"


def _changed(check: Check, model: ModelCheck) -> Iterator[str]:
    if model.failed:
        yield f"it could not be counted: {model.failed}"
    elif check.updated or (check.unlocked and model.verdict == NEW):
        return
    elif model.verdict == NEW:
        yield f"it is not in {check.lock}"
    elif model.verdict == GONE:
        yield f"it is in {check.lock}, but nobody asks for it any more"
    elif model.verdict == CHANGED and model.difference is not None:
        yield from changes(model.difference)


def _total(amount: Amount) -> str:
    name = quantity(amount.metric)
    if amount.old is None or amount.new is None or amount.delta is None:
        return f"{name} was {_said(amount.old)} and is {_said(amount.new)}"
    share = f", {'+' if amount.share > 0 else ''}{_SHARE.full(amount.share)}" if amount.share else ""
    return f"{name} was {_said(amount.old)} and is {_said(amount.new)} ({amount.delta:+,}{share})"


def _said(value: float | None) -> str:
    return ABSENT if value is None else _EXACT.text(value)


def _layer(change: LayerChange) -> str:
    deltas = {amount.metric: amount.delta for amount in change.amounts}
    said = [f"{deltas[key]:+,} {quantity(key)}" for key in _OF_LAYERS if deltas[key]]
    text = f"{change.title} {change.kind}"
    return f"{text}: {', '.join(said)}" if said else text


def _weight(change: LayerChange) -> tuple[int | float, ...]:
    deltas = {amount.metric: amount.delta or 0 for amount in change.amounts}
    return tuple(abs(deltas[key]) for key in ("macs", "params", "flops", "activation_bytes"))
