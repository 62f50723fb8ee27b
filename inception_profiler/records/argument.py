"""A cost argument worked out: two networks that do the same, what each costs, and why by formula."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.comparison import quotient
from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.layer import Group
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Attribute

Number = int | float


@record
class Step:
    """One line of a derivation: a formula, the same with the numbers put in, and what comes out.

    Attributes:
        name: the layer that it is about, or ``sum`` or ``ratio``.
        metric: key of the metric that it derives, ``macs``.
        formula: in letters, ``K²·C_in·C_out·H·W``.
        numbers: with the numbers put in, ``3²·256·256·28·28``.
        value: what that makes; the profile was found to say the same.
    """

    name: str
    metric: str
    formula: str
    numbers: str
    value: Number


@record
class Side:
    """One of the networks that are weighed against each other: its profile, and the formulas beside it."""

    title: str
    profile: Profile
    steps: tuple[Step, ...]

    def derivation(self, metric: str) -> tuple[Step, ...]:
        """Return the steps that derive one metric, by its key."""
        return tuple(step for step in self.steps if step.metric == metric)

    @property
    def nonlinearities(self) -> int:
        """How many activation functions the network applies one after the other or side by side."""
        return sum(layer.call.kind == "activation" for layer in self.profile.layers)


@record
class Part:
    """One part of an argument about a whole network: what each side spends there."""

    title: str
    groups: tuple[Group, ...]

    def ratio(self, metric: str) -> float:
        """Return first side / second side for one metric, by its key."""
        of = METRICS.get(metric).of
        return quotient(of(self.groups[0]), of(self.groups[1]))


@record
class Point:
    """One point of a curve: where it stands, and what each side costs there."""

    at: Number
    values: tuple[Number, ...]

    @property
    def ratio(self) -> float:
        """First side / second side."""
        return quotient(self.values[0], self.values[1])


@record
class Curve:
    """The argument for other numbers: one quantity varied, everything else as it is.

    Attributes:
        axis: the quantity that is varied, for people.
        metric: key of the metric that the points give of each side.
        points: by rising ``at``.
    """

    axis: str
    metric: str
    points: tuple[Point, ...]


@record
class Argument(Shown):
    """Two networks that do the same at different cost, each profiled, and the arithmetic behind it.

    Attributes:
        title: what is held against what.
        question: what the argument answers.
        rule: the answer in words.
        sides: the plain network first, then the one that it is held against.
        steps: the derivation of the ratio.
        curve: the ratio for other numbers.
        parts: where the networks spend it, part by part; empty for small networks.
        parts_of: the network that the parts are taken from, where they are not parts of the sides.
        notes: what else there is to know.
        name: of the calculator that worked it out.
        given: what the calculator was asked, as name and value.
    """

    title: str
    question: str
    rule: str
    sides: tuple[Side, ...]
    steps: tuple[Step, ...]
    curve: Curve
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    given: tuple[tuple[str, Attribute], ...] = ()
    parts_of: str = ""

    def ratio(self, metric: str = "macs") -> float:
        """Return first side / second side for one metric, by its key; not a number where both are 0."""
        of = METRICS.get(metric).of
        return quotient(of(self.sides[0].profile), of(self.sides[1].profile))

    def saved(self, metric: str = "macs") -> float:
        """Return the share of the first side that the second does without: ``1 − second / first``."""
        of = METRICS.get(metric).of
        return 1 - quotient(of(self.sides[1].profile), of(self.sides[0].profile))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole argument as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)
