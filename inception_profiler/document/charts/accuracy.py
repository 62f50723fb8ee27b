"""What accuracy a network buys with its MACs and its parameters, by the published figures of the cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from inception_profiler.document.chart import LOG, POINTS, Axis, Chart, Point, Series
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.zoo.card import ModelCard

_CAPTION = (
    "Accuracies are published, each measured in its own setting (crops, training), and not computed here; "
    "MACs and params are those of one image at the card's input. The area of a dot stands for the params. "
)
_BEHIND = "Pale: the other registered networks. "


def accuracy_chart(names: Sequence[str]) -> Chart | None:
    """Show the registered models among ``names`` before all the others; None where fewer than two can be."""
    from inception_profiler.zoo.card import load

    cards = {name: card for name, (card, _) in load().items()}
    asked = [cards[name] for name in dict.fromkeys(names) if name in cards]
    if sum(_top1(card) is not None for card in asked) < 2:
        return None
    return bubbles(cards.values(), [card.name for card in asked])


def models_charts(cards: Sequence[ModelCard]) -> Iterator[Chart]:
    """Yield the accuracies of listed models, where any is published."""
    if any(_top1(card) is not None for card in cards):
        yield bubbles(cards)


def bubbles(cards: Iterable[ModelCard], front: Sequence[str] = ()) -> Chart:
    """Show accuracy over MACs, with a dot as large as the params; all but ``front`` in the background.

    Without a ``front`` all are in front. Models whose accuracy is not published are left out and named.
    """
    every = list(cards)
    shown = [card for card in every if _top1(card) is not None]
    in_front = [card for card in shown if card.name in front]
    ranked = sorted(shown, key=lambda card: (card.name not in front, -card.params))
    missing = [card.name for card in every if _top1(card) is None and (card.name in front or not front)]
    left_out = f"Left out, for want of a published accuracy: {', '.join(missing)}." if missing else ""
    sized = Axis("params", Unit.COUNT)
    return Chart(
        "accuracy",
        "What accuracy a network buys with its MACs and params",
        Axis("cost of one image", Unit.COUNT, "MACs", LOG),
        Axis("top-1 accuracy, ILSVRC-2012", Unit.SHARE, limits=_limits(shown)),
        tuple(
            Series(
                card.name,
                POINTS,
                (Point(card.macs, _top1(card) or 0, card.name, card.params),),
                card.name,
                sized,
                faint=bool(front) and card.name not in front,
            )
            for card in ranked
        ),
        caption=_CAPTION + (_BEHIND if front and len(shown) > len(in_front) else "") + left_out,
        source="Sources and settings: inception-profiler models NAME.",
    )


def _top1(card: ModelCard) -> float | None:
    if card.accuracy is None or card.accuracy.top1 is None:
        return None
    return round(card.accuracy.top1 / 100, 6)


def _limits(cards: Sequence[ModelCard]) -> tuple[float, float]:
    """Return round ends around the accuracies, which are far from 0."""
    values = [value for value in map(_top1, cards) if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    return max(0.0, int(low * 20) / 20 - 0.025), min(1.0, int(high * 20) / 20 + 0.075)
