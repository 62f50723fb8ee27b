"""Count a model at many sizes of its input or its batch: one trace a point, one network for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.inputs import Inputs, Wanted
from inception_profiler.analysis.law import law
from inception_profiler.analysis.profile import counted
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.errors import InputError, LayerError
from inception_profiler.records.metrics import METRICS, SCALED
from inception_profiler.records.scaling import ScalePoint, Scaling, Sweep

if TYPE_CHECKING:
    from torch import nn

AXES = ("input", "batch")
_IMAGE = 4
"""Dimensions of an image in a batch: N C H W."""


def scale(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    input: Iterable[int] | None = None,
    batch: Iterable[int] | None = None,
    inputs: Any = None,
    train: bool | None = False,
    metrics: Sequence[str] = SCALED,
) -> Scaling:
    """Count a model along one axis, and find the law that each metric follows.

    Args:
        model: any module, or the spelling of one, as for `profile`.
        input_shape: N C H W, of which ``input`` replaces the sides and ``batch`` the N.
        input: sides of the (square) image, such as ``range(128, 513, 32)``.
        batch: examples in the batch.
        inputs: several inputs in place of ``input_shape``.
        train: as for `profile`.
        metrics: keys of what is told of every point.

    Returns:
        The curve. A point at which a layer cannot take its input says so, and the rest goes on.

    Raises:
        InputError: not exactly one axis, no points, or no image among the inputs.
        UnknownNameError: no model or metric of that name.
    """
    if (input is None) == (batch is None):
        raise InputError("give one axis to scale along: input=range(128, 513, 32) or batch=(1, 2, 4)")
    about = subject(model, input_shape, inputs=inputs, train=train)
    axis, points = ("input", input) if input is not None else ("batch", batch or ())
    return scaled(about, axis, tuple(points), metrics)


def scaled(about: Subject, axis: str, points: Sequence[int], metrics: Sequence[str] = SCALED) -> Scaling:
    """Count a subject at every point of an axis: ``input`` or ``batch``."""
    if axis not in AXES:
        raise InputError(f"cannot scale along {axis!r}: choose {' or '.join(AXES)}")
    if not points or not all(type(point) is int and point > 0 for point in points):
        raise InputError(f"the points of {axis} are positive whole numbers, at least one")
    wanted = [METRICS.get(metric) for metric in metrics]
    found: list[ScalePoint] = []
    pixels: list[int] = []
    unpriced: dict[str, None] = {}
    for point in dict.fromkeys(points):
        inputs = about.inputs.batched(point) if axis == "batch" else sized(about.inputs, point)
        pixels.append(_pixels(inputs) if axis == "input" else point)
        try:
            profile = counted(about._replace(inputs=inputs))
        except LayerError as error:
            found.append(ScalePoint(point, (), str(error)))
            continue
        unpriced |= dict.fromkeys(entry.op for entry in profile.unpriced)
        found.append(ScalePoint(point, tuple(metric.of(profile) for metric in wanted)))
    variable = "pixels" if axis == "input" else "batch"
    laws = tuple(
        law(metric.key, variable, pixels, [None if point.refused else point.values[index] for point in found])
        for index, metric in enumerate(wanted)
    )
    name = about.name or type(about.network).__name__
    return Scaling(name, axis, tuple(metrics), tuple(found), laws, _setting(about, axis), tuple(unpriced))


def sized(inputs: Inputs, side: int) -> Inputs:
    """Return the same inputs with every image (N C and positions) as large as ``side`` on all sides.

    Raises:
        InputError: none of them is an image.
    """
    if not any(len(wanted.shape) >= _IMAGE for wanted in inputs.tensors):
        raise InputError("the model takes no image whose side could be scaled: scale its batch")

    def resized(wanted: Wanted) -> Wanted:
        shape = wanted.shape
        if len(shape) < _IMAGE:
            return wanted
        return Wanted((*shape[:2], *(side for _ in shape[2:])), wanted.dtype)

    return inputs.mapped(resized)


def _pixels(inputs: Inputs) -> int:
    shape = next(wanted.shape for wanted in inputs.tensors if len(wanted.shape) >= _IMAGE)
    positions = 1
    for side in shape[2:]:
        positions *= side
    return positions


def _setting(about: Subject, axis: str) -> str:
    shapes = []
    for wanted in about.inputs.tensors:
        sizes: list[object] = list(wanted.shape)
        if axis == "batch" and sizes:
            sizes[0] = "N"
        elif axis == "input" and len(sizes) >= _IMAGE:
            sizes[2:] = ["side"] * (len(sizes) - 2)
        shapes.append("×".join(map(str, sizes)))
    return " and ".join(shapes)


def swept(
    subjects: Iterable[Subject], axes: Iterable[tuple[str, Sequence[int]]], metrics: Sequence[str] = SCALED
) -> Sweep:
    """Count several subjects along several axes."""
    listed, wanted = tuple(subjects), tuple(axes)
    return Sweep(tuple(scaled(about, axis, points, metrics) for axis, points in wanted for about in listed))
