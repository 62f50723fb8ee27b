"""The tables of a benchmark: one row for each measurement, and only the columns that anything fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from inception_profiler.document.blocks import Cell, Column, Row, Table
from inception_profiler.records.latency import P90_SAMPLES, P99_SAMPLES, Footprint, Measurement
from inception_profiler.units import Unit, scale_for

_NOTHING = Footprint(None, None, None, None)


class _Field(NamedTuple):
    """A column of the rows; one that no row has a value in is left out unless it ``stays``."""

    key: str
    title: str
    unit: Unit
    of: Callable[[Measurement], Cell]
    quantity: str = ""
    stays: bool = False


def _kept(row: Measurement) -> Footprint:
    return row.footprint or _NOTHING


def _steady(row: Measurement) -> Cell:
    if not row.warm_up:
        return None
    return "yes" if row.steady else "no"


def _outliers(row: Measurement) -> Cell:
    if not row.seconds:
        return None
    beyond, far = row.outliers
    return f"{beyond}, {far} far" if far else str(beyond)


_LATENCY = (
    _Field("latency", "latency", Unit.SECONDS, lambda row: row.median, "latency", True),
    _Field("from", "from", Unit.SECONDS, lambda row: row.interval and row.interval[0], "latency", True),
    _Field("to", "to", Unit.SECONDS, lambda row: row.interval and row.interval[1], "latency", True),
    _Field("device_time", "device time", Unit.SECONDS, lambda row: row.device_time, "latency"),
    _Field("host_bound", "host bound", Unit.SHARE, lambda row: row.host_bound),
    _Field("throughput", "images/s", Unit.RATE, lambda row: row.throughput, "", True),
    _Field(
        "joules", "per image", Unit.JOULES, lambda row: row.energy.joules_per_image if row.energy else None
    ),
)
_WORK = (
    _Field("macs", "MACs", Unit.COUNT, lambda row: row.macs, "", True),
    _Field("flops", "FLOPs", Unit.COUNT, lambda row: row.flops, "", True),
    _Field("flop_rate", "achieved", Unit.FLOP_RATE, lambda row: row.flops_per_second, "rate", True),
    _Field("ceiling", "ceiling", Unit.FLOP_RATE, lambda row: row.ceiling, "rate"),
    _Field("attained", "attained", Unit.SHARE, lambda row: row.attained),
    _Field("predicted_bytes", "predicted peak", Unit.BYTES, lambda row: _kept(row).predicted_bytes, "peak"),
    _Field("peak_bytes", "measured peak", Unit.BYTES, lambda row: _kept(row).peak_bytes, "peak"),
    _Field("reserved_bytes", "reserved", Unit.BYTES, lambda row: _kept(row).reserved_bytes, "peak"),
)
_SPREAD = (
    _Field("minimum", "min", Unit.SECONDS, lambda row: row.minimum, "latency", True),
    _Field("p90", "p90", Unit.SECONDS, lambda row: row.p90, "latency"),
    _Field("p99", "p99", Unit.SECONDS, lambda row: row.p99, "latency"),
    _Field("iqr", "IQR", Unit.SECONDS, lambda row: row.iqr, "", True),
    _Field("outliers", "outliers", Unit.TEXT, _outliers, "", True),
)
_SAMPLES = (
    _Field("samples", "samples", Unit.EXACT, lambda row: len(row.seconds), "", True),
    _Field("warm_up", "warm-up", Unit.EXACT, lambda row: row.warm_up, "", True),
    _Field("steady", "steady", Unit.TEXT, _steady, "", True),
    _Field("discarded", "discarded", Unit.EXACT, lambda row: row.discarded or None),
    _Field("prepared", "prepared in", Unit.SECONDS, lambda row: row.prepared_seconds),
    _Field("stopped", "stopped by", Unit.TEXT, lambda row: row.stopped, "", True),
)


Told = tuple[Column, tuple[str, ...]]
"""A column of words with its cells, one for each measurement."""


def latency_tables(
    rows: Sequence[Measurement], named: Sequence[str], told: Sequence[Told] = ()
) -> Iterator[Table]:
    """Show how long, how much for it, and how it was sampled; narrow tables instead of one wide.

    Args:
        rows: what was measured.
        named: a name for each of them.
        told: what else tells them apart, in columns beside the name.
    """
    for title, fields, caption in (
        ("Latency", _LATENCY, _latency_caption(rows)),
        ("Work and memory", _WORK, _work_caption(rows)),
        ("Spread", _SPREAD, _spread_caption(rows)),
        ("How it was sampled", _SAMPLES, _samples_caption(rows)),
    ):
        table = _table(title, fields, rows, named, caption)
        yield beside(table, told) if told else table


def beside(table: Table, told: Sequence[Told]) -> Table:
    """Put columns behind the first of a table."""
    first, *others = table.columns
    return replace(
        table,
        columns=(first, *(column for column, _ in told), *others),
        rows=tuple(
            replace(row, cells=(row.cells[0], *(cells[place] for _, cells in told), *row.cells[1:]))
            for place, row in enumerate(table.rows)
        ),
    )


def _table(
    title: str, fields: Sequence[_Field], rows: Sequence[Measurement], named: Sequence[str], caption: str
) -> Table:
    cells = {field.key: [field.of(row) for row in rows] for field in fields}
    shown = [field for field in fields if field.stays or any(cell is not None for cell in cells[field.key])]
    if _one_ceiling(rows):
        shown = [field for field in shown if field.key != "ceiling"]
    columns = [Column("row", "model", Unit.TEXT)]
    columns += [Column(field.key, field.title, field.unit, field.quantity) for field in shown]
    lines = (Row((name, *(cells[field.key][place] for field in shown))) for place, name in enumerate(named))
    return Table(title, tuple(columns), tuple(lines), caption)


def _one_ceiling(rows: Sequence[Measurement]) -> float | None:
    """Return the ceiling that all rows share, which the caption tells once; None where they share none."""
    ceilings = {row.ceiling for row in rows}
    return ceilings.pop() if len(ceilings) == 1 else None


def _latency_caption(rows: Sequence[Measurement]) -> str:
    text = (
        "Latency is the median of what a caller waits, by the host's clock with the device synchronised "
        "before and after; from and to enclose the true median with 95% confidence, by order statistics."
    )
    if any(row.device_seconds for row in rows):
        text += (
            " Device time is the device's own in calls that were queued while it was occupied, so that it "
            "never waited; host bound is the share of the latency in which it waits for the host."
        )
    elif all(row.environment.kind == "cpu" for row in rows):
        text += " On a CPU host and device are one, so there is no device time beside it."
    else:
        text += " The device's own time is unknown."
    if not any(row.energy for row in rows):
        text += " Energy is unknown: this device does not count it."
    return text


def _work_caption(rows: Sequence[Measurement]) -> str:
    text = "FLOPs are counted for a whole call; achieved = FLOPs / latency."
    if any(row.ceiling for row in rows):
        shared = _one_ceiling(rows)
        rate = f", {scale_for((shared,), Unit.FLOP_RATE).full(shared)} in all rows," if shared else ""
        text += (
            f" The ceiling{rate} is that of a large product in the same dtype on this device; attained is "
            "the share of it."
        )
    if any(row.setting.train for row in rows):
        text += " In training the MACs of all gradients are in it, and no scalar operations of backward."
    if any(row.footprint for row in rows):
        text += (
            " Predicted peak: what an eager call makes and is alive at once, tensors only; measured peak: "
            "what the allocator gave to a call of its own, above the level before, workspace of libraries "
            "included."
        )
        if any(row.setting.dtype.startswith("amp") for row in rows):
            text += " Autocast is not followed, so nothing is predicted under it."
    return text


def _spread_caption(rows: Sequence[Measurement]) -> str:
    text = (
        "IQR is the interquartile range; outliers lie beyond Tukey's fences, 1.5 IQR from the quartiles, far "
        "ones beyond 3; all are kept."
    )
    most = max(len(row.seconds) for row in rows)
    if most < P90_SAMPLES:
        text += f" p90 is told from {P90_SAMPLES} samples on, p99 from {P99_SAMPLES}."
    elif most < P99_SAMPLES:
        text += f" p99 is told from {P99_SAMPLES} samples on."
    return text


def _samples_caption(rows: Sequence[Measurement]) -> str:
    text = "Warm-up: calls before the first that counts; steady: two windows of them agreed."
    if any(row.discarded for row in rows):
        text += " Discarded: taken again, because the clock of the device had dropped."
    if any(row.prepared_seconds for row in rows):
        text += " Prepared in: compiling or capturing, before the warm-up."
    return text
