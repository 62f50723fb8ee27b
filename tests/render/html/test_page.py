"""Pages by what stands in them: names are text, one file is enough, and it is the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from inception_profiler.document.blocks import Document
from inception_profiler.document.chart import BARS, STACKED, Axis, Chart, Point, Series
from inception_profiler.render.html import page as rendered
from inception_profiler.render.html import render
from inception_profiler.render.html.traces import traces
from inception_profiler.units import Unit
from tests.fixed_charts import shares
from tests.render.html.documents import DOCUMENTS, everywhere, ledger, plain

HOSTILE = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "</style></title><img src=x onerror=window.hit=1>",
    "<!--<script>",
    "]]>\"'><svg onload=window.hit=1>",
    '" onmouseover="window.hit=1',
    "<a href='javascript:window.hit=1'>x</a>",
    "&lt;b&gt; &amp;lt; {{x}} ${x} %{y} $x$",
    "a\u2028b\u2029c\td",
    "\x00\x1b[31m\u202e\ud800",
    "名前と中文",
    "nets/" + "x" * 195,
)


class Parsed(HTMLParser):
    """The elements of a page with the names of their attributes, and every address and script in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.data: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"i", "sub", "sup"} or attrs:  # a formula's letters and indices
            self.elements.append((tag, tuple(given)))
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        self._inside = ("data" if given.get("type") else "script") if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            (self.data if self._inside == "data" else self.scripts).append(data)


def strings(value: Any) -> Iterator[str]:
    """Yield every text within a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def static(document: Document) -> str:
    """Return the page without what is the same in every page, so that a golden file shows what is its own."""
    text = rendered.page(document, lambda: "")
    text = re.sub(r"(?s)<style>.*?</style>", "<style></style>", text)
    text = re.sub(r"(?s)<script>.*?</script>\n", "", text)
    return re.sub(r"(script-src) [^;]*", r"\1", text)


@pytest.mark.parametrize("name", ["comparison", "charts", "plain"])
def test_the_page_is_as_it_was(name: str, golden: Callable[[str, bytes], None]) -> None:
    golden(f"{name}.html", static(DOCUMENTS[name]()).encode())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_makes_no_element_and_no_attribute(name: str) -> None:
    """Whatever a name is, the page has the elements that it has with a harmless one."""
    wild, tame = Parsed(static(everywhere(name))), Parsed(static(everywhere("名" * len(name))))
    assert wild.elements == tame.elements
    assert all(address.startswith("#") for address in wild.addresses)


@pytest.mark.parametrize("name", HOSTILE)
def test_data_is_read_back_and_plotly_gets_no_markup_of_a_name(name: str) -> None:
    parsed = Parsed(static(everywhere(name)))
    assert len(parsed.data) == 4
    for text in parsed.data:
        for string in strings(json.loads(text)):
            assert not re.search(r"<(?!/?b>|br>)", string)
        assert not re.search("[<>\u2028\u2029]", text)


def test_the_policy_allows_the_scripts_of_the_page_and_no_other() -> None:
    text = render(DOCUMENTS["charts"]()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    allowed = set(re.findall(r"'sha256-([^']*)'", policy[1].replace("&#x27;", "'")))
    scripts = re.findall(r"(?s)<script>(.*?)</script>", text)
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert allowed == hashes
    assert len(scripts) == 4
    assert "default-src 'none'" in policy[1]
    assert "unsafe-eval" not in policy[1]


def test_nothing_is_drawn_without_charts_and_the_page_is_small() -> None:
    data = render(plain())
    assert b"Plotly" not in data
    assert len(data) < 30_000


def test_what_is_folded_can_be_reached_and_only_that() -> None:
    text = static(ledger())
    folds = re.findall(r'<details id="(fold-[^"]*)"', text)
    leads = re.findall(r'<a href="#(fold-[^"]*)">', text)
    assert len(folds) == 2
    assert sorted(leads) == sorted(folds)
    assert "Derivation of" in text
    assert len(re.findall(r'id="([^"]*)"', text)) == len(set(re.findall(r'id="([^"]*)"', text)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_id_is_there_once_and_whatever_is_referred_to_is_there(name: str) -> None:
    text = static(DOCUMENTS[name]())
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'(?:href="#|aria-labelledby="|aria-describedby="|data-drawing=")([^"]*)"', text)
    assert set(referred) <= set(ids)


def test_the_same_document_is_the_same_bytes_anywhere() -> None:
    here = render(DOCUMENTS["comparison"]())
    code = (
        "import sys\n"
        "from inception_profiler.render.html import render\n"
        "from tests.render.html.documents import compared\n"
        "sys.stdout.buffer.write(render(compared()))"
    )
    there = os.environ | {"TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=there)
    assert fresh.stdout == here


def test_what_stands_end_to_end_has_its_sum_behind_it_and_shares_have_none() -> None:
    parts = (("one", (3.0, 2.0)), ("two", (4.0,)))
    stack = Chart(
        "stack",
        "A stack",
        Axis("time", Unit.EXACT),
        Axis("row", Unit.TEXT, categories=("both", "alone")),
        tuple(
            Series(name, BARS, tuple(Point(value, n) for n, value in enumerate(values)))
            for name, values in parts
        ),
        STACKED,
    )
    first, second, sums = traces(stack)
    assert [text.strip() for text in sums["text"]] == ["7", "2"]
    assert (sums["x"], sums["y"], sums["meta"]) == ([7.0, 2.0], [0, 1], -1)
    assert (first["text"], second["text"]) == (["3", ""], ["4"])
    assert [trace["meta"] for trace in traces(shares())] == [0, 1, 2]
