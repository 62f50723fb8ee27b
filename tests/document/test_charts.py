"""Charts say what the records say, over axes that have units, and cost nothing where they are not shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

import inception_profiler as ip
from inception_profiler.document.argument import argument_document
from inception_profiler.document.blocks import Document, Heading
from inception_profiler.document.chart import BARS, STEPS, Axis, Chart, Illustration, Series
from inception_profiler.document.chart_table import chart_table
from inception_profiler.document.charts.accuracy import bubbles
from inception_profiler.document.charts.roofline import roofline_charts
from inception_profiler.document.check import check_document
from inception_profiler.document.claims import ledger_document
from inception_profiler.document.conventions import explanation_document, translation_document
from inception_profiler.document.difference import difference_document
from inception_profiler.document.latency import benchmark_document
from inception_profiler.document.memory import memory_document
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.document.scaling import sweep_document
from inception_profiler.document.view import View
from inception_profiler.records.comparison import Comparison, align
from inception_profiler.records.convention import Translation
from inception_profiler.records.difference import Difference, LayerChange, ModelDifference
from inception_profiler.records.roofline import Ceilings, LayerTime, Roofline
from inception_profiler.records.scaling import Law, ScalePoint, Scaling, Sweep
from inception_profiler.render import formats, terminal
from inception_profiler.units import Unit
from inception_profiler.zoo.card import load
from tests import fixed_guard
from tests.document.test_conventions import explained
from tests.fixed import small, spec, weighed
from tests.fixed_charts import CHARTS, intervals
from tests.fixed_latency import HOST, SETTING, raced
from tests.fixed_memory import remembered


def rooflined() -> Roofline:
    """Five calls, one of each kind and one that computes nothing, on a device with a cache."""
    layers = tuple(
        LayerTime(n, name, name, name, spec(1, 8), seconds, flops // 2, flops, nbytes)
        for n, (name, seconds, flops, nbytes) in enumerate(
            (
                ("conv", 0.010, 9_000_000_000, 40_000_000),
                ("relu", 0.004, 10_000_000, 80_000_000),
                ("add", 0.0002, 1_000_000, 8_000_000),
                ("tiny", 0.001, 1_000, 4_000),
                ("view", 0.0, 0, 0),
            )
        )
    )
    ceilings = Ceilings(
        "Model Processor", "fp32", 16, 1e12, 2e10, 1e11, 32 * 2**20, "2026-01-02T03:04:05+00:00"
    )
    return Roofline("small", (spec(1, 3, 8, 8),), SETTING, HOST, ceilings, layers, 0.016, 40, None)


def swept() -> Sweep:
    points = (ScalePoint(1, (5, 0)), ScalePoint(2, (), "layer fc: no"), ScalePoint(4, (20, 0)))
    laws = (Law("macs", "linear", "batch", 0, 5), Law("params", "constant", "batch"))
    return Sweep((Scaling("vgg16", "batch", ("macs", "params"), points, laws, "N×3×8×8"),))


def pair() -> Comparison:
    profiles = (small("inception_v3"), small("vgg16", scale=3))
    return Comparison(profiles[0], (profiles[1],), align(profiles))


DOCUMENTS = {
    "profile": profile_document(small()),
    "comparison": comparison_document(pair()),
    "memory": memory_document(remembered()),
    "training": memory_document(remembered(trained=True)),
    "argument": argument_document(weighed()),
    "scaling": sweep_document(swept()),
    "latency": benchmark_document(raced()),
    "conventions": explanation_document(explained()),
    "difference": difference_document(fixed_guard.difference()),
    "check": check_document(fixed_guard.check(passing=True)),
    "roofline": Document("roofline", (Illustration(roofline_charts, (rooflined(),)),)),
}


def charts(name: str) -> dict[str, Chart]:
    return {chart.key: chart for chart in DOCUMENTS[name].charts()}


def values(series: Series, chart: Chart) -> list[float]:
    return [chart.value(point) for point in series.points]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_chart_says_what_it_measures_in_which_unit_and_where_it_is_from(name: str) -> None:
    found = list(DOCUMENTS[name].charts())
    assert found
    assert len({chart.key for chart in found}) == len(found)
    for chart in found:
        assert chart.title
        assert chart.caption
        assert chart.source
        for axis in (chart.x, chart.y):
            label = axis.label(chart.scale(axis))
            assert label.startswith(axis.title)
            assert axis.categories or (label.endswith("]") and "[]" not in label), label
        for series in chart.series:
            assert series.points
            if chart.placed.categories:
                places = [chart.place(point) for point in series.points]
                assert set(places) <= set(range(len(chart.placed.categories)))


def test_the_bars_of_modules_add_up_to_the_whole() -> None:
    chart = charts("profile")["by-layer-macs"]
    assert sum(sum(values(series, chart)) for series in chart.series) == 27_648 + 2_560
    assert {series.title: values(series, chart) for series in chart.series} == {
        "convolution": [27_648],
        "linear": [2_560],
    }
    assert chart.y.categories == ("stem", "fc")


def test_shares_of_a_metric_add_up_to_one() -> None:
    for key in ("where-by-size", "where-by-kind"):
        chart = charts("profile")[key]
        sums: Counter[float] = Counter()
        for series in chart.series:
            for point in series.points:
                sums[chart.place(point)] += chart.value(point)
        assert len(sums) == len(chart.y.categories) == 3
        assert list(sums.values()) == pytest.approx([1, 1, 1])


def test_what_adds_up_ends_at_the_whole_and_never_falls() -> None:
    for chart in (charts("profile")["cumulative"], charts("comparison")["cumulative-macs"]):
        for series in chart.series:
            heights = values(series, chart)
            assert heights == sorted(heights)
            assert (heights[0], heights[-1]) == (0, 1)


def test_sizes_are_written_out_and_both_sides_are_those_of_the_records() -> None:
    chart = charts("comparison")["macs-by-size"]
    assert chart.y.categories == ("8×8", "head")  # at 4×4 there is a pooling, which has no MACs
    assert charts("comparison")["activation_bytes-by-size"].y.categories == ("8×8", "4×4", "head")
    assert [values(series, chart) for series in chart.series] == [[27_648, 2_560], [82_944, 7_680]]


def test_small_modules_of_a_long_network_share_a_bar() -> None:
    (first, *_) = small().layers
    many = tuple(
        replace(
            first,
            call=replace(first.call, path=f"m{n}", cost=replace(first.cost, macs=100 + n)),
            name=f"m{n}",
        )
        for n in range(40)
    )
    long = replace(small(), layers=many)
    chart = next(chart for chart in profile_document(long).charts() if chart.key == "by-layer-macs")
    assert len(chart.y.categories) == 24
    assert chart.y.categories[-1] == "17 smaller ones"
    assert sum(sum(values(series, chart)) for series in chart.series) == sum(range(100, 140))


def test_fields_are_those_of_the_layers() -> None:
    chart = charts("profile")["receptive-field"]
    assert [[(point.x, point.y) for point in series.points] for series in chart.series] == [
        [(1, 5)],
        [(1, 3)],
    ]


@pytest.mark.parametrize("name", ["memory", "training"])
def test_the_timeline_has_its_peak_marked(name: str) -> None:
    (chart,) = charts(name).values()
    memory = remembered(trained=name == "training")
    (peak,) = [note for note in chart.notes if note.strong]
    assert peak.y == memory.peak_bytes
    assert memory.peak.name in peak.text
    assert {series.kind for series in chart.series} == {STEPS}


def test_a_sweep_leaves_out_what_is_refused_and_says_so() -> None:
    chart = charts("scaling")["macs-over-batch"]
    assert [(point.x, point.y) for point in chart.series[0].points] == [(1, 5), (4, 20)]
    assert "no point: vgg16" in chart.caption


def test_latencies_have_their_intervals_and_failures_are_named() -> None:
    chart = charts("latency")["latency"]
    rows = [row for row in raced().measurements if row.seconds]
    found = sorted(
        (point.y, point.x, point.low, point.high) for series in chart.series for point in series.points
    )
    assert found == [(n, row.median, *(row.interval or ())) for n, row in enumerate(rows)]
    assert "Not measured: large · batch 32 · compile" in chart.caption
    assert [note.x for note in charts("latency")["latency-ratio"].notes] == [1.0]


def test_dots_of_a_roofline_stand_at_their_rate_and_below_their_roof() -> None:
    chart = charts("roofline")["roofline"]
    dots = {point.label: point for series in chart.series if series.sized for point in series.points}
    assert set(dots) == {"conv", "relu", "add", "tiny"}
    assert (dots["conv"].x, dots["conv"].y, dots["conv"].size) == (225.0, 9e11, 0.010)
    assert [series.title for series in chart.series if not series.sized] == [
        "1.000 TFLOP/s",
        "memory: 20.00 GB/s",
        "cache: 100.0 GB/s",
    ]
    for series in chart.series:
        if ":" in series.title:
            rate = 2e10 if "memory" in series.title else 1e11
            assert all(point.y == pytest.approx(point.x * rate) for point in series.points)
            assert series.points[-1].y == pytest.approx(1e12)


def test_verdicts_are_counted() -> None:
    ledger = ip.Ledger(tuple(map(ip.verify, ("auxiliary-weight", "1x1-output", "1x1-parameters"))))
    (chart,) = ledger_document(ledger).charts()
    assert chart.y.categories == ("000 · csdn-googlenet",)
    assert {series.title: values(series, chart) for series in chart.series} == {"exact": [2], "refuted": [1]}


def test_accuracy_is_published_or_left_out_by_name() -> None:
    cards = [card for card, _ in load().values()]
    chart = bubbles(cards)
    shown = {series.title: series.points[0] for series in chart.series}
    published = {card.name: card for card in cards if card.accuracy and card.accuracy.top1 is not None}
    assert set(shown) == set(published)
    for name, card in published.items():
        assert card.accuracy is not None
        assert shown[name].y * 100 == pytest.approx(card.accuracy.top1)
        assert (shown[name].x, shown[name].size) == (card.macs, card.params)
    assert "inception_v1_naive" in chart.caption
    front = bubbles(cards, ["vgg16"])
    assert [series.title for series in front.series if not series.faint] == ["vgg16"]


def test_a_comparison_without_two_published_accuracies_has_no_chart_of_them() -> None:
    assert "accuracy" in charts("comparison")
    profiles = (small("inception_v1_naive"), small("vgg16"))
    document = comparison_document(Comparison(profiles[0], (profiles[1],), align(profiles)))
    assert "accuracy" not in {chart.key for chart in document.charts()}


def test_each_layer_that_differs_stands_before_and_now() -> None:
    (chart,) = difference_document(fixed_guard.difference()).charts()
    assert chart.key == "difference-net"
    sides = zip(*(values(side, chart) for side in chart.series), strict=True)
    shown = dict(zip(chart.y.categories, sides, strict=True))
    assert shown == {  # without what was only renamed or moved
        "stem · conv2d": (800, 900),
        "body.0 · conv2d": (800, 700),
        "mixed · conv2d": (800, 700),
        "grown · conv2d → risen · conv2d": (800, 1200),
        "gone · add": (800, 0),
        "added · relu": (0, 800),
    }


def test_the_smallest_differences_of_many_layers_share_a_bar() -> None:
    pairs = [(fixed_guard.layer(f"m{n}", size=1), fixed_guard.layer(f"m{n}", size=2 + n)) for n in range(40)]
    model = ModelDifference("deep", (), (), tuple(LayerChange(*pair) for pair in pairs))
    (chart,) = difference_document(Difference("old", "new", (model,))).charts()
    assert len(chart.y.categories) == 24
    assert chart.y.categories[0] == "m17 · conv2d"
    assert chart.y.categories[-1] == "17 more"
    before, now = (sum(values(side, chart)) for side in chart.series)
    assert (before, now) == (40 * 100, sum(100 * (2 + n) for n in range(40)))


def test_what_costs_the_same_has_no_chart_of_differences() -> None:
    model = ModelDifference("net", (), (), (LayerChange(fixed_guard.layer("a"), fixed_guard.layer("b")),))
    assert list(difference_document(Difference("old", "new", (model,))).charts()) == []


def test_the_number_of_a_tool_is_what_its_parts_add_up_to() -> None:
    explanation = explained()
    (chart,) = explanation_document(explanation).charts()
    sums: Counter[float] = Counter()
    for series in chart.series:
        for point in series.points:
            sums[chart.place(point)] += chart.value(point)
    counting = [reading for reading in explanation.readings if reading.unit == "count"]
    assert [sums[place] for place in range(len(counting))] == [reading.total for reading in counting]
    for reading, category in zip(counting, chart.y.categories, strict=True):
        assert f"{reading.total:,}" in category
    models = (explanation, explained("other", scale=3))
    (both,) = translation_document(Translation(models)).charts()
    assert [(series.title, values(series, both)) for series in both.series] == [
        (model.model, [model.readings[0].total]) for model in models
    ]


def test_a_profile_of_nothing_has_no_charts() -> None:
    empty = replace(small(), layers=())
    assert list(profile_document(empty).charts()) == []
    assert list(profile_document(empty, View(columns=("intensity",))).charts()) == []


def test_illustrations_are_worked_out_only_where_they_are_shown() -> None:
    asked: list[str] = []

    def draw(what: str) -> Iterator[Chart]:
        asked.append(what)
        yield intervals()

    document = Document("lazy", (Heading("lazy", 1), Illustration(draw, ("once",))))
    for suffix in (".md", ".csv"):
        formats.for_path(f"x{suffix}")(document)
    assert terminal.render(document, width=80).decode() == "lazy\n"
    assert asked == []
    formats.for_path("x.json")(document)
    assert asked == ["once"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_table_of_a_chart_has_all_of_its_numbers(name: str) -> None:
    chart = CHARTS[name]
    cells = Counter(
        cell for row in chart_table(chart).rows for cell in row.cells if not isinstance(cell, str)
    )
    for series in chart.series:
        for point in series.points:
            assert cells[chart.value(point)] > 0
            for number in (point.size, point.low, point.high):
                assert number is None or series.kind == BARS or cells[number] > 0 or chart.placed.categories


def test_an_axis_prints_its_unit_and_round_numbers() -> None:
    macs = Axis("MACs", Unit.COUNT)
    chart = replace(CHARTS["curves"], y=macs)
    assert macs.label(chart.scale(macs)) == "MACs [M]"
    assert macs.tick(2_500_000, chart.scale(macs)) == "2.5"
    log = Axis("rate", Unit.FLOP_RATE, divided="log")
    assert log.label(chart.scale(log)) == "rate [FLOP/s]"
    assert log.tick(1e10, chart.scale(log)) == "10 G"
    assert Axis("depth", Unit.COUNT, "layers").label(CHARTS["timeline"].scale(macs)).endswith("layers]")


def test_profiles_of_one_model_have_two_colours() -> None:
    from inception_profiler.document.colours import colours

    twins = (small("vgg16"), small("vgg16", scale=2))
    document = comparison_document(Comparison(twins[0], (twins[1],), align(twins)))
    for chart in document.charts():
        if len(chart.series) == 2:
            assert len(set(colours(chart))) == 2
