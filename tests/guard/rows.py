"""Locked models written by hand."""

from __future__ import annotations

from inception_profiler.records.lock import Asked, LockedLayer, LockedModel
from inception_profiler.records.trace import Unpriced


def row(path: str, size: int = 8, op: str = "conv2d", output: str = "") -> LockedLayer:
    """A layer whose numbers all follow from one size, so that equal sizes cost the same."""
    return LockedLayer(path, op, output or f"1x{size}x4x4", 1, 10 * size, 100 * size, 200 * size, 64 * size)


def model(*rows: LockedLayer, name: str = "net", unknown: tuple[Unpriced, ...] = ()) -> LockedModel:
    return LockedModel(
        Asked(name, f"nets:{name}"),
        ("float32:1x3x8x8",),
        "inference",
        (
            ("params", sum(entry.params for entry in rows)),
            ("macs", sum(entry.macs for entry in rows)),
            ("peak_activation_bytes", max((entry.activation_bytes for entry in rows), default=0)),
        ),
        unknown,
        rows,
    )
