"""``profile --scale``: what a network costs at many sizes of its input or its batch."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.cli.output import deliver
from inception_profiler.cli.request import UNKNOWN_OPERATIONS, Request
from inception_profiler.units import parse_axis


def scale(request: Request, axes: Sequence[str]) -> int:
    """Show the curves of the model and its references along each axis."""
    wanted = [parse_axis(axis) for axis in axes]

    from inception_profiler.analysis.scaling import swept
    from inception_profiler.document.scaling import sweep_document

    sweep = swept(request.subjects(), wanted, request.view.columns)
    deliver(sweep_document(sweep), request.paths)
    unknown = any(curve.unpriced for curve in sweep.curves)
    return UNKNOWN_OPERATIONS if request.strict and unknown else 0
