"""Pictures by their content: sizes, words, and that the same charts give the same bytes."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from dataclasses import replace
from html import unescape

import pytest

from inception_profiler.document.blocks import Document
from inception_profiler.document.chart import MIRRORED, Chart
from inception_profiler.errors import InputError
from inception_profiler.render import formats
from inception_profiler.render.image.figure import DPI, SLIDE, picture
from tests.fixed_charts import CHARTS, bars, curves

SUFFIXES = ("png", "svg", "pdf")
HOSTILE = (
    "<script>alert(1)</script>",
    "$x_1$ \\frac{a}{b",
    "\\input{/etc/passwd} 100 % & #",
    "a\nb\tc",
    "nets/" + "x" * 195,
    "名前と中文",
    "\x00\x1b[31m\u202e",
)


def words(svg: bytes) -> list[str]:
    """Return the texts of an SVG, line by line."""
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())]


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_slide_large(name: str) -> None:
    width, height = size(picture([CHARTS[name]], "png"))
    assert (width, height) == (int(SLIDE[0] * DPI), int(SLIDE[1] * DPI))


def test_charts_stand_one_under_the_other() -> None:
    document = Document("two", (curves(), bars()))
    width, height = size(formats.for_path("x.png")(document))
    assert (width, height) == (int(SLIDE[0] * DPI), int(2 * SLIDE[1] * DPI))


@pytest.mark.parametrize("name", CHARTS)
def test_everything_that_a_chart_says_is_in_the_picture(name: str) -> None:
    chart = CHARTS[name]
    said = words(picture([chart], "svg"))
    wanted = {chart.title, chart.x.label(chart.scale(chart.x)), *chart.y.categories, *chart.x.categories}
    wanted |= {note.text for note in chart.notes} | ({chart.caption, chart.source} - {""})
    wanted |= {point.label for series in chart.series for point in series.points} - {""}
    if len(chart.series) > 1 and chart.placed.categories == ():
        wanted |= {series.title for series in chart.series if not series.points[0].label}
    assert wanted <= set(said)


def test_numbers_stand_at_their_bars() -> None:
    said = words(picture([bars(MIRRORED)], "svg"))
    assert {"1.50", "4.00", "0.25", "0.12", "0", "<0.01"} <= set(said)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_charts_are_the_same_bytes_anywhere(suffix: str) -> None:
    charts = [CHARTS["mirrored"], CHARTS["bubbles"]]
    here = picture(charts, suffix)
    assert picture(charts, suffix) == here
    code = (
        "import sys\n"
        "from tests.fixed_charts import CHARTS\n"
        "from inception_profiler.render.image.figure import picture\n"
        f"sys.stdout.buffer.write(picture([CHARTS['mirrored'], CHARTS['bubbles']], {suffix!r}))"
    )
    there = os.environ | {"TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=there)
    assert fresh.stdout == here


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_picture_tells_nothing_of_when_and_by_what_it_was_made(suffix: str) -> None:
    data = picture([curves()], suffix)
    assert b"Matplotlib" not in data
    assert not re.search(rb"CreationDate|<dc:date>|tEXt|20\d\d-\d\d-\d\d", data)


def hostile(name: str) -> Chart:
    chart = bars(MIRRORED, names=(name, f"{name}2"))
    axis = replace(chart.y, categories=(name, f"{name}3", "head"))
    return replace(chart, title=name, y=axis, caption=name, source=f"{name} {name}")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_names_are_drawn_without_a_warning(suffix: str) -> None:
    assert picture([hostile(name) for name in HOSTILE], suffix)


def test_a_name_is_text_and_no_markup() -> None:
    svg = picture([hostile(HOSTILE[0])], "svg")
    assert b"<script" not in svg
    assert HOSTILE[0] in words(svg)
    assert HOSTILE[1] in words(picture([hostile(HOSTILE[1])], "svg"))


def test_a_document_without_charts_says_what_to_do() -> None:
    with pytest.raises(InputError, match=r"'nothing' has no chart to draw: end the file in \.md"):
        formats.for_path("x.png")(Document("nothing", ()))
