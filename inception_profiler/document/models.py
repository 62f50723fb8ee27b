"""Model cards as documents: the list of all, and one in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.accuracy import models_charts
from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.registry import Registry
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.zoo.card import ModelCard


@record
class Number:
    """A number that every card may have: a column of the list, a key to sort it by, a row of the card."""

    column: Column
    of: Callable[[ModelCard], float | None]


NUMBERS: Registry[str, Number] = Registry("number to sort by")
"""What the list can be sorted by."""


def _add(
    key: str, title: str, unit: Unit, of: Callable[[ModelCard], float | None], *, quantity: str = ""
) -> None:
    NUMBERS.add(key, Number(Column(key, title, unit, quantity), of))


_add("year", "year", Unit.TEXT, lambda card: card.year)
_add("params", "params", Unit.COUNT, lambda card: card.params, quantity="params")
_add(
    "params_with_auxiliary",
    "with auxiliary",
    Unit.COUNT,
    lambda card: card.params_with_auxiliary,
    quantity="params",
)
_add("macs", "MACs", Unit.COUNT, lambda card: card.macs)
_add("top1", "top-1 %", Unit.RATE, lambda card: card.accuracy.top1 if card.accuracy else None)
_add("top5", "top-5 %", Unit.RATE, lambda card: card.accuracy.top5 if card.accuracy else None)

_WORDS = (
    Column("model", "model", Unit.TEXT),
    Column("family", "family", Unit.TEXT),
    Column("input", "input", Unit.TEXT),
)
_CAPTION = (
    "Params and MACs are those of one image at this input; accuracies are published, each measured in its "
    "own setting, and – stands where there is none for this very network. Show one model: "
    "inception-profiler models NAME."
)


@record
class Listing:
    """The choices of a reader of the list.

    Attributes:
        family: the one family that is shown; empty shows all.
        sort: a key of `NUMBERS`; the models are sorted by it, largest first. Empty sorts by family and year.
    """

    family: str = ""
    sort: str = ""


_ALL = Listing()


def models_document(cards: Iterable[ModelCard], listing: Listing = _ALL) -> Document:
    """List models: their names, what they take, what they count, and the accuracy they were published with.

    Models without the number that the list is sorted by come last.

    Raises:
        InputError: no model is of that family.
        UnknownNameError: no such number; the nearest are suggested.
    """
    every = list(cards)
    chosen = [card for card in every if listing.family.lower() in {"", card.family}]
    if not chosen:
        families = sorted({card.family for card in every})
        raise InputError(f"no model is of the family {listing.family!r}: choose {', '.join(families)}")
    if listing.sort:
        number = NUMBERS.get(listing.sort).of
        chosen.sort(key=lambda card: (number(card) is None, -(number(card) or 0)))
    else:
        chosen.sort(key=lambda card: (card.family, card.year))
    title = f"Models of the family {chosen[0].family}" if listing.family else "Models"
    columns = (*_WORDS, *(number.column for number in NUMBERS.values()))
    table = Table(title, columns, tuple(Row(_cells(card)) for card in chosen), _CAPTION)
    return Document(title, (table, Illustration(models_charts, (tuple(chosen),))))


def card_document(card: ModelCard, asked: str = "") -> Document:
    """Show one card: the source, the numbers, and everything in which the model differs from its paper.

    ``asked`` is what the reader typed; where that is another name, the document says what it stands for.
    """
    blocks: list[Block] = [Heading(card.title, 1)]
    if asked not in {"", card.name}:
        blocks.append(Callout("note", f"{asked!r} stands for {card.name!r}."))
    blocks += [Prose(f"{card.paper}."), _facts(card)]
    if card.accuracy is not None:
        blocks.append(Prose(f"Accuracy: {card.accuracy.setting}; published by {card.accuracy.source}."))
    blocks.append(Heading("Deviations from the paper", 2))
    blocks += [Prose(f"- {line}") for line in card.deviations] or [Prose("None.")]
    return Document(card.title, tuple(blocks))


def _facts(card: ModelCard) -> Table:
    columns = (Column("fact", "fact", Unit.TEXT), Column("value", "value", Unit.COUNT))
    words = {
        "name": card.name,
        "also typed": ", ".join(card.aliases),
        "family": card.family,
        "input (C×H×W)": _size(card),
        "auxiliary heads": ", ".join(card.auxiliary),
        "predecessor": card.predecessor,
    }
    rows = [Row((title, text), unit=Unit.TEXT) for title, text in words.items() if text]
    for number in NUMBERS.values():
        value = _cell(number, card)
        if value is not None:
            title = _FACTS.get(number.column.key, number.column.title)
            rows.append(Row((title, value), unit=number.column.unit))
    caption = "Params are those of the inference form; MACs those of one image."
    return Table(card.name, columns, tuple(rows), caption)


_FACTS = {"params_with_auxiliary": "params with auxiliary heads"}


def _cells(card: ModelCard) -> tuple[Cell, ...]:
    words = (card.name, card.family, _size(card))
    return (*words, *(_cell(number, card) for number in NUMBERS.values()))


def _cell(number: Number, card: ModelCard) -> Cell:
    """Return a number of a card; a year is a text, because it is not scaled."""
    value = number.of(card)
    return str(value) if number.column.unit is Unit.TEXT and value is not None else value


def _size(card: ModelCard) -> str:
    return "×".join(map(str, card.input))
