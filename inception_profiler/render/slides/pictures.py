"""Charts of slides as pictures, for formats that have no charts of their own."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.chart import Chart
from inception_profiler.document.deck import Deck
from inception_profiler.errors import InputError


def check_signs(deck: Deck) -> None:
    """See to it that what is drawn here can be read: a lecture of empty boxes is none.

    Raises:
        InputError: no installed font has the signs of the lecture's own title.
    """
    from inception_profiler.render.image.lettering import WIDER, complete

    if not complete(deck.title):
        raise InputError(
            f"no installed font has the signs of {deck.title!r}: install {WIDER[0]} or {WIDER[3]}, "
            "or write .pptx, which is shown with the fonts of its reader"
        )


def bare_picture(chart: Chart, size: tuple[float, float]) -> bytes:
    """Draw a chart as PNG without its title and caption, which the slide has elsewhere."""
    from inception_profiler.render.image.figure import picture

    return picture((replace(chart, title="", caption="", source=""),), "png", size)
