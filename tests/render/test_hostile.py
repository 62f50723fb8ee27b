"""Hostile names through every format that there is, each read by a reader of its own."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
import yaml
from rich.console import Console

from inception_profiler.document.blocks import Document, Formula
from inception_profiler.document.chart import Chart
from inception_profiler.errors import OverfullError
from inception_profiler.records.profile import Profile
from inception_profiler.render import formats, notebook, terminal
from inception_profiler.render.slides.formats import DECKS, deck_format
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


def texts(xml: str) -> list[str]:
    """Return what stands in the elements of an Office file."""
    return [unescape(text) for text in re.findall(r"<(?:a|c|dc)?:?(?:t|v|title)[^>/]*>([^<]*)<", xml)]


def book_is_inert(name: str, data: bytes) -> None:
    """Read the workbook behind a chart: every cell is a number or a text that begins nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(part).decode() for part in book.namelist() if "/worksheets/" in part]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert sheets
    assert not re.search(r"<(f|hyperlink|dataValidation|drawing|oleObject)[ >/]", "".join(sheets))
    assert not re.search(r"<(r|rPr|phonetic)[ >]", strings)
    cells = [unescape(text) for text in re.findall(r"<si><t[^>]*>([^<]*)</t></si>", strings)]
    assert len(cells) == strings.count("<si>")
    assert told(name) in {flat(cell.removeprefix("'")) for cell in cells}
    assert not [cell for cell in cells if cell.startswith(FORMULA)]


def powerpoint_is_inert(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    books = [part for part in parts if part.endswith(".xlsx")]
    assert len(books) == 2
    for book in books:
        book_is_inert(name, parts[book])
    xml = {part: data.decode() for part, data in parts.items() if part.endswith((".xml", ".rels"))}
    whole = "".join(xml.values())
    assert not re.search(
        r"hlink(Click|Hover|MouseOver)[ >]|TargetMode|relationships/hyperlink|<p:oleObj", whole
    )
    assert not re.search(r"vbaProject|<a:fld[^>]*http|<c:externalData[^>]*http", whole)
    assert not UNSEEN.search(whole.replace("\n", "").replace("\r", ""))
    for number in range(1, 6):
        slide = xml[f"ppt/slides/slide{number}.xml"]
        assert told(name).translate(LEVEL) in flat("".join(texts(slide))), number
        assert slide.count("<p:sp>") == SHAPES[number - 1]
    charts = [xml[part] for part in xml if re.fullmatch(r"ppt/charts/chart\d+\.xml", part)]
    assert len(charts) == 2
    assert all(told(name) in {flat(text.removeprefix("'")) for text in texts(chart)} for chart in charts)


SHAPES = (4, 6, 3, 3, 3)
LEVEL = str.maketrans("²³", "23")
"""Powers are digits above the line there."""


def marp_is_inert(name: str, data: bytes) -> None:
    """Read a deck as Marp does: its settings, slides between rules, comments for notes; nothing else."""
    reader = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True}).enable("table")
    _, head, body = data.decode().split("---\n", 2)
    assert set(yaml.safe_load(head)) == {"marp", "size", "paginate", "math", "style"}
    tokens = reader.parse(body)
    inside = [child for token in tokens for child in token.children or ()]
    kinds = {re.sub("_(open|close)$", "", token.type) for token in (*tokens, *inside)}
    blocks = {"heading", "paragraph", "blockquote", "bullet_list", "list_item", "table", "thead", "tbody"}
    assert kinds <= blocks | {"tr", "th", "td", "hr", "strong", "inline", "text", "image", "html_block"}
    assert sum(token.type == "hr" for token in tokens) == 4
    assert sum(token.type == "heading_open" for token in tokens) == 5
    assert sum(token.type == "list_item_open" for token in tokens) == 3
    pictures = [child for child in inside if child.type == "image"]
    assert [str(one.attrs["src"])[:22] for one in pictures] == ["data:image/png;base64,"] * 2
    for notes in (token.content for token in tokens if token.type == "html_block"):
        assert re.fullmatch(r"<!--\n(?!-?>)((?!--|<!|[<>]).)*\n-->\n?", notes, re.DOTALL)
        settings = yaml_read(notes.strip().removeprefix("<!--").removesuffix("-->"))
        assert not isinstance(settings, dict) or all(str(key).startswith("– ") for key in settings)
    linked = re.compile(r"https?:|data:|www\.|\w@\w|[^\W\d]\.[^\W\d]|:[\w+-]+:")
    assert not linked.search(
        re.sub(r"<!--.*?-->|^\[chart-.*$|^\$\$.*$", "", body, flags=re.DOTALL | re.MULTILINE)
    )
    said = [
        flat("".join(child.content for child in token.children).replace("\u2060", ""))
        for token in tokens
        if token.type == "inline"
    ]
    assert sum(told(name) in one for one in said) >= 5 + 3


