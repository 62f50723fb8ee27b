from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.errors import InputError
from inception_profiler.units import (
    Scale,
    Unit,
    parse_axis,
    parse_points,
    parse_quantity,
    parse_shape,
    scale_for,
)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("3x224x224", (3, 224, 224)),
        ("3×224×224", (3, 224, 224)),
        ("10", (10,)),
        (" 3, 8 8 ", (3, 8, 8)),
        ("3X8", (3, 8)),
    ],
)
def test_shapes_are_read(text: str, shape: tuple[int, ...]) -> None:
    assert parse_shape(text) == shape


@pytest.mark.parametrize("text", ["", "3x", "x3", "3x-1", "axb", "0x3", "3.5x2", "3xx4"])
def test_a_bad_shape_is_one_line_that_shows_how(text: str) -> None:
    with pytest.raises(InputError, match="3x224x224") as caught:
        parse_shape(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("512", 512),
        ("7M", 7 * 10**6),
        ("1.6G", 1_600_000_000),
        ("16GiB", 16 * 2**30),
        ("2 kib", 2048),
        ("1.6B", 1_600_000_000),
    ],
)
def test_quantities_are_read(text: str, value: int) -> None:
    assert parse_quantity(text) == value


@pytest.mark.parametrize("text", ["", "G", "1.6Q", "-3", "1 2"])
def test_a_bad_quantity_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"1\.6G"):
        parse_quantity(text)


@given(st.lists(st.integers(0, 10**15), min_size=1), st.sampled_from([Unit.COUNT, Unit.BYTES]))
def test_a_column_has_one_magnitude_and_every_value_reads_back(values: list[int], unit: Unit) -> None:
    scale = scale_for(values, unit)
    assert scale.decimals is not None
    for value in values:
        text = scale.text(value).replace(",", "")
        if text.startswith("<"):
            assert 0 < value / scale.factor < 10**-scale.decimals
        else:
            assert abs(float(text) * scale.factor - value) <= 0.5001 * scale.factor * 10**-scale.decimals


@given(st.floats(1e-9, 1e9))
def test_a_ratio_keeps_three_digits(value: float) -> None:
    text = scale_for((value,), Unit.RATIO).text(value).replace(",", "")
    assert math.isclose(float(text), value, rel_tol=5.1e-3)


def test_counts_are_si_and_bytes_are_iec() -> None:
    assert scale_for([10**6], Unit.COUNT).symbol == "M"
    assert scale_for([2**20], Unit.BYTES).symbol == "MiB"
    assert scale_for([2**20 - 1], Unit.BYTES).symbol == "KiB"


@pytest.mark.parametrize(("value", "text"), [(math.inf, "∞"), (math.nan, "–"), (0, "0")])
def test_what_is_no_quantity_has_no_symbol(value: float, text: str) -> None:
    assert scale_for((1.0,), Unit.RATIO).text(value) == text


def test_symbols_stand_as_people_write_them() -> None:
    assert Scale(0.01, "%", 1).full(0.25) == "25.0%"
    assert Scale(10**6, "M", 3).full(6_998_552) == "6.999 M"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (589_824, "589,824"),
        (7.464843, "7.4648"),
        (5.7, "5.7"),
        (0.603427, "0.60343"),
        (2.0, "2"),
        (0, "0"),
        (218_374_144 / 218_365_952, "1.000038"),
        (0.99996, "0.99996"),
        (1.02346, "1.0235"),
        (1.0, "1"),
    ],
)
def test_an_exact_number_has_every_digit_where_it_is_whole(value: float, shown: str) -> None:
    assert scale_for((), Unit.EXACT).full(value) == shown


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1,2,4", (1, 2, 4)),
        ("128..512:128", (128, 256, 384, 512)),
        ("1..3", (1, 2, 3)),
        (" 8 .. 20 : 5 , 8, 3", (8, 13, 18, 3)),
    ],
)
def test_points_of_an_axis(text: str, points: tuple[int, ...]) -> None:
    assert parse_points(text) == points
    assert parse_axis(f"input={text}") == ("input", points)


@pytest.mark.parametrize("text", ["", "a", "1,", "3..1", "0..4", "1..4:0", "1...4", "-1", "1..5000", "1.5"])
def test_points_that_are_none(text: str) -> None:
    with pytest.raises(InputError):
        parse_points(text)


@pytest.mark.parametrize("text", ["0", "-3", "4..1", "x", "1..2000"])
def test_a_mistake_names_what_the_points_are_of(text: str) -> None:
    with pytest.raises(InputError, match=r"^--batch: "):
        parse_points(text, "--batch")
    with pytest.raises(InputError, match=r"^batch: "):
        parse_axis(f"batch={text}")


def test_a_thousand_points_are_read_and_no_more() -> None:
    assert len(parse_points("1..1000")) == 1000
    assert len(parse_points("1..600,1001..1400")) == 1000
    for text in ("1..1001", "1..600,1001..1401", "1..999,2000,2001"):
        with pytest.raises(InputError, match="more than 1000"):
            parse_points(text)


@pytest.mark.parametrize("text", ["input", "=1,2", "input:1"])
def test_no_axis(text: str) -> None:
    with pytest.raises(InputError, match="as an axis"):
        parse_axis(text)


@pytest.mark.parametrize("text", ["1x99999999999999999999x32", "3x9999999999x9999999999"])
def test_a_shape_that_nothing_can_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="more elements than can be addressed"):
        parse_shape(text)
