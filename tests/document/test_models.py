from __future__ import annotations

from dataclasses import replace

import pytest

from inception_profiler.document.blocks import Callout, Document, Prose, Table
from inception_profiler.document.cells import printed
from inception_profiler.document.models import NUMBERS, Listing, card_document, models_document
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.zoo.card import Accuracy, ModelCard

SMALL = ModelCard(
    name="small", title="Small", paper="A. Author, Small Nets, 1998", year=1998, family="early", input=(1, 32,
    32), params=60_000, macs=420_000, deviations=("It is smaller.", "It is older."),
)  # fmt: skip
LARGE = ModelCard(
    name="large", title="Large", paper="B. Author, Large Nets, 2015", year=2015, family="late", input=(3, 224,
    224), params=25_000_000, macs=4_000_000_000, params_with_auxiliary=27_000_000, auxiliary=("aux",),
    aliases=("big", "huge"), accuracy=Accuracy(75.5, None, "one crop", "its authors"),
)  # fmt: skip
MIDDLE = replace(
    SMALL, name="middle", title="Middle", family="late", year=2012, params=61_000_000, macs=700_000_000
)
CARDS = (LARGE, SMALL, MIDDLE)


def table(document: Document) -> Table:
    (found,) = document.tables()
    return found


def names(document: Document) -> list[object]:
    return [row.cells[0] for row in table(document).rows]


def test_the_list_has_every_card_by_family_and_year() -> None:
    assert names(models_document(CARDS)) == ["small", "middle", "large"]


def test_cells_are_the_raw_numbers_of_the_card() -> None:
    shown = table(models_document([LARGE]))
    cells = dict(zip((column.key for column in shown.columns), shown.rows[0].cells, strict=True))
    assert cells == {
        "model": "large", "family": "late", "input": "3×224×224", "year": "2015",
        "params": 25_000_000,
        "params_with_auxiliary": 27_000_000, "macs": 4_000_000_000, "top1": 75.5, "top5": None,
    }  # fmt: skip


def test_the_list_prints_one_magnitude_a_column_and_years_as_they_are() -> None:
    text = printed(table(models_document(CARDS, Listing(sort="macs"))))
    assert text.header[3:6] == ("year", "params [M]", "with auxiliary [M]")
    assert [line[3] for line in text.lines] == ["2015", "2012", "1998"]
    assert [line[4] for line in text.lines] == ["25.00", "61.00", "0.06"]
    assert text.lines[0][7:] == ("75.5", "–")


def test_one_family() -> None:
    document = models_document(CARDS, Listing(family="Late"))
    assert names(document) == ["middle", "large"]
    assert document.title == "Models of the family late"


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("params", ["middle", "large", "small"]),
        ("macs", ["large", "middle", "small"]),
        ("year", ["large", "middle", "small"]),
        ("params_with_auxiliary", ["large", "small", "middle"]),
        ("top1", ["large", "small", "middle"]),
        ("top5", ["large", "small", "middle"]),
    ],
)
def test_sorted_by_any_number_and_what_has_none_comes_last(key: str, order: list[str]) -> None:
    assert names(models_document(CARDS, Listing(sort=key))) == order
    assert key in NUMBERS


def test_mistakes_are_named() -> None:
    with pytest.raises(InputError, match="'lat': choose early, late"):
        models_document(CARDS, Listing(family="lat"))
    with pytest.raises(UnknownNameError, match="did you mean 'macs'"):
        models_document(CARDS, Listing(sort="mac"))


def test_a_card_shows_its_source_numbers_and_deviations() -> None:
    document = card_document(SMALL)
    prose = [block.text for block in document.blocks if isinstance(block, Prose)]
    assert "A. Author, Small Nets, 1998." in prose
    assert prose[-2:] == ["- It is smaller.", "- It is older."]
    facts = {row.cells[0]: row.cells[1] for row in table(document).rows}
    assert facts == {
        "name": "small", "family": "early", "input (C×H×W)": "1×32×32", "year": "1998",
        "params": 60_000, "MACs": 420_000,
    }  # fmt: skip
    assert printed(table(document)).lines[-2:] == (("params", "60.000 k"), ("MACs", "420.000 k"))


def test_a_card_shows_heads_aliases_and_the_source_of_its_accuracy() -> None:
    document = card_document(LARGE)
    facts = {row.cells[0]: row.cells[1] for row in table(document).rows}
    assert facts["also typed"] == "big, huge"
    assert facts["auxiliary heads"] == "aux"
    assert facts["params with auxiliary heads"] == 27_000_000
    assert facts["top-1 %"] == 75.5
    assert "top-5 %" not in facts
    prose = [block.text for block in document.blocks if isinstance(block, Prose)]
    assert "Accuracy: one crop; published by its authors." in prose
    assert prose[-1] == "None."


def test_a_card_asked_for_by_another_name_says_what_that_stands_for() -> None:
    def notes(asked: str) -> list[str]:
        return [block.text for block in card_document(LARGE, asked).blocks if isinstance(block, Callout)]

    assert notes("big") == ["'big' stands for 'large'."]
    assert notes("large") == []
