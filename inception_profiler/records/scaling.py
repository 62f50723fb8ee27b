"""How the cost of a model grows with its input or its batch: a curve, and the law that it follows."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record

Number = int | float

EXACT = frozenset({"constant", "linear"})


@record
class ScalePoint:
    """One point of a curve.

    Attributes:
        at: side of the input in pixels, or examples in the batch.
        values: one for each of the curve's metrics, in their order; empty where the model refuses.
        refused: empty, or the layer that cannot take its input, and why.
    """

    at: int
    values: tuple[Number | None, ...]
    refused: str = ""


@record
class Law:
    """What a metric does along a curve.

    Attributes:
        metric: key of the metric.
        kind: ``constant`` (``value = constant``), ``linear`` (``value = constant + factor · x``, met by every
            point to the unit), ``power`` (``value ≈ factor · x^exponent``, fitted), or ``none`` where there
            are too few points or some are zero.
        variable: what ``x`` is: ``batch``, or ``pixels``, the positions of the input (H·W).
        constant: see ``kind``.
        factor: see ``kind``.
        exponent: see ``kind``.
        deviation: the largest of ``|value / law − 1|`` over the points; 0 for an exact law.
    """

    metric: str
    kind: str
    variable: str
    constant: Number = 0
    factor: Number = 0
    exponent: float = 1.0
    deviation: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether every point meets the law to the unit."""
        return self.kind in EXACT


@record
class Scaling(Shown):
    """The cost of one model along one axis, each point counted by a trace of its own.

    Attributes:
        model: its name.
        axis: ``input`` (the side of a square input) or ``batch``.
        metrics: keys of what is told of every point.
        points: in the order in which they were asked for.
        laws: one for each metric.
        setting: what the inputs are otherwise, for people.
        unpriced: operations whose cost is unknown.
    """

    model: str
    axis: str
    metrics: tuple[str, ...]
    points: tuple[ScalePoint, ...]
    laws: tuple[Law, ...]
    setting: str = ""
    unpriced: tuple[str, ...] = ()

    def values(self, metric: str) -> tuple[Number | None, ...]:
        """Return one metric at every point, by its key; None where the model refuses."""
        position = self.metrics.index(metric)
        return tuple(None if point.refused else point.values[position] for point in self.points)

    def law(self, metric: str) -> Law:
        """Return the law of one metric, by its key."""
        return self.laws[self.metrics.index(metric)]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the curve as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)


@record
class Sweep(Shown):
    """Several curves: of a model and its references, along one axis or several."""

    curves: tuple[Scaling, ...]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the curves as JSON; `load` reads them back."""
        from inception_profiler.records.archive import save

        save(self, path)

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes, each once, in the order in which they were asked for."""
        return tuple(dict.fromkeys(curve.axis for curve in self.curves))

    def along(self, axis: str) -> tuple[Scaling, ...]:
        """Return the curves along one axis, the subject's first."""
        return tuple(curve for curve in self.curves if curve.axis == axis)
