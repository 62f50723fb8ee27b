"""Charts of one network as several tools count it: a bar for the number that each of them shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.chart import BARS, SIDE_BY_SIDE, STACKED, Axis, Chart, Point, Series
from inception_profiler.document.profiled import listed
from inception_profiler.records.convention import MACS, SECOND, Explanation, Reading
from inception_profiler.units import Unit

_ELSE = "what else it counts"
_AXIS = Axis("number that the tool shows", Unit.COUNT)
_CAPTION = "Each number as the tool itself shows it, under the name that it has there."


def convention_charts(*explanations: Explanation) -> Iterator[Chart]:
    """Yield the numbers of all tools, of several models beside each other."""
    if any(map(comparable, explanations[0].readings)):
        yield numbers(*explanations) if len(explanations) == 1 else beside(explanations)


def numbers(explanation: Explanation) -> Chart:
    """Show the number of each tool for one model, and what it is made of, end to end."""
    readings = [reading for reading in explanation.readings if comparable(reading)]
    parts = [_parts(reading) for reading in readings]
    return Chart(
        "conventions",
        f"{explanation.model}: one network, {len({reading.total for reading in readings})} numbers",
        _AXIS,
        Axis(
            "convention",
            Unit.TEXT,
            categories=tuple(f"{one.convention}: {one.total:,} {one.title}" for one in readings),
        ),
        tuple(
            Series(kind, BARS, tuple(Point(part[kind], n) for n, part in enumerate(parts) if kind in part))
            for kind in (MACS, SECOND, _ELSE)
            if any(kind in part for part in parts)
        ),
        STACKED,
        caption=f"{_CAPTION} On the MACs all agree.{_stopped((explanation,))}",
        source=_setting(explanation),
    )


def beside(explanations: Sequence[Explanation]) -> Chart:
    """Show the number of each tool for several models beside each other."""
    readings = [reading for reading in explanations[0].readings if comparable(reading)]
    places = {reading.convention: place for place, reading in enumerate(readings)}
    return Chart(
        "conventions",
        f"{listed([explanation.model for explanation in explanations])}: what each tool counts",
        _AXIS,
        Axis("convention", Unit.TEXT, categories=tuple(f"{one.convention}: {one.title}" for one in readings)),
        tuple(
            Series(
                explanation.model,
                BARS,
                tuple(
                    Point(reading.total, places[reading.convention])
                    for reading in explanation.readings
                    if reading.convention in places
                ),
            )
            for explanation in explanations
        ),
        SIDE_BY_SIDE,
        caption=f"{_CAPTION}{_stopped(explanations)}",
        source=" ".join(map(_setting, explanations)),
    )


def comparable(reading: Reading) -> bool:
    """Tell whether a number counts operations, and not parameters or bytes."""
    return reading.unit == "count" and not reading.convention.endswith("-params")


def _parts(reading: Reading) -> dict[str, int]:
    """Take a number apart: MACs, the same once more, and the rest; whole where a tool leaves out MACs."""
    found: dict[str, int] = {}
    for charge in reading.charges:
        kind = charge.kind if charge.kind in {MACS, SECOND} else _ELSE
        found[kind] = found.get(kind, 0) + charge.amount
    if any(amount < 0 for amount in found.values()):
        return {MACS: reading.total}
    return found


def _stopped(explanations: Sequence[Explanation]) -> str:
    names = [f"{r.convention} ({e.model})" for e in explanations for r in e.readings if r.failure]
    return f" The tool itself stops with an error: {listed(names)}." if names else ""


def _setting(explanation: Explanation) -> str:
    inputs = " and ".join(f"{'×'.join(map(str, spec.shape))} {spec.dtype}" for spec in explanation.inputs)
    return f"{explanation.model}: {explanation.mode}, input {inputs}."
