"""What several topics need: columns, axes and colours in the language of the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from inception_profiler.document.blocks import Column
from inception_profiler.document.chart import BARS, STACKED, Axis, Chart, Point, Series
from inception_profiler.document.lecture.topics import Author
from inception_profiler.document.lecture.wording import Text
from inception_profiler.records.argument import Step
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

PARAMS = Text("params", "参数量")
MACS = Text("MACs", "乘加次数 (MACs)")
MODEL = Text("network", "网络")
OUTPUT = Text("output", "输出")
LAYER = Text("layer", "层")
SIZE = Text("feature map", "特征图")
COMMAND = Text("{command}, on the networks of this package", "{command}，网络均为本软件包自带")


def params_column(author: Author) -> Column:
    """Return the column of parameters."""
    return Column("params", author.write(PARAMS), Unit.COUNT)


def macs_column(author: Author) -> Column:
    """Return the column of multiply-accumulates."""
    return Column("macs", author.write(MACS), Unit.COUNT)


def text_column(author: Author, key: str, title: Text) -> Column:
    """Return a column of texts."""
    return Column(key, author.write(title), Unit.TEXT)


def macs_axis(author: Author) -> Axis:
    """Return the axis of multiply-accumulates."""
    return Axis(author.write(MACS), Unit.COUNT)


def name(evidence: Evidence, model: str) -> str:
    """Return the title of a registered model without what tells it from its variants; other names `brief`."""
    titles = {card.name: card.title for card in evidence.cards()}
    return titles[model].split(" (")[0].split(" of ")[0] if model in titles else brief(model)


def brief(text: str, most: int = 28) -> str:
    """Return a name that was given elsewhere, of a device or a layer: of a longer one both ends, as a path needs.

    ``most`` is in halves of a sign of Chinese.

    >>> brief("nets/vision/backbones/small.py:Net", 15)
    'nets/vi….py:Net'
    """
    wide = [2 if east_asian_width(sign) in "WF" else 1 for sign in text]
    if sum(wide) <= most:
        return text
    half = (most - 1) // 2
    head, tail = 0, len(text)
    while sum(wide[: head + 1]) <= half:
        head += 1
    while sum(wide[tail - 1 :]) <= most - 1 - half:
        tail -= 1
    return f"{text[:head]}…{text[tail:]}"


def command(author: Author, words: str) -> str:
    """Say which command counts the same."""
    return author.write(COMMAND, command=words)


def counted(profile: Profile) -> str:
    """Name a profile with its input, as a source."""
    shape = "×".join(map(str, profile.inputs[0].shape))
    return f"profile {profile.model}, {shape}"


def derived(step: Step) -> str:
    """Write one step of a derivation down: formula = numbers = value."""
    value = f"{step.value:,}" if isinstance(step.value, int) else f"{step.value:.4g}"
    return f"{step.name}: {step.formula} = {step.numbers} = {value}"


def rows_of_bars(
    key: str, title: str, axis: Axis, names: str, rows: Sequence[tuple[str, str, float]], source: str = ""
) -> Chart:
    """Return lying bars, each a series of its own: its name, what decides its colour, and its value."""
    return Chart(
        key,
        title,
        axis,
        Axis(names, Unit.TEXT, categories=tuple(name for name, _, _ in rows)),
        tuple(Series(name, BARS, (Point(value, place),), of) for place, (name, of, value) in enumerate(rows)),
        STACKED,
        source=source,
    )


def slug(text: str) -> str:
    """Return a text as part of the tag of a slide: lower-case words and hyphens."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())
