"""From the book of storages to what is alive when: moments, peaks, and who is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inception_profiler.analysis.memory.book import Event
from inception_profiler.records.memory import Moment


class High(NamedTuple):
    """The highest level in a span of events: how high, after which event, and what is alive then."""

    nbytes: int
    position: int
    alive: dict[int, int]


def moments(events: Iterable[Event], start: int) -> Iterator[Moment]:
    """Yield one moment for each stretch of events at one place; ``start`` bytes are alive when they begin.

    What is freed in a moment before anything is made does not count into the highest level of that moment.
    """
    level = start
    place, high = None, -1
    for event in events:
        if event.place != place:
            if place is not None:
                yield Moment(*place, max(high, level), level)
            place, high = event.place, -1
        level += event.change
        if event.change >= 0:
            high = max(high, level)
    if place is not None:
        yield Moment(*place, max(high, level), level)


def highest(events: Sequence[Event], alive: dict[int, int], phase: str = "") -> High:
    """Return where most is alive among the events of one phase, or of all, and what is there.

    ``alive`` is what is alive before the first event, bytes by entry.
    """
    level = sum(alive.values())
    best, position = -1, -1
    for number, event in enumerate(events):
        level += event.change
        if event.change >= 0 and level > best and phase in {"", event.place[0]}:
            best, position = level, number
    return High(best, position, alive_after(events[: position + 1], alive))


def alive_after(events: Iterable[Event], alive: dict[int, int]) -> dict[int, int]:
    """Return what is alive after ``events``, bytes by entry."""
    present = dict(alive)
    for event in events:
        if event.entry >= 0:
            left = present.get(event.entry, 0) + event.change
            if left:
                present[event.entry] = left
            else:
                present.pop(event.entry, None)
    return present
