"""Names that would do harm where a format took them for more than text, and a document full of one."""

from __future__ import annotations

from inception_profiler.document.blocks import Callout, Column, Document, Formula, Heading, Prose, Row, Table
from inception_profiler.document.chart import BARS, LINE, POINTS, Axis, Chart, Note, Point, Series
from inception_profiler.document.deck import Deck, Notes, Slide
from inception_profiler.units import Unit

NAMES = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": "\" onmouseover='alert(1)' x=`y`",
    "formula": "=cmd|'/c calc'!A1",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "input": r"\input{/etc/passwd}\end{document}",
    "caret": "^^5cinput{/etc/passwd} ^^M",
    "specials": r"100% of $x_1$ & #2 ~{ } \\",
    "braces": "}{}}{$",
    "ligatures": "a--b ,,c'' ?` !` << >>",
    "pipe": "a|b||c",
    "markdown": "*bold* _it_ `code` #x ![i](http://x) <http://y>",
    "lines": "a\nb\n\n# c\r\n| d |",
    "rich": "[red]x[/red] [link=http://x]y[/link] :smile:",
    "ansi": "\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b2J\x08",
    "bidi": "abc\u202edef\u2066ghi\u200f\u200b",
    "zero": "a\x00b\x7fc",
    "long": "x" * 200,
    "path": "nets/" + "module.sub_module/" * 10 + "conv",
    "chinese": "卷积神经网络（名前），“引号”。",
    "scripts": "привет ελ 日本 한글 😀 ½ Ħ",
    "sheet": "[a]*?/:\\'name",
    "indices": "²³_a_b^c__x_",
    "link": "javascript:alert(1) data:text/html,x https://example.org",
}


def document(name: str) -> Document:
    """Put a name wherever a document can have one."""
    columns = (
        Column("row", "row", Unit.TEXT),
        Column("n", name, Unit.COUNT),
        Column("t", "text", Unit.TEXT),
        Column("d", "difference", Unit.EXACT),
    )
    rows = (Row((name, 1, name, -27_648)), Row((name, 2, name, None), level=1, strong=True))
    axes = Axis("MACs", Unit.COUNT), Axis(name, Unit.TEXT, categories=(name, f"{name}2"))
    chart = Chart(
        "chart", name, *axes, (Series(name, BARS, (Point(1_000, 0), Point(2_000, 1))),),
        caption=name, source=name,
    )  # fmt: skip
    return Document(
        name,
        (
            Heading(name, 1),
            Prose(name),
            Callout("note", name),
            Formula(name),
            Table(name, columns, rows, name),
            chart,
        ),
    )


def deck(name: str) -> Deck:
    """Put a name wherever a lecture can have one, as that of a device or of a layer that was measured."""
    table = Table(
        name, (Column("row", name, Unit.TEXT), Column("n", "MACs", Unit.COUNT)), (Row((name, 1)),), name
    )
    bars = Chart(
        "bars", name, Axis(name, Unit.TEXT, categories=(name,)), Axis("MACs", Unit.COUNT),
        (Series(name, BARS, (Point(0, 1_000),)),), caption=name, source=name,
    )  # fmt: skip
    dots = Chart(
        "dots", name, Axis("MACs", Unit.COUNT), Axis("rate", Unit.COUNT),
        (
            Series(name, POINTS, (Point(1_000, 3_000, name), Point(2_000, 1_000))),
            Series(f"{name}2", LINE, (Point(1_000, 1_000), Point(2_000, 2_000))),
        ),
        notes=(Note(name, y=2_000),),
    )  # fmt: skip
    shown = (Prose(name), Prose(name)), (Prose(name), Callout("note", name)), (table,), (bars,), (dots,)
    notes = Notes((name,), "Source: a test"), Notes((name, f"{name}: 1", name), name)
    return Deck(
        "A lecture",
        "en-GB",
        tuple(Slide(f"slide-{n}", "topic", name, blocks, notes[n > 0]) for n, blocks in enumerate(shown)),
    )
