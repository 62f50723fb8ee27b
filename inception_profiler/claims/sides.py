"""The sides of an argument: networks profiled, with the closed formula of every layer held against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from inception_profiler.claims.contraction import Contraction, of_call, of_head, of_sketch
from inception_profiler.claims.expression import Expression
from inception_profiler.records.argument import Curve, Number, Part, Point, Side, Step
from inception_profiler.records.layer import CONTRACTIONS, Group, LayerCost
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Head, Sketch

DERIVED = ("macs", "params")
"""The metrics that a closed formula is given for."""

_SHOWN = 6
"""How many terms of a sum are written out."""


def drawn(title: str, sketch: Sketch | Head) -> Side:
    """Build the network of a sketch, profile it, and hold the formulas of the sketch against it.

    Raises:
        ArithmeticError: a formula and the profile disagree, which is a fault of this package.
    """
    from inception_profiler.analysis.profile import profile
    from inception_profiler.zoo.sketch import draw, draw_head

    if isinstance(sketch, Head):
        counted = profile(draw_head(sketch), (1, sketch.channels, *sketch.size))
        return side(title, counted, of_head(sketch))
    counted = profile(draw(sketch), (1, sketch.in_channels, *sketch.size))
    _sees(sketch, counted.layers[-1])
    return side(title, counted, of_sketch(sketch))


def beside(title: str, sketches: Sequence[Sketch]) -> Side:
    """Build several sketches side by side, each on a map of its own, and profile them in one pass.

    Raises:
        ArithmeticError: a formula and the profile disagree, which is a fault of this package.
    """
    from inception_profiler.analysis.profile import profile
    from inception_profiler.zoo.sketch import SideBySide, draw

    networks = SideBySide([draw(sketch) for sketch in sketches])
    counted = profile(networks, inputs=[(1, sketch.in_channels, *sketch.size) for sketch in sketches])
    for name, sketch in zip(networks.parts, sketches, strict=True):
        _sees(sketch, [layer for layer in counted.layers if layer.path.startswith(f"{name}.")][-1])
    contractions = (
        one for n, sketch in enumerate(sketches, start=1) for one in of_sketch(sketch, f"part{n} conv")
    )
    return side(title, counted, contractions)


def side(title: str, profile: Profile, contractions: Iterable[Contraction] | None = None) -> Side:
    """Return a profile as a side, with the formulas of its layers, by default by the shapes of its tensors.

    Raises:
        ArithmeticError: a formula and the profile disagree, which is a fault of this package.
    """
    known = None if contractions is None else tuple(contractions)
    return Side(title, profile, tuple(step for key in DERIVED for step in _derived(key, profile, known)))


def _derived(metric: str, profile: Profile, known: Sequence[Contraction] | None) -> Iterator[Step]:
    of = METRICS.get(metric).of
    written = iter(known or ())
    terms: list[Number] = []
    for layer in profile.layers:
        counted = of(layer)
        contraction = None
        if layer.call.kind in CONTRACTIONS:
            contraction = next(written) if known is not None else of_call(layer.name or layer.op, layer.call)
        elif not counted:
            continue
        name = contraction.name if contraction else layer.name
        formula = getattr(contraction, metric) if contraction else _of_other(layer, metric)
        if layer.params or metric != "params":  # what was counted before, a tied weight, is not counted again
            terms.append(counted)
            yield step(name, metric, formula, counted)
    if len(terms) > 1:
        shown = [f"{term:,}" for term in terms]
        if len(shown) > _SHOWN:
            shown[_SHOWN - 1 : -1] = ["…"]
        yield Step("sum", metric, "Σ", " + ".join(shown), sum(terms))


def _of_other(layer: LayerCost, metric: str) -> Expression:
    """Return the formula of a normalization's parameters; of anything else what was counted."""
    channels = layer.call.inputs[0].shape[1] if layer.call.kind == "normalization" else 0
    if metric == "params" and channels and layer.params % channels == 0:
        weights = layer.params // channels
        one = Expression.symbol("C", channels)
        return weights * one if weights > 1 else one
    return Expression.symbol("counted", int(METRICS.get(metric).of(layer)))


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


def summed(sides: Sequence[Side], metric: str, formulas: tuple[str, str]) -> Step:
    """Write the ratio of two sums down as a step, with the formula of a term of each."""
    of = METRICS.get(metric).of
    totals = [int(of(one.profile)) for one in sides]
    letters = " / ".join(f"Σ {formula}" for formula in formulas)
    numbers = " / ".join(f"{total:,}" for total in totals)
    return ratio(sides, metric, Expression.written(letters, numbers, Fraction(*totals)))


def part(title: str, groups: Iterable[Iterable[LayerCost]]) -> Part:
    """Return what each side spends on some of its layers."""
    return Part(title, tuple(Group.of(title, layers) for layers in groups))


def curve(axis: str, metric: str, pairs: Iterable[tuple[Number, Sequence[Side]]]) -> Curve:
    """Return the curve through pairs of sides, each profiled as the argument itself is."""
    of = METRICS.get(metric).of
    points = (Point(at, tuple(of(one.profile) for one in sides)) for at, sides in pairs)
    return Curve(axis, metric, tuple(sorted(points, key=lambda point: point.at)))


def _sees(sketch: Sketch, last: LayerCost) -> None:
    if last.geometry.field != sketch.receptive_field:
        kernels = ", ".join(one.title for one in sketch.convolutions)
        raise ArithmeticError(
            f"the kernels {kernels} see {sketch.receptive_field}, and the profile says {last.geometry.field}"
        )


def _agree(what: str, expression: Expression, counted: Number) -> None:
    if expression.exact != counted:
        raise ArithmeticError(
            f"{what}: the formula {expression.formula} = {expression.numbers} makes {expression.value}, "
            f"and the profile counts {counted}"
        )
