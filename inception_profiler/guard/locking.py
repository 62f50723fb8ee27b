"""From a profile to what is kept of it in a lock."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.records.layer import LayerCost
from inception_profiler.records.lock import IDLE, Asked, LockedLayer, LockedModel
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile

TOTALS = (
    "params",
    "trainable_params",
    "macs",
    "flops",
    "activations",
    "weight_bytes",
    "activation_bytes",
    "peak_activation_bytes",
)
"""What is locked of every model."""

TRAINING = ("backward_macs",)
"""What is locked too where training is counted."""


def locked(profile: Profile, asked: Asked | None = None, metrics: Iterable[str] = ()) -> LockedModel:
    """Reduce a profile to its totals and one row a module and operation.

    Args:
        profile: what was counted.
        asked: how it was asked for; a profile that nobody asked for by name is called by its model.
        metrics: keys of further `METRICS` whose totals are kept.
    """
    training = TRAINING if profile.mode != "inference" else ()
    keys = dict.fromkeys((*TOTALS, *training, *metrics))
    return LockedModel(
        asked=asked or Asked(profile.model, profile.model, train=profile.mode == "training"),
        inputs=tuple(
            f"{name}={text}" if name else text
            for name, text in zip(
                profile.input_names,
                (f"{spec.dtype}:{'x'.join(map(str, spec.shape))}" for spec in profile.inputs),
                strict=True,
            )
        ),
        mode=profile.mode,
        totals=tuple((key, METRICS.get(key).of(profile)) for key in keys),
        unknown=profile.unpriced,
        layers=(*_rows(profile.layers), *_idle(profile)),
    )


def _rows(layers: Iterable[LayerCost]) -> Iterable[LockedLayer]:
    members: dict[tuple[str, str], list[LayerCost]] = {}
    for layer in layers:
        members.setdefault((layer.path, layer.op), []).append(layer)
    for (path, op), calls in members.items():
        row = LockedLayer(
            path,
            op,
            "x".join(map(str, calls[0].call.outputs[0].shape)) if calls[0].call.outputs else "",
            len(calls),
            sum(call.params for call in calls),
            sum(call.macs for call in calls),
            sum(call.flops for call in calls),
            sum(call.activation_bytes for call in calls),
        )
        if row.params or row.flops or row.activation_bytes:
            yield row


def _idle(profile: Profile) -> Iterable[LockedLayer]:
    """Give the parameters that no call used a row of their module, so that layers add up to the totals."""
    for entry in profile.idle:
        if entry.params:
            yield LockedLayer(entry.path, IDLE, "", 0, entry.params, 0, 0, 0)
