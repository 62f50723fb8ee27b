"""The arithmetic behind pictures: round numbers along axes, labels that keep apart, lines that fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.document.chart import BARS, LINE, LOG, POINTS, Axis, Chart, Point, Series
from inception_profiler.render.characters import lines
from inception_profiler.render.image import lettering
from inception_profiler.render.image.figure import picture
from inception_profiler.render.image.labels import Labels
from inception_profiler.render.image.placing import Box, around, free, spread
from inception_profiler.render.image.sheet import Sheet
from inception_profiler.render.image.ticks import span
from inception_profiler.units import Unit
from tests.fixed_charts import CHARTS, bars

HEIGHTS = st.lists(st.floats(0, 10), min_size=1, max_size=8)
SIZES = st.floats(1e-6, 1e15, allow_nan=False)


@given(HEIGHTS)
def test_labels_keep_apart_and_stay_inside_where_there_is_room(wanted: list[float]) -> None:
    found = spread(wanted, 1.0, 0.0, 10.0)
    assert all(above - below >= 1 - 1e-6 for below, above in pairwise(sorted(found)))
    assert min(found) >= -1e-6
    assert max(found) <= 10 + 1e-6
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    assert [found[place] for place in order] == sorted(found)


def test_labels_that_are_far_apart_stay_where_they_are() -> None:
    assert spread([1.0, 9.0, 5.0], 1.0, 0.0, 10.0) == [1.0, 9.0, 5.0]


def test_a_label_takes_the_first_place_that_is_free() -> None:
    inside = Box(0, 0, 10, 10)
    places = list(around(5, 5, 2, 1, 0.1))
    assert free(places, [], inside) == Box(5.1, 4.5, 7.1, 5.5)
    assert free(places, [Box(5.2, 4, 8, 6)], inside) == places[1]
    assert free(places, [inside], inside) is None
    assert not any(place.wider(-1e-9).holds(5, 5) for place in places)


def drawn(values: list[float], kind: str = LINE, divided: str = "linear", unit: Unit = Unit.COUNT) -> Chart:
    x = Axis("n", Unit.COUNT, categories=tuple(map(str, values)) if kind == BARS else ())
    points = tuple(Point(n, value) for n, value in enumerate(values))
    return Chart("c", "c", x, Axis("y", unit, divided=divided), (Series("s", kind, points),))


@given(st.lists(SIZES, min_size=1, max_size=6), st.sampled_from([BARS, LINE]))
def test_numbers_along_an_axis_are_few_even_and_within(values: list[float], kind: str) -> None:
    chart = drawn(values, kind)
    axis = span(chart, chart.y)
    places = [at for at, _ in axis.ticks]
    assert 2 <= len(places) <= 12
    assert axis.low == 0 == places[0]
    assert all(axis.low <= at <= axis.high for at in places)
    assert max(values) / axis.factor <= axis.high
    steps = [above - below for below, above in pairwise(places)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert len({text for _, text in axis.ticks}) == len(places)


@given(st.lists(st.floats(1e-3, 1e15), min_size=1, max_size=6), st.sampled_from([Unit.COUNT, Unit.BYTES]))
def test_numbers_along_a_logarithmic_axis_are_few_and_within(values: list[float], unit: Unit) -> None:
    chart = drawn(values, divided=LOG, unit=unit)
    axis = span(chart, chart.y)
    assert len(axis.ticks) <= 10
    assert all(axis.low <= at <= axis.high for at, _ in axis.ticks)
    assert all(0 <= axis.share(value) <= 1 for value in values)


def test_whole_things_have_whole_numbers() -> None:
    chart = drawn([1, 2, 3])
    assert [text for _, text in span(chart, chart.x).ticks] == ["0", "1", "2"]


def test_points_of_a_doubling_axis_have_a_number_each() -> None:
    batch = Axis("batch", Unit.COUNT, "images", LOG)
    points = tuple(Point(2.0**n, n) for n in range(5))
    chart = Chart("c", "c", batch, Axis("y", Unit.COUNT), (Series("s", LINE, points),))
    assert [text for _, text in span(chart, batch).ticks] == ["1", "2", "4", "8", "16"]


def curve(*places: float) -> Chart:
    points = tuple(Point(place, 1) for place in places)
    return Chart("c", "c", Axis("side", Unit.PIXELS), Axis("y", Unit.COUNT), (Series("s", LINE, points),))


def test_points_of_a_curve_have_a_number_each_where_there_is_room() -> None:
    odd = curve(3, 5, 7, 11)
    assert [text for _, text in span(odd, odd.x).ticks] == ["3", "5", "7", "11"]
    close = curve(1, 100, 101)
    assert "101" not in [text for _, text in span(close, close.x).ticks]
    many = curve(*range(20))
    assert "7" not in [text for _, text in span(many, many.x).ticks]


def test_a_point_is_as_far_from_a_rectangle_as_from_its_nearest_edge() -> None:
    box = Box(0, 0, 2, 1)
    assert (box.nearest(5, 0.5), box.nearest(1, 0.5)) == ((2, 0.5), (1, 0.5))
    assert (box.distance(5, 5), box.distance(1, 1)) == (5, 0)


def crowd() -> Chart:
    """Sixteen dots of two sizes in a cluster, with names that do not all find room beside them."""
    sized = Axis("size", Unit.COUNT)
    return Chart(
        "crowd",
        "A crowd",
        Axis("x", Unit.COUNT),
        Axis("y", Unit.COUNT),
        tuple(
            Series(
                f"a long name {n}",
                POINTS,
                (Point(50 + n % 4, 50 + n // 4, f"a long name {n}", 1 + n % 2),),
                sized=sized,
            )
            for n in range(16)
        ),
    )


def test_no_line_leads_through_a_name_and_no_name_stands_at_another_dot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Labels] = []
    led: list[tuple[int, tuple[float, float, float, float] | None]] = []
    lines: list[tuple[float, float, float, float]] = []
    original = Labels.write

    def led_to(_: Sheet, x: float, y: float, text: str, size: float, **how: object) -> None:
        led.append((int(text.rsplit(maxsplit=1)[-1]), lines.pop() if lines else None))

    def write(labels: Labels) -> None:
        kept.append(labels)
        monkeypatch.setattr(Sheet, "line", lambda _, start, end, colour: lines.append((*start, *end)))
        monkeypatch.setattr(Sheet, "write", led_to)
        original(labels)

    monkeypatch.setattr(Labels, "write", write)
    picture([crowd()], "svg")
    (labels,) = kept
    assert len(labels.written) == len(led) > 8
    assert any(line for _, line in led)
    for n, ((dot, line), own) in enumerate(zip(led, labels.written, strict=True)):
        others = [box for m, box in enumerate(labels.written) if m != n]
        assert not any(map(own.meets, others))
        if line is None:
            away = [own.distance(x, y) - radius for x, y, radius in labels.dots]
            assert away[dot] == min(away)
            continue
        x, y, to_x, to_y = line
        steps = [(x + (to_x - x) * step / 200, y + (to_y - y) * step / 200) for step in range(201)]
        assert not any(other.holds(*at) for at in steps for other in others)


def test_a_name_of_two_words_stands_in_two_lines_and_keeps_both() -> None:
    assert Typewriter().broken("one / two", 2, 12, most=2) == ["one / two"]
    assert Typewriter().broken("inception_v4 / inception_v3", 1.5, 12, most=2) == [
        "inception_v4 /",
        "inception_v3",
    ]
    assert Typewriter().broken("inception_v4 / inception_v3", 1.5, 12, most=1) == ["incepti…tion_v3"]


def test_both_sides_of_mirrored_bars_have_one_scale_and_no_sign() -> None:
    chart = bars("mirrored")
    axis = span(chart, chart.x)
    assert axis.low < -1.5
    assert axis.high > 4
    assert all("-" not in text and "−" not in text for _, text in axis.ticks)


class Typewriter(lettering.Lettering):
    """Every sign is a tenth of an inch wide."""

    def __init__(self) -> None:
        pass

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        return 0.1 * len(text)


@given(st.text(max_size=120), st.floats(0.3, 4))
def test_lines_fit(text: str, room: float) -> None:
    found = Typewriter().lines(text, room, 12, most=3)
    assert len(found) <= 3
    assert all(len(line) <= room * 10 + 1e-6 for line in found)
    assert len(Typewriter().shortened(text, room, 12)) <= room * 10 + 1e-6


def test_a_short_text_stays_whole_and_a_long_one_keeps_both_ends() -> None:
    assert Typewriter().lines("one two three", 0.8, 12, most=3) == ["one two", "three"]
    assert Typewriter().shortened("nets/models.py", 2, 12) == "nets/models.py"
    assert Typewriter().shortened("a/very/long/path.py", 1, 12) == "a/ver…h.py"
    assert "".join(Typewriter().lines("x" * 25, 1, 12, most=5)) == "x" * 25


def test_chinese_is_drawn_where_a_font_has_it_and_boxed_where_none_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lettering, "_signs", lambda: frozenset(map(ord, " abc□名")))
    assert lettering.drawable("abc 名前") == "abc 名□"
    assert not lettering.complete("abc 名前")
    assert lettering.complete("abc\n名")


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_in_characters_fits_the_terminal(name: str, width: int) -> None:
    found = list(lines(CHARTS[name], width))
    assert found
    assert max(map(len, found)) <= width


def test_bars_in_characters_are_as_long_as_their_numbers() -> None:
    found = list(lines(replace(bars(), x=Axis("MACs", Unit.COUNT)), 80))
    lengths = [line.count("█") for line in found]
    assert lengths[1] == max(lengths)
    assert lengths[0] == pytest.approx(lengths[1] * 1.5 / 4, abs=1)
    assert lengths[4] == 0
