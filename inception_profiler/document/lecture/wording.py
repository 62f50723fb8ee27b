"""Texts in every language of the lecture, side by side, with fields where the numbers go."""

from __future__ import annotations

from string import Formatter

from inception_profiler.records.frozen import record
from inception_profiler.units import Unit, scale_for

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
"""The languages of the lecture, with their tags."""


@record
class Text:
    """One text in all languages; ``{field}`` stands for what is taken from a record, the same in each."""

    en: str
    zh: str

    def of(self, language: str, **fields: str | int) -> str:
        """Return the text in a language with its fields filled.

        Raises:
            KeyError: a field of the text was not given.
        """
        return str(getattr(self, language)).format(**fields)

    @property
    def fields(self) -> tuple[frozenset[str], ...]:
        """The names of the fields in each language, in the order of `LANGUAGES`."""
        return tuple(
            frozenset(name for _, name, _, _ in Formatter().parse(getattr(self, language)) if name)
            for language in LANGUAGES
        )


def exact(value: float) -> str:
    """Print every digit of what is whole: ``1,582,671,872``."""
    return scale_for((), Unit.EXACT).text(value)


def count(value: float) -> str:
    """Print a count in one magnitude: ``1.583 G``."""
    return scale_for((value,), Unit.COUNT).full(value)


def size(value: float) -> str:
    """Print bytes in one magnitude: ``7.5 MiB``."""
    return scale_for((value,), Unit.BYTES).full(value)


def times(value: float) -> str:
    """Print a ratio: ``8.47×``."""
    return scale_for((), Unit.RATIO).full(value)


def share(value: float) -> str:
    """Print a share: ``89.4%``."""
    return scale_for((), Unit.SHARE).full(value)


def seconds(value: float) -> str:
    """Print a time in one magnitude: ``12.3 ms``."""
    return scale_for((value,), Unit.SECONDS).full(value)
