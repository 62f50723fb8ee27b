"""Profiles and comparisons as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Prose,
    Row,
    Table,
)
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.document.coverage import coverage_callouts, coverage_table, idle_table
from inception_profiler.document.layers import layer_table
from inception_profiler.document.modules import profile_anatomy
from inception_profiler.document.profiled import labels, listed, setting
from inception_profiler.document.view import View
from inception_profiler.records.comparison import Comparison, quotient
from inception_profiler.records.metrics import METRICS, TOTALS, TRAINING_TOTALS, Metric
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit

_DEFAULT = View()


def profile_document(profile: Profile, view: View = _DEFAULT) -> Document:
    """Show one profile: totals, the spending by feature-map size, the layers."""
    blocks = [
        Heading(profile.model, 1),
        Prose(setting(profile)),
        _totals((profile,)),
        _by_resolution(profile, view.metrics),
        profile_anatomy((profile,), view.metrics),
        layer_table(profile, view),
        Illustration(_profile_charts, (profile, view.metrics)),
        *_apart((profile,)),
    ]
    return Document(profile.model, tuple(blocks), profile)


def comparison_document(comparison: Comparison, view: View = _DEFAULT) -> Document:
    """Show a subject against its references: totals, side by side by feature-map size, the layers."""
    title = (
        f"{comparison.subject.model} against {listed([profile.model for profile in comparison.references])}"
    )
    blocks: list[Block] = [Heading(title, 1)]
    blocks += [Prose(setting(profile)) for profile in comparison.profiles]
    blocks.append(_totals(comparison.profiles))
    blocks += [_side_by_side(comparison, metric) for metric in view.metrics]
    blocks.append(profile_anatomy(comparison.profiles, view.metrics))
    blocks.append(layer_table(comparison.subject, view))
    blocks.append(Illustration(_comparison_charts, (comparison, view.metrics)))
    blocks += _apart(comparison.profiles)
    return Document(title, tuple(blocks), comparison)


def _profile_charts(profile: Profile, metrics: Sequence[Metric]) -> Iterator[Chart]:
    """Import what draws only when it is asked for: the plain command should not wait for it."""
    from inception_profiler.document.charts.profile import profile_charts

    return profile_charts(profile, metrics)


def _comparison_charts(comparison: Comparison, metrics: Sequence[Metric]) -> Iterator[Chart]:
    from inception_profiler.document.charts.comparison import comparison_charts

    return comparison_charts(comparison, metrics)


def _totals(profiles: Sequence[Profile]) -> Table:
    subject, references = profiles[0], profiles[1:]
    names = labels(profiles)
    columns = [Column("quantity", "total", Unit.TEXT)]
    columns += [Column(label, label, Unit.COUNT) for label in names]
    columns += [
        Column(f"ratio_{label}", "ratio" if len(references) == 1 else f"ratio to {label}", Unit.RATIO)
        for label in names[1:]
    ]
    rows = []
    training = any(profile.mode != "inference" for profile in profiles)
    for key in TRAINING_TOTALS if training else TOTALS:
        metric = METRICS.get(key)
        values = [metric.of(profile) for profile in profiles]
        ratios = [quotient(values[0], value) for value in values[1:]]
        rows.append(Row((metric.title, *values, *ratios), unit=metric.unit))
    caption = (
        "FLOPs = 2 · MACs + all other scalar operations; "
        "live peak = bytes alive at once, weights and input apart."
    )
    if training:
        caption += (
            " Backward MACs are those of the gradients that the trainable parameters need; "
            "the scalar operations of the backward pass are not counted."
        )
    if references:
        caption += f" Ratios are {subject.model} / reference."
    return Table("Totals", tuple(columns), tuple(rows), caption)


def _by_resolution(profile: Profile, metrics: Sequence[Metric]) -> Table:
    columns = [Column("feature_map", "feature map", Unit.TEXT)]
    totals = [metric.of(profile) for metric in metrics]
    for metric in metrics:
        columns.append(Column(metric.key, metric.title, metric.unit))
        if metric.additive:
            columns.append(Column(f"{metric.key}_share", "share", Unit.SHARE))
    rows = []
    for group in profile.by_resolution():
        cells: list[Cell] = [group.title]
        for metric, total in zip(metrics, totals, strict=True):
            value = metric.of(group)
            cells.append(value)
            if metric.additive:
                cells.append(quotient(value, total) if total else 0.0)
        rows.append(Row(tuple(cells)))
    return Table("By feature-map size", tuple(columns), tuple(rows), _BY_SIZE)


_BY_SIZE = (
    "Each operation is booked at the size of the feature map it works at; head = after the last feature map."
)


def _side_by_side(comparison: Comparison, metric: Metric) -> Table:
    profiles, names = comparison.profiles, labels(comparison.profiles)
    columns = [Column("feature_map", "feature map", Unit.TEXT)]
    for label in names:
        columns.append(Column(label, label, metric.unit, quantity=metric.key))
        if metric.additive:
            columns.append(Column(f"{label}_share", "share", Unit.SHARE))
    columns += [
        Column(f"ratio_{label}", "ratio" if len(names) == 2 else f"ratio to {label}", Unit.RATIO)
        for label in names[1:]
    ]
    totals = [metric.of(profile) for profile in profiles]
    rows = []
    for span in comparison.spans:
        values = [metric.of(group) for group in span.groups]
        rows.append(Row(_compared(span.title, values, totals, metric)))
    if metric.additive:
        rows.append(Row(_compared("all", totals, totals, metric), strong=True))
    return Table(f"{metric.title} by feature-map size", tuple(columns), tuple(rows), _BY_SIZE)


def _compared(
    title: str, values: Sequence[float], totals: Sequence[float], metric: Metric
) -> tuple[Cell, ...]:
    cells: list[Cell] = [title]
    for value, total in zip(values, totals, strict=True):
        cells.append(value)
        if metric.additive:
            cells.append(quotient(value, total) if total else 0.0)
    return (*cells, *(quotient(values[0], value) for value in values[1:]))


def _apart(profiles: Sequence[Profile]) -> Iterator[Block]:
    """Show what stands beside the counts: parameters that were not used, how much is known, what is not."""
    yield from (idle_table(profile) for profile in profiles if profile.not_executed)
    known = [profile.coverage for profile in profiles]
    yield coverage_table(known)
    for entry in known:
        yield from coverage_callouts(entry)
