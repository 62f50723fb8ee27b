"""What each format promises, beyond looking as it did."""

from __future__ import annotations

import csv
import io
import json

import pytest

from inception_profiler.cli.profile import FORMATS
from inception_profiler.document.blocks import Column, Document, Formula, Row, Table
from inception_profiler.document.profile import comparison_document, profile_document
from inception_profiler.errors import InputError
from inception_profiler.records.archive import loads
from inception_profiler.records.comparison import Comparison, align
from inception_profiler.render import formats, terminal
from inception_profiler.units import Unit
from tests.fixed import small

HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "a|b",
    "a\nb",
    "*bold* _it_ `code` #x",
    "[red]x[/red]",
    "名前",
    "x" * 200,
)


def rendered(suffix: str, document: Document) -> str:
    return formats.for_path(f"x{suffix}")(document).decode()


def hostile(name: str) -> Document:
    columns = (Column("row", "row", Unit.TEXT), Column("n", name, Unit.COUNT), Column("t", "text", Unit.TEXT))
    return Document(name, (Table(name, columns, (Row((name, 1, name)),), name),), None)


def test_json_carries_the_whole_result() -> None:
    pair = (small(), small("larger", scale=3))
    result = Comparison(pair[0], (pair[1],), align(pair))
    assert loads(rendered(".json", comparison_document(result))) == result


def test_json_is_strict_although_ratios_can_be_infinite() -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    pair = (small(), small(scale=0))
    document = comparison_document(Comparison(pair[0], (pair[1],), align(pair)))
    assert json.loads(rendered(".json", document), parse_constant=refuse)


def test_csv_is_one_table_in_base_units() -> None:
    lines = list(csv.DictReader(io.StringIO(rendered(".csv", profile_document(small())))))
    totals = {line["row"]: line for line in lines if line["table"] == "Totals"}
    assert int(totals["MACs"]["small"]) == small().macs
    assert totals["weight bytes"]["unit"] == "bytes"
    layers = [line for line in lines if line["table"] == "small by layer" and line["level"] == "2"]
    assert [int(line["macs [count]"]) for line in layers] == [27_648, 0]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_in_csv(name: str) -> None:
    (line,) = csv.DictReader(io.StringIO(rendered(".csv", hostile(name))))
    assert line["row"].removeprefix("'") == name
    assert not line["row"].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_cell_in_markdown(name: str) -> None:
    text = rendered(".md", hostile(name))
    row = next(
        line for line in text.splitlines() if line.startswith("| ") and "---" not in line and " 1 " in line
    )
    assert row.replace("\\|", "").count("|") == 4
    for sign in "*_`<>":
        assert row.count(sign) == row.count(f"\\{sign}")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_in_the_terminal(name: str) -> None:
    text = terminal.render(hostile(name), width=60).decode()
    assert name.splitlines()[0] in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_no_number_is_cut_off_however_narrow_the_terminal(width: int) -> None:
    text = terminal.render(profile_document(small()), width=width).decode()
    assert "…" not in text
    assert "27.648" in text.replace("\n", "")


def _pointed(name: str, reason: str) -> Document:
    columns = (
        Column("point", "point", Unit.TEXT),
        Column("reason", "because", Unit.TEXT),
        Column("seconds", "after", Unit.SECONDS),
    )
    rows = (Row((name, reason, 1.5)), Row(("short", "reason", 2.5)))
    return Document("points", (Table("Points", columns, rows),))


@pytest.mark.parametrize("name", ["nets.py:" + "Net" * 18 + " · batch 1 · training step", "lenet5 · batch 1"])
def test_sentences_of_a_table_that_is_too_wide_go_on_below(name: str) -> None:
    reason = "a BatchNorm that is trained needs each batch's own statistics: fuse in inference"
    document = _pointed(name, reason)
    folded = terminal.render(document, width=80).decode().splitlines()
    assert max(map(len, folded)) <= 80
    first = next(number for number, line in enumerate(folded) if "1.500" in line)
    last = next(number for number, line in enumerate(folded) if "2.500" in line)
    begun = folded[first].index(" a BatchNorm") + 1
    cells = [line.removesuffix("1.500") for line in folded[first:last]]
    assert "".join(line[:begun] for line in cells).replace(" ", "") == name.replace(" ", "")
    assert " ".join(line[begun:].strip() for line in cells) == reason
    for width in (None, 200):
        assert any(name in line and reason in line for line in _lines(document, width))
    assert _lines(document, 30) == _lines(document, 31)  # it would not fit even so


def test_several_texts_are_narrowed_before_a_table_does_not_fit() -> None:
    name, reason = "auxiliary-classifiers-given-up", "Inception-v3 has no auxiliary heads in inference"
    columns = [Column(key, key, Unit.TEXT) for key in ("claim", "states", "verdict")]
    document = Document("claims", (Table("Claims", tuple(columns), (Row((name, reason, "refuted")),)),))
    lines = _lines(document, 50)
    assert max(map(len, lines)) <= 50
    begun = lines[3].index("states")
    assert "".join(line[1:begun] for line in lines[5:]).replace(" ", "") == name
    assert (
        " ".join(line[begun:].removesuffix("refuted").strip() for line in lines[5:]).split() == reason.split()
    )


def _lines(document: Document, width: int | None) -> list[str]:
    return terminal.render(document, width=width).decode().splitlines()


@pytest.mark.parametrize("text", [*HOSTILE, "K² / (C_in·R) = 3×", "$x$ {\\\\input} %"])
def test_a_formula_is_one_inert_line_in_every_format(text: str) -> None:
    document = Document("formula", (Formula(text),))
    lines = rendered(".md", document).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("$$")
    assert lines[0].count("$") == 4
    assert lines[0].count("{") == lines[0].count("}")
    assert "\\input" not in lines[0]
    assert text.splitlines()[0] in terminal.render(document, width=250).decode()
    assert json.loads(rendered(".json", document))["formulas"] == [text]


def test_an_unknown_suffix_lists_the_known() -> None:
    known = r"\.csv, \.html, \.json, \.md, \.pdf, \.png, \.svg, \.tex"
    with pytest.raises(InputError, match=known):
        formats.for_path("result.docx")


def test_the_help_of_out_names_every_format() -> None:
    assert set(FORMATS.split()) == set(formats.load())
