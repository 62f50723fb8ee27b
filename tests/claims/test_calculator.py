"""What holds for every calculator, and how they are asked."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

import inception_profiler as ip
from inception_profiler.claims import contraction, sides
from inception_profiler.claims.calculator import load
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.sketch import Sketch
from tests.claims.test_expression import evaluated

NAMES = ip.arguments()
worked = cache(ip.argue)


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_says_all_it_should(name: str) -> None:
    argument = worked(name)
    entry = load().get(name)
    assert argument.name == name
    assert dict(argument.given) == {asked.name: asked.default for asked in entry.parameters}
    assert argument.title
    assert argument.question.endswith("?")
    assert argument.rule.endswith(".")
    assert len(argument.sides) == 2
    assert argument.steps
    assert all(earlier.at < later.at for earlier, later in pairwise(argument.curve.points))
    assert all(len(point.values) == 2 for point in argument.curve.points)
    assert not any(side.profile.unpriced for side in argument.sides)
    assert entry.summary.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_derivation_makes_what_it_says(name: str) -> None:
    argument = worked(name)
    for step in (*argument.steps, *(step for side in argument.sides for step in side.steps)):
        if "…" not in step.numbers:
            assert float(evaluated(step.numbers)) == pytest.approx(step.value, rel=1e-15), step
    for side in argument.sides:
        for metric in sides.DERIVED:
            steps = side.derivation(metric)
            assert steps[-1].value == METRICS.get(metric).of(side.profile)
            if len(steps) > 1:
                assert sum(step.value for step in steps[:-1]) == steps[-1].value


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_is_the_same_after_it_was_written_and_read(name: str) -> None:
    argument = worked(name)
    assert loads(dumps(argument)) == argument


def test_a_formula_that_disagrees_with_the_profile_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    right = contraction.Contraction.weights.fget
    assert right is not None
    wrong = property(lambda self: right(self) + 1)
    monkeypatch.setattr(contraction.Contraction, "weights", wrong)
    with pytest.raises(ArithmeticError, match="the profile counts"):
        ip.argue("bottleneck")


def test_a_receptive_field_that_disagrees_with_the_profile_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Sketch, "receptive_field", property(lambda self: (4, 4)))
    with pytest.raises(ArithmeticError, match=r"see \(4, 4\), and the profile says \(7, 7\)"):
        ip.argue("asymmetric")


def test_a_ratio_that_disagrees_with_the_profiles_is_raised() -> None:
    from inception_profiler.claims.expression import Expression

    argument = ip.argue("asymmetric")
    with pytest.raises(ArithmeticError, match="the profiles count"):
        sides.ratio(argument.sides, "macs", Expression.symbol("K", 7))


def test_unknown_names_and_numbers_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bottleneck'"):
        ip.argue("botleneck")
    with pytest.raises(InputError, match="takes nothing by position"):
        ip.argue("asymmetric", 7)


def test_saving_is_what_the_second_side_does_without() -> None:
    argument = ip.argue("asymmetric", kernel=5, size=5)
    assert argument.ratio("params") == 2.5
    assert argument.saved("params") == pytest.approx(0.6)
