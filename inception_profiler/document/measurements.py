"""Sweeps as documents: all that was measured on a device, what was measured side by side, what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import (
    Block,
    Callout,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.latency import side_by_side
from inception_profiler.document.latency_tables import Told, beside, latency_tables
from inception_profiler.document.setting import common, environment_warnings, environment_words, varying
from inception_profiler.records.latency import Benchmark, Measurement, Ratio
from inception_profiler.records.sweep import MEASURED, Measurements, Outcome, Point
from inception_profiler.units import Unit

NOT_PAIRED = (
    "Each point has a process of its own. Rows of different points are not paired: their quotient would hold "
    "the machine's mood against the models. Ratios are of rounds in one process only."
)


def measurements_document(devices: Sequence[Measurements]) -> Document:
    """Show what was measured, device by device; the whole result goes with it where there is one device."""
    title = "Latency on " + (devices[0].device if len(devices) == 1 else f"{len(devices)} devices")
    blocks: list[Block] = [Heading(title, 1)]
    for one in devices:
        if len(devices) > 1:
            blocks.append(Heading(one.device, 2))
        blocks += _device(one)
    return Document(title, tuple(blocks), devices[0] if len(devices) == 1 else None)


def _device(one: Measurements) -> Iterator[Block]:
    yield Prose(_tally(one.outcomes))
    found = joined(one.outcomes)
    rows = found.measurements
    if rows:
        if one.environment is not None:
            yield Prose(environment_words(one.environment))
        shared = common(rows)
        yield Prose(f"All rows: {shared}. {NOT_PAIRED}" if shared else NOT_PAIRED)
        told = varying(rows)
        named = _named(one.outcomes, rows, told)
        if found.ratios:
            subjects = [ratio.subject for ratio in found.ratios]
            yield beside(
                side_by_side(found, [row.model for row in rows]),
                [(column, tuple(cells[subject] for subject in subjects)) for column, cells in told],
            )
        yield from latency_tables(rows, named, told)
        yield from environment_warnings(list(dict.fromkeys(row.environment for row in rows)))
        yield from _unsteady(rows)
    if any(outcome.kind != MEASURED for outcome in one.outcomes):
        yield _not_measured(one.outcomes)
    for note in found.notes:
        yield Callout("note", f"{note}.")


def joined(outcomes: Sequence[Outcome]) -> Benchmark:
    """Put the measurements of all points after one another; each ratio stays one of its own process."""
    rows: list[Measurement] = []
    ratios: list[Ratio] = []
    notes: dict[str, None] = {}
    for outcome in outcomes:
        if outcome.benchmark is None:
            continue
        ratios += [
            Ratio(len(rows) + one.subject, len(rows) + one.reference, one.ratios)
            for one in outcome.benchmark.ratios
        ]
        rows += outcome.benchmark.measurements
        notes |= dict.fromkeys(outcome.benchmark.notes)
    return Benchmark(tuple(rows), tuple(ratios), tuple(notes))


def _tally(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(outcome.kind for outcome in outcomes)
    points = "point" if len(outcomes) == 1 else "points"
    return f"{len(outcomes)} {points}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}."


def _named(outcomes: Sequence[Outcome], rows: Sequence[Measurement], told: Sequence[Told]) -> tuple[str, ...]:
    """Name each row by its model; two that nothing else tells apart also by whom they were beside."""
    company: list[str] = []
    for outcome in outcomes:
        names = [row.model for row in outcome.benchmark.measurements] if outcome.benchmark else []
        company += [
            ", ".join(other for place, other in enumerate(names) if place != own) for own in range(len(names))
        ]
    keys = [(row.model, *(cells[place] for _, cells in told)) for place, row in enumerate(rows)]
    again = Counter(keys)
    return tuple(
        f"{row.model} (beside {others})" if others and again[key] > 1 else row.model
        for row, key, others in zip(rows, keys, company, strict=True)
    )


def _unsteady(rows: Sequence[Measurement]) -> Iterator[Callout]:
    restless = sum(1 for row in rows if row.warm_up and not row.steady)
    if restless:
        yield Callout(
            "warning",
            f"{restless} of {len(rows)} rows were not steady when sampling began: the last table says which.",
        )


def _not_measured(outcomes: Sequence[Outcome]) -> Table:
    columns = (
        Column("point", "point", Unit.TEXT),
        Column("outcome", "outcome", Unit.TEXT),
        Column("reason", "because", Unit.TEXT),
        Column("seconds", "after", Unit.SECONDS),
    )
    rows = tuple(
        Row((point_words(outcome.point), outcome.kind, outcome.reason, outcome.seconds))
        for outcome in outcomes
        if outcome.kind != MEASURED
    )
    return Table("Not measured", columns, rows, "Kept as they are; --retry measures these points again.")


def point_words(point: Point) -> str:
    """Name a point in one line; what is as usual is left out.

    >>> point_words(Point("inception_v1", ("vgg16",), batch=8, resolution=96))
    'inception_v1 against vgg16 · batch 8 · 96×96'
    """
    setting, usual = point.setting, Point("").setting
    words = [f"{point.model} against {', '.join(point.references)}" if point.references else point.model]
    words.append(f"batch {point.batch}")
    words += [f"{point.resolution}×{point.resolution}"] if point.resolution else []
    words += [point.device] if point.device else []
    words += [setting.dtype] if setting.dtype != usual.dtype else []
    words += [setting.mode] if setting.mode != usual.mode else []
    for flag, said in (
        (setting.channels_last, "channels last"),
        (setting.fused, "BatchNorm folded"),
        (setting.train, "training step"),
        (setting.cold, "cold cache"),
        (setting.threads, f"{setting.threads} threads"),
    ):
        words += [said] if flag else []
    return " · ".join(words)
