"""The sides of an argument: networks profiled, with the closed formula of every layer held against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inception_profiler.claims.contraction import Contraction, of_profile, of_sketch
from inception_profiler.claims.expression import Expression
from inception_profiler.records.argument import Curve, Number, Point, Side, Step
from inception_profiler.records.layer import CONTRACTIONS
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Sketch

DERIVED = ("macs", "params")
"""The metrics that a closed formula is given for."""

_SHOWN = 6
"""How many terms of a sum are written out."""


def drawn(title: str, sketch: Sketch) -> Side:
    """Build the network of a sketch, profile it, and hold the formulas of the sketch against it.

    Raises:
        ArithmeticError: a formula and the profile disagree, which is a fault of this package.
    """
    from inception_profiler.analysis.profile import profile
    from inception_profiler.zoo.sketch import draw

    counted = profile(draw(sketch), (1, sketch.in_channels, *sketch.size))
    return side(title, counted, of_sketch(sketch))


def side(title: str, profile: Profile, contractions: Iterable[Contraction] | None = None) -> Side:
    """Return a profile as a side, with the formulas of its layers, by default by the shapes of its tensors.

    Raises:
        ArithmeticError: a formula and the profile disagree, which is a fault of this package.
    """
    layers = tuple(of_profile(profile) if contractions is None else contractions)
    steps = tuple(step for metric in DERIVED for step in _derived(metric, profile, layers))
    return Side(title, profile, steps)


def _derived(metric: str, profile: Profile, layers: Sequence[Contraction]) -> Iterator[Step]:
    counted = [layer for layer in profile.layers if layer.call.kind in CONTRACTIONS]
    of = METRICS.get(metric).of
    terms = []
    for contraction, layer in zip(layers, counted, strict=True):
        one = step(contraction.name, metric, getattr(contraction, metric), of(layer))
        terms.append(one.value)
        yield one
    if len(terms) > 1:
        shown = [str(term) for term in terms]
        if len(shown) > _SHOWN:
            shown[_SHOWN - 1 : -1] = ["…"]
        yield Step("sum", metric, "Σ", " + ".join(shown), sum(terms))


def step(name: str, metric: str, expression: Expression, counted: Number | None = None) -> Step:
    """Write an expression down as a step, held against what was ``counted``.

    Raises:
        ArithmeticError: they disagree, which is a fault of this package.
    """
    if counted is not None:
        _agree(f"{metric}, {name}", expression, counted)
    return Step(name, metric, expression.formula, expression.numbers, expression.value)


def ratio(sides: Sequence[Side], metric: str, expression: Expression) -> Step:
    """Write the ratio of two sides down as a step; the formula is found to say what the profiles say.

    Raises:
        ArithmeticError: they disagree, which is a fault of this package.
    """
    of = METRICS.get(metric).of
    first, second = (of(one.profile) for one in sides)
    if expression.exact * int(second) != int(first):
        raise ArithmeticError(
            f"the formula {expression.formula} makes the ratio {expression.value}, "
            f"and the profiles count {first} against {second} {metric}"
        )
    return step("ratio", metric, expression)


def curve(axis: str, metric: str, pairs: Iterable[tuple[Number, Sequence[Side]]]) -> Curve:
    """Return the curve through pairs of sides, each profiled as the argument itself is."""
    of = METRICS.get(metric).of
    points = (Point(at, tuple(of(one.profile) for one in sides)) for at, sides in pairs)
    return Curve(axis, metric, tuple(sorted(points, key=lambda point: point.at)))


def _agree(what: str, expression: Expression, counted: Number) -> None:
    if expression.exact != counted:
        raise ArithmeticError(
            f"{what}: the formula {expression.formula} = {expression.numbers} makes {expression.value}, "
            f"and the profile counts {counted}"
        )
