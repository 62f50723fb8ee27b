"""Hostile names through every format that there is, each read by a reader of its own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from inception_profiler.document.blocks import Document, Formula
from inception_profiler.document.chart import Chart
from inception_profiler.records.profile import Profile
from inception_profiler.render import formats, notebook, terminal
from tests.fixed import small
from tests.render import hostile
from tests.render.test_notebook import Page

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
MARK = "�"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def told(name: str) -> str:
    """The signs of a name that can be seen, without spaces: what a reader must find again."""
    return "".join(UNSEEN.sub("", name).split())


def flat(text: str) -> str:
    return "".join(text.replace(MARK, "").split())


def undrawn(name: str) -> Document:
    """The document without its chart, whose library takes long to read, and without what is set as maths."""
    whole = hostile.document(name)
    return Document(
        whole.title, tuple(block for block in whole.blocks if not isinstance(block, Chart | Formula))
    )


def csv_is_inert(name: str, data: bytes) -> None:
    header, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    for cell in (*header, *(cell for line in lines for cell in line)):
        number = re.fullmatch(r"-?[0-9.]+", cell)
        assert number or not cell.startswith(FORMULA), cell
    assert all(len(line) == len(header) for line in lines)
    assert [line[header.index("d [exact]")] for line in lines[:2]] == ["-27648", ""]
    assert told(name) in told(lines[0][header.index("row")])


def json_is_inert(name: str, data: bytes) -> None:
    found = json.loads(data)
    assert found["title"] == name
    assert found["tables"][0]["rows"][0]["cells"] == [name, 1, name, -27_648]
    assert not re.search(rb"[\x00-\x09\x0b-\x1f]", data)


def markdown_is_inert(name: str, data: bytes) -> None:
    reader = pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"html": True, "linkify": False})
    tokens = reader.parse(data.decode())
    inside = [child for token in tokens for child in token.children or ()]
    kinds = {re.sub("_(open|close)$", "", token.type) for token in (*tokens, *inside)}
    blocks = {"heading", "paragraph", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
    assert kinds <= blocks | {"strong", "em", "inline", "text", "text_special"}
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 3 + 3
    assert sum(token.type == "heading_open" for token in tokens) == 3
    cells = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    assert told(name) in [flat(cell) for cell in cells]
    assert not UNSEEN.search(data.decode().replace("\n", ""))


def html_is_inert(name: str, data: bytes) -> None:
    from html.parser import HTMLParser

    text = data.decode()
    assert not UNSEEN.search("".join(text.split()))

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[tuple[str, tuple[str, ...]]] = []
            self.said: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append((tag, tuple(sorted(key for key, _ in attrs))))

        def handle_data(self, data: str) -> None:
            self.said.append(data)

    def read(page: bytes) -> Reader:
        reader = Reader()
        reader.feed(page.decode())
        reader.close()
        return reader

    found, plain = read(data), read(formats.for_path("x.html")(undrawn("plain")))
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    attributes = {key for _, keys in plain.tags for key in keys}
    assert {key for _, keys in found.tags for key in keys} <= attributes
    assert told(name) in {flat(said) for said in found.said}


def latex_is_inert(name: str, data: bytes) -> None:
    body = data.decode().partition("\\section*")[2]
    assert not UNSEEN.search(body.replace("\n", ""))
    assert not re.search(r"\\(input|end\{document|def|csname|write|catcode)", body.replace("\\\\", ""))
    assert body.count("\\begin{table}") == 2


def picture_is_inert(name: str, data: bytes) -> None:
    assert data.startswith((b"\x89PNG", b"%PDF", b"<?xml"))
    assert not re.search(rb"<(script|img|a)[ >]|/JavaScript|/Launch|/URI", data)


READERS: dict[str, Callable[[str, bytes], None]] = {
    ".csv": csv_is_inert,
    ".json": json_is_inert,
    ".md": markdown_is_inert,
    ".html": html_is_inert,
    ".tex": latex_is_inert,
    ".png": picture_is_inert,
    ".svg": picture_is_inert,
    ".pdf": picture_is_inert,
}
DRAWN = {".png", ".pdf"}
"""Formats whose drawing takes long, which `.svg` shares: a few names are enough."""
CASES = [
    (suffix, name)
    for suffix in formats.load()
    for name in hostile.NAMES
    if suffix not in DRAWN or name in {"script", "input", "chinese"}
]


def test_every_format_has_a_reader() -> None:
    assert set(READERS) == set(formats.load())


@pytest.mark.parametrize(("suffix", "key"), CASES)
def test_a_name_is_text_in_every_format(suffix: str, key: str) -> None:
    name = hostile.NAMES[key]
    document = undrawn(name) if suffix == ".html" else hostile.document(name)
    READERS[suffix](name, formats.for_path(f"x{suffix}")(document))


@pytest.mark.parametrize("color", [None, "truecolor"])
@pytest.mark.parametrize("name", hostile.NAMES.values(), ids=hostile.NAMES)
def test_a_name_commands_no_terminal(name: str, color: str | None) -> None:
    text = terminal.render(hostile.document(name), width=300, color=color).decode()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text) if color else text
    assert not UNSEEN.search(plain.replace("\n", ""))
    assert told(name) in flat(plain)
    if color:  # the colours are ours, whatever the name says
        ours = terminal.render(hostile.document("plain"), width=300, color=color).decode()
        assert set(re.findall(r"\x1b\[[0-9;]*m", text)) == set(re.findall(r"\x1b\[[0-9;]*m", ours))


@pytest.mark.parametrize("name", hostile.NAMES.values(), ids=hostile.NAMES)
def test_a_name_is_text_in_a_notebook_and_in_rich(name: str) -> None:
    result: Profile = small(name)
    page = Page(result._repr_html_())
    assert page.tags == Page(small()._repr_html_()).tags
    assert told(name) in flat(page.said)
    out = io.StringIO()
    Console(file=out, width=400, color_system=None).print(result)
    assert not UNSEEN.search(out.getvalue().replace("\n", ""))
    assert told(name) in flat(out.getvalue())


def test_every_block_of_a_document_is_in_the_matrix() -> None:
    kinds = {type(block).__name__ for block in hostile.document("x").blocks}
    assert kinds == {"Heading", "Prose", "Callout", "Formula", "Table", "Chart"}
    assert notebook.html(small())
    assert isinstance(hostile.document("x"), Document)
