"""Slides as files: what is in them, that it fits, that it is safe, and that it is the same every time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation

from inception_profiler.document.blocks import Block, Callout, Column, Formula, Prose, Row, Table
from inception_profiler.document.chart import (
    BARS,
    LINE,
    POINTS,
    STACKED,
    STEPS,
    Axis,
    Chart,
    Note,
    Point,
    Series,
)
from inception_profiler.document.colours import colours
from inception_profiler.document.deck import Deck, Notes, Slide
from inception_profiler.errors import InputError, OverfullError
from inception_profiler.render.slides.beside import Labelled, sides
from inception_profiler.render.slides.formats import DECKS, deck_format
from inception_profiler.render.slides.layout import page, pages
from inception_profiler.render.slides.metrics import lines, width
from inception_profiler.render.slides.page import HEIGHT, WIDTH, Box, FormulaBox, TableBox, TextBox
from inception_profiler.render.slides.runs import runs
from inception_profiler.units import Unit

EMU = 914_400

TABLE = Table(
    "Costs",
    (
        Column("name", "network", Unit.TEXT),
        Column("params", "params", Unit.COUNT),
        Column("share", "share", Unit.SHARE),
    ),
    (
        Row(("one", 6_998_552, 0.25)),
        Row(("two", 138_357_544, None), level=1),
        Row(("all", 145_356_096, 1.0), strong=True),
    ),
)
BARRED = Chart(
    "bars", "Bars", Axis("MACs", Unit.COUNT), Axis("network", Unit.TEXT, categories=("one", "two")),
    (Series("vgg16", BARS, (Point(2e9, 0), Point(4e9, 1))), Series("inception_v1", BARS, (Point(1e9, 0),))),
)  # fmt: skip
CURVED = Chart(
    "curves", "Curves", Axis("depth", Unit.COUNT, "layers"), Axis("bytes", Unit.BYTES),
    (
        Series("held", STEPS, (Point(0, 2**20), Point(2, 3 * 2**20))),
        Series("line", LINE, (Point(0, 0), Point(2, 2**21))),
    ),
    notes=(Note("peak", 2, 3 * 2**20, strong=True), Note("limit", y=2**20)),
)  # fmt: skip
DOTTED = Chart(
    "dots", "Dots", Axis("MACs", Unit.COUNT, divided="log"), Axis("top-1", Unit.SHARE, limits=(0.5, 1.0)),
    tuple(
        Series(name, POINTS, (Point(x, y, name, size),), name, Axis("params", Unit.COUNT))
        for name, x, y, size in (("vgg16", 1.5e10, 0.73, 1.4e8), ("inception_v3", 5.7e9, 0.77, 2.4e7))
    ),
)  # fmt: skip
TIMED = Chart(
    "times", "Times", Axis("latency", Unit.SECONDS), Axis("network", Unit.TEXT, categories=("one", "two")),
    (
        Series("one", POINTS, (Point(0.020, 0, low=0.018, high=0.023),)),
        Series("two", POINTS, (Point(0.040, 1),)),
    ),
)  # fmt: skip


def slide(*blocks: Block, key: str = "key", title: str = "A title") -> Slide:
    return Slide(key, "topic", title, blocks, Notes(("Said.", "Derived."), "Source: a test"))


def deck(*slides: Slide, language: str = "en-GB") -> Deck:
    return Deck("A lecture", language, slides)


WHOLE = deck(
    replace(slide(Prose("What it is about")), key="opening", opening=True),
    slide(
        Prose("first"),
        Prose("second, with K² and C_in"),
        Formula("K²·C_in"),
        Callout("note", "Keep this"),
        key="text",
    ),
    slide(TABLE, key="table"),
    slide(BARRED, key="bars"),
    slide(CURVED, key="curves"),
    slide(DOTTED, key="dots"),
    slide(TIMED, key="times"),
)


@pytest.fixture(scope="module")
def shown():
    return Presentation(io.BytesIO(deck_format("x.pptx")(WHOLE)))


def native(shown, number: int):
    return next(shape.chart for shape in shown.slides[number].shapes if shape.has_chart)


def test_every_slide_has_one_title_and_its_notes(shown) -> None:
    assert len(shown.slides) == len(WHOLE.slides)
    for made, given in zip(shown.slides, WHOLE.slides, strict=True):
        assert made.shapes.title.text_frame.text == given.title
        assert [shape.is_placeholder for shape in made.shapes].count(True) == 1
        assert made.notes_slide.notes_text_frame.text == "Said.\nDerived.\nSource: a test"


def test_it_is_16_to_9(shown) -> None:
    assert shown.slide_width / shown.slide_height == pytest.approx(16 / 9, abs=1e-3)


def test_texts_stay_texts_with_their_indices_and_powers(shown) -> None:
    texts = {shape.name: shape.text_frame for shape in shown.slides[1].shapes if shape.has_text_frame}
    assert [paragraph.text for paragraph in texts["body"].paragraphs] == ["first", "second, with K2 and Cin"]
    levels = [(run.text, run.font._element.get("baseline")) for run in texts["formula"].paragraphs[0].runs]
    assert [text for text, _ in levels] == ["K", "2", "·C", "in"]
    assert int(levels[1][1]) > 0 > int(levels[3][1])
    assert texts["keep"].text == "Keep this"
    assert texts["body"].paragraphs[0].runs[0].font._element.get("lang") == "en-GB"


def test_a_table_stays_a_table(shown) -> None:
    table = next(shape.table for shape in shown.slides[2].shapes if shape.has_table)
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [
        ["network", "params [M]", "share"],
        ["one", "7.0", "25.0%"],
        ["\u2003two", "138.4", "–"],
        ["all", "145.4", "100.0%"],
    ]
    assert table.cell(3, 0).text_frame.paragraphs[0].runs[0].font.bold


def test_bars_are_a_native_chart_in_the_colours_of_the_models(shown) -> None:
    chart = native(shown, 3)
    assert [tuple(series.values) for series in chart.plots[0].series] == [(2.0, 4.0), (1.0, None)]
    assert list(chart.plots[0].categories) == ["one", "two"]
    assert chart.value_axis.axis_title.text_frame.text == "MACs [G]"
    made = [str(series.format.fill.fore_color.rgb) for series in chart.plots[0].series]
    assert made == [colour[1:] for colour in colours(BARRED)]


def test_curves_are_a_native_chart_with_their_remarks(shown) -> None:
    chart = native(shown, 4)
    series = {one.name: one for one in chart.plots[0].series}
    assert tuple(series["held"].values) == (1.0, 1.0, 3.0)
    assert list(series["held"].iter_values()) == [1.0, 1.0, 3.0]
    assert tuple(series["line"].values) == (0.0, 2.0)
    assert tuple(series["peak"].values) == (3.0,)
    assert tuple(series["limit"].values) == (1.0, 1.0)
    assert chart.value_axis.axis_title.text_frame.text == "bytes [MiB]"


def test_bubbles_have_their_size_and_their_name(shown) -> None:
    chart = native(shown, 5)
    found = {}
    for series in chart.plots[0].series:
        sizes = re.findall(r"<c:bubbleSize>.*?<c:v>(.*?)</c:v>", series._element.xml, re.DOTALL)
        found[series.name] = (
            series.values[0],
            float(sizes[0]),
            series.points[0].data_label.text_frame.text.strip(),
        )
    assert found == {"vgg16": (73.0, 1.4e8, "vgg16"), "inception_v3": (77.0, 2.4e7, "inception_v3")}
    assert "c:logBase" in chart._chartSpace.xml


def test_labels_of_near_points_stand_on_different_sides() -> None:
    box = Box(0, 0, 6, 4)
    near = [
        Labelled(0.5, 0.5, "Inception-v4"),
        Labelled(0.52, 0.5, "Inception-v3"),
        Labelled(0.99, 0.9, "VGG-16"),
    ]
    first, second, last = sides(near, box, 16)
    assert first != second
    assert last != "right"


def test_labels_keep_off_other_points_or_are_left_out() -> None:
    box = Box(0, 0, 6, 4)
    one = [Labelled(0.5, 0.5, "norm")]
    assert sides(one, box, 16) == ("right",)
    assert sides(one, box, 16, others=[(0.55, 0.5)]) == ("left",)
    around = [(0.5 + x, 0.5 + y) for x in (-0.1, 0, 0.1) for y in (-0.1, 0, 0.1)]
    assert sides(one, box, 16, others=around, optional=True) == ("",)
    assert sides(one, box, 16, others=around) != ("",)


def test_a_label_keeps_off_a_large_bubble() -> None:
    small, large = Labelled(0.4, 0.5, "one", 0.01), Labelled(0.53, 0.5, "two", 1.0)
    assert sides([small, large._replace(size=0.01)], Box(0, 0, 8, 4), 16)[0] == "right"
    assert sides([small, large], Box(0, 0, 8, 4), 16)[0] == "left"


def test_a_label_stands_right_of_the_axis() -> None:
    assert sides([Labelled(0.02, 0.5, "BN-Inception"), Labelled(0.05, 0.5, "v1")], Box(0, 0, 6, 4), 16)[
        0
    ] in {
        "right",
        "above",
        "below",
    }


def test_lines_of_one_colour_differ_in_their_dashes() -> None:
    roofs = tuple(Series(name, LINE, (Point(0, 1), Point(1, 2)), "roof") for name in ("a", "b", "c"))
    shown = Presentation(
        io.BytesIO(deck_format("x.pptx")(deck(slide(replace(CURVED, series=roofs, notes=())))))
    )
    dashes = [series.format.line.dash_style for series in native(shown, 0).plots[0].series]
    assert len(set(dashes)) == 3


def test_intervals_stand_around_measured_bars(shown) -> None:
    series = native(shown, 6).plots[0].series[0]
    ends = [
        float(text) for text in re.findall(r"<c:v>([\d.e-]+)</c:v>", series._element.xml.split("errBars")[1])
    ]
    assert ends == pytest.approx([3.0, 2.0])
    assert series.values[0] == pytest.approx(20.0)


def test_everything_stands_on_the_slide_and_nothing_on_another(shown) -> None:
    for number, made in enumerate(shown.slides):
        boxes = []
        for shape in made.shapes:
            left, top = shape.left / EMU, shape.top / EMU
            right, bottom = left + shape.width / EMU, top + shape.height / EMU
            assert 0 <= left < right <= WIDTH + 0.01, (number, shape.name)
            assert 0 <= top < bottom <= HEIGHT + 0.01, (number, shape.name)
            if shape.name in {"body", "formula", "keep", "table", "chart"} or shape.is_placeholder:
                boxes.append((left, top, right, bottom))
        for position, (left, top, right, bottom) in enumerate(boxes):
            for other in boxes[position + 1 :]:
                apart = right <= other[0] + 0.01 or other[2] <= left + 0.01
                assert apart or bottom <= other[1] + 0.01 or other[3] <= top + 0.01, number


def test_type_can_be_read_from_the_back() -> None:
    for made in pages(WHOLE):
        assert all(paragraph.points >= 28 for paragraph in made.title.paragraphs)
        for placed in made.placed:
            match placed:
                case TextBox():
                    assert all(paragraph.points >= 18 for paragraph in placed.paragraphs)
                case FormulaBox() | TableBox():
                    assert placed.points >= 18


@pytest.mark.parametrize(
    ("blocks", "title", "said"),
    [
        ((), "long " * 60, "shorten it"),
        (tuple(Prose("a line that is said " * 6) for _ in range(9)), "A title", "say less"),
        ((Prose("x" * 400),), "A title", "wider than"),
        ((Formula("K²·" * 60 + "C"),), "A title", "break it into two"),
        ((replace(TABLE, rows=tuple(Row((str(n), n, 0.1)) for n in range(30))),), "A title", "say less"),
        ((replace(TABLE, rows=(Row(("wide " * 40, 1, 0.1)),)),), "A title", "leave a column out"),
        ((*(Prose("a line " * 20) for _ in range(6)), TABLE, BARRED), "A title", "two slides"),
        ((Callout("note", "keep " * 500),), "A title", "say less"),
    ],
)
@pytest.mark.parametrize("suffix", [".pptx", ".pdf", ".md"])
def test_what_does_not_fit_is_an_error_that_names_the_slide(
    blocks: tuple[Block, ...], title: str, said: str, suffix: str
) -> None:
    with pytest.raises(OverfullError, match=rf"slide 'full'.*{said}"):
        deck_format(f"x{suffix}")(deck(slide(*blocks, key="full", title=title)))


def test_the_width_of_a_line_is_that_of_the_font_that_draws_it() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    text = "An Inception module, 5×5"
    path = TextPath((0, 0), text, size=20, prop=FontProperties(family=["DejaVu Sans"]))
    extent = path.get_extents()
    assert width(text, 20) * 72 == pytest.approx(extent.x1, rel=0.03)


def test_chinese_is_measured_by_its_squares_and_broken_between_them() -> None:
    assert width("网络的代价", 18) == pytest.approx(5 * 18 / 72)
    broken = lines("网络的代价，是设计出来的。", 4 * 18 / 72 + 0.01, 18)
    assert "".join(broken) == "网络的代价，是设计出来的。"
    assert len(broken) > 2
    assert not any(line.startswith(("，", "。")) for line in broken)


def test_offices_put_a_space_between_chinese_and_latin() -> None:
    apart = width("网络", 18) + width("VGG", 18)
    assert width("网络VGG", 18) == pytest.approx(apart + 0.25 * 18 / 72)
    assert width("网络 VGG", 18) == pytest.approx(apart + width(" ", 18) + 0.25 * 18 / 72)


def test_lines_are_broken_between_words() -> None:
    assert lines("one two three", width("one two", 18) + 0.01, 18) == ("one two", "three")


def test_only_single_capitals_have_an_index() -> None:
    assert [run.text for run in runs("inception_v1 of C_in")] == ["inception_v1 of C", "in"]


@pytest.mark.parametrize("suffix", [".pptx", ".pdf", ".md"])
def test_the_same_lecture_is_the_same_bytes(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    render = deck_format(f"x{suffix}")
    first = render(WHOLE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(now + 86_400))
    assert render(WHOLE) == first


def test_a_powerpoint_file_has_no_date_of_its_making() -> None:
    data = deck_format("x.pptx")(WHOLE)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in file.read("docProps/core.xml")
        books = [name for name in file.namelist() if name.endswith(".xlsx")]
        assert books
        for name in books:
            with zipfile.ZipFile(io.BytesIO(file.read(name))) as book:
                assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_a_long_path_is_an_error_and_not_cut_off() -> None:
    with pytest.raises(OverfullError, match="shorten"):
        deck_format("x.pptx")(deck(slide(Prose("features/" * 22))))


def test_markdown_has_slides_pictures_and_notes() -> None:
    text = deck_format("x.md")(WHOLE).decode()
    assert text.startswith("---\nmarp: true\n")
    assert text.count("\n---\n") == 1 + len(WHOLE.slides) - 1
    assert text.count("Source: a test") == len(WHOLE.slides)
    assert "$$K^{2}\\cdot C_{\\mathrm{in}}$$" in text
    assert "| one | 7.0 | 25.0% |" in text
    for key in ("bars", "curves", "dots", "times"):
        assert f"][chart-{key}]" in text
        assert f"\n[chart-{key}]: data:image/png;base64,iVBOR" in text


def test_a_pdf_has_a_page_for_each_slide_with_its_notes() -> None:
    data = deck_format("x.pdf")(WHOLE)
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", data)) == len(WHOLE.slides)
    assert data.count(b"/Subtype /Text") == len(WHOLE.slides)


def test_stacked_bars_are_stacked() -> None:
    shown = Presentation(io.BytesIO(deck_format("x.pptx")(deck(slide(replace(BARRED, arrangement=STACKED))))))
    assert 'val="stacked"' in native(shown, 0)._chartSpace.xml


def test_a_chart_beside_text_stands_to_its_right() -> None:
    made = page(slide(Prose("one"), Prose("two"), Formula("K²"), BARRED), 1)
    chart = next(placed for placed in made.placed if not isinstance(placed, TextBox | FormulaBox))
    assert all(placed.box.right <= chart.box.left for placed in made.placed if placed is not chart)


def test_other_suffixes_are_refused() -> None:
    with pytest.raises(InputError, match=r"\.md, \.pdf, \.pptx"):
        deck_format("lecture.docx")
    assert set(DECKS) == {".md", ".pdf", ".pptx"}


@pytest.mark.parametrize("suffix", [".pdf", ".md"])
def test_a_lecture_in_signs_that_no_font_has_is_refused(suffix: str) -> None:
    with pytest.raises(InputError, match=r"no installed font .* or write \.pptx"):
        deck_format(f"x{suffix}")(replace(WHOLE, title="Costs \U0010fffd"))


def test_a_lecture_in_signs_that_no_font_has_is_written_for_an_office() -> None:
    assert deck_format("x.pptx")(replace(WHOLE, title="Costs \U0010fffd"))


def test_names_in_charts_have_to_fit() -> None:
    long = "nets/module.sub_module/conv2d/branch_a/branch_b"
    lying = replace(BARRED, y=replace(BARRED.y, categories=(long, "two")))
    standing = replace(BARRED, x=replace(BARRED.y, categories=(long, long, long)), y=BARRED.x)
    pointed = replace(DOTTED, series=(replace(DOTTED.series[0], points=(Point(1e9, 0.7, long * 2, 1e7),)),))
    for chart in (lying, standing, pointed):
        with pytest.raises(OverfullError, match=rf"slide 'key'.*{chart.key}.*shorten it"):
            page(slide(chart), 1)
