"""One colour for every name, told apart by everybody and seen on white."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from inception_profiler.document.chart import LINE, Axis, Chart, Point, Series
from inception_profiler.document.colours import PAPER, colour_of, colours, contrast_between, legible, ramp
from inception_profiler.records.claim import VERDICTS
from inception_profiler.units import Unit
from inception_profiler.zoo.card import load

# Machado, Oliveira and Fernandes 2009: how linear RGB looks without the long and without the middle cones
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(colour: str, kind: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as it is seen."""
    seen = [
        max(0.0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True)))
        for row in BLINDNESS[kind]
    ]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(w * part for w, part in zip(row, seen, strict=True)) for row in rows]
    x, y, z = (
        math.cbrt(value / white) if value / white > 0.008856 else 7.787 * value / white + 16 / 116
        for value, white in zip(xyz, (0.9505, 1.0, 1.089), strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def chart(*names: str) -> Chart:
    axis = Axis("n", Unit.COUNT)
    return Chart("c", "c", axis, axis, tuple(Series(name, LINE, (Point(0, 0),)) for name in names))


def test_every_model_has_a_colour_of_its_own_that_is_seen_on_white() -> None:
    found = {name: colour_of(name) for name in load()}
    assert None not in found.values()
    assert len(set(found.values())) == len(found)
    for name, colour in found.items():
        assert colour is not None
        assert contrast_between(colour, PAPER) >= 3, name


def test_a_model_keeps_its_colour_beside_any_other() -> None:
    assert colours(chart("vgg16", "inception_v1"))[1] == colours(chart("inception_v1", "my net"))[0]


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize(
    "names",
    [
        ("inception_v1", "vgg16", "resnet50", "alexnet"),
        ("convolution", "linear", "normalization", "activation", "pooling", "movement"),
        ("params", "MACs", "activation bytes"),
        ("first side", "second side"),
        tuple(VERDICTS),
        ("compute", "memory", "cache-resident", "overhead"),
    ],
    ids=lambda names: names[0],
)
def test_what_stands_together_is_told_apart_whatever_the_eyes(names: tuple[str, ...], kind: str) -> None:
    for one, other in combinations(names, 2):
        first, second = colour_of(one), colour_of(other)
        assert first is not None
        assert second is not None
        assert math.dist(lab(first, kind), lab(second, kind)) > 12, f"{one} and {other}"


def test_names_without_a_colour_differ_within_a_chart_and_are_the_same_in_each() -> None:
    names = [f"net {n}" for n in range(8)]
    assert len(set(colours(chart(*names)))) == 8
    assert colours(chart("net 3")) == colours(chart("net 3", "vgg16"))[:1]


def test_steps_go_from_dark_to_light() -> None:
    shades = [contrast_between(colour, PAPER) for colour in ramp(7)]
    assert shades == sorted(shades, reverse=True)
    assert len(set(ramp(7))) == 7
    assert len(ramp(1)) == 1


@pytest.mark.parametrize("paper", [PAPER, "#111111"])
@pytest.mark.parametrize("colour", ["#F0E442", "#56B4E9", "#0072B2", "#000000", "#FFFFFF"])
def test_letters_in_a_colour_can_be_read(colour: str, paper: str) -> None:
    assert contrast_between(legible(colour, paper), paper) >= 4.5


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast_between("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_between("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