def yaml_read(text: str) -> object:
    try:
        return yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return None


def pages_are_inert(name: str, data: bytes) -> None:
    assert len(re.findall(rb"/Type /Page\b", data)) == 5
    assert len(re.findall(rb"/Subtype /Text\b", data)) == 5
    assert not re.search(
        rb"/(URI|JavaScript|JS|Launch|OpenAction|AA|GoToR|EmbeddedFile|Link)\b", unquoted(data)
    )


def unquoted(data: bytes) -> bytes:
    """Return a PDF without its texts in round brackets, which name nothing, and what is compressed."""
    plain = re.sub(rb"stream\r?\n.*?endstream", b"", data, flags=re.DOTALL)
    return re.sub(rb"\((?:\\.|[^\\()])*\)", b"()", plain, flags=re.DOTALL)


LECTURES: dict[str, Callable[[str, bytes], None]] = {
    ".pptx": powerpoint_is_inert,
    ".md": marp_is_inert,
    ".pdf": pages_are_inert,
}
TOO_LONG = {"long", "path"}
IN_BOOKS = {
    "array": "{=SUM(1)}",
    "wide": "＝1+1",
    "runs": "<r><t>x</t></r>",
    "address": "https://example.org/x",
    "mail": "mailto:a@example.org",
    "within": "internal:Sheet1!A1",
    "file": "file:///etc/passwd",
}
"""Names that the library behind workbooks takes for formulas, rich text or links."""
IN_MARP = {
    "setting": "style: '* { display: none }'",
    "picture": "bg blur:9px 200% fit",
    "site": "www.example.org a@example.org nets.py:Net :smile:",
    "comment": "--> <!-- class: x -->",
    "list": "1. x",
    "rule": "---",
    "fence": "```",
}
"""Names that Marp takes for settings, backgrounds, links, slides."""
TALKS = [
    (suffix, name)
    for suffix in LECTURES
    for name in {".pptx": hostile.NAMES | IN_BOOKS, ".md": hostile.NAMES | IN_MARP}.get(
        suffix, {key: hostile.NAMES[key] for key in ("script", "input", "chinese", "link", "braces")}
    ).values()
    if name not in {hostile.NAMES[key] for key in TOO_LONG}
]


def test_every_format_of_lectures_has_a_reader() -> None:
    deck_format("x.md")
    assert set(LECTURES) == set(DECKS)


@pytest.mark.parametrize(("suffix", "name"), TALKS)
def test_a_name_is_text_in_every_lecture(suffix: str, name: str) -> None:
    LECTURES[suffix](name, deck_format(f"x{suffix}")(hostile.deck(name)))


@pytest.mark.parametrize("suffix", LECTURES)
@pytest.mark.parametrize("slide", range(5))
@pytest.mark.parametrize("key", sorted(TOO_LONG))
def test_a_name_that_is_too_long_for_a_slide_is_an_error(suffix: str, slide: int, key: str) -> None:
    whole = hostile.deck(hostile.NAMES[key])
    one = replace(whole, slides=(replace(whole.slides[slide], title="A title"),))
    with pytest.raises(OverfullError, match=rf"slide 'slide-{slide}'.*(shorten|break it)"):
        deck_format(f"x{suffix}")(one)
