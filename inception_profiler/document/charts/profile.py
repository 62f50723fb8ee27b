"""Charts of one profile: where its cost sits, how it adds up, and how far its layers see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from inception_profiler.document.chart import BARS, LINE, STACKED, Axis, Chart, Note, Point, Series
from inception_profiler.document.profiled import mapped, setting
from inception_profiler.records.layer import AUXILIARY, Group, LayerCost
from inception_profiler.records.metrics import Metric
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit

ROWS = 24
"""How many layers have a bar each; the smallest of a longer network share one."""
OPERATIONS = Axis("operations, in order of execution", Unit.COUNT, "number")


def profile_charts(profile: Profile, metrics: Sequence[Metric]) -> Iterator[Chart]:
    """Yield where the cost sits by feature-map size, by kind of operation and by layer, and how it grows."""
    spent = [metric for metric in metrics if metric.additive and any(map(metric.of, profile.layers))]
    if spent:
        yield sits_by_size(profile, spent)
        yield sits_by_kind(profile, spent)
        yield by_layer(profile, heaviest(spent))
        yield cumulative(profile, spent)
    if any(layer.receptive_field for layer in profile.layers):
        yield receptive_field(profile)


def heaviest(metrics: Sequence[Metric]) -> Metric:
    """Return the metric that a chart of one shows: the MACs where they are asked for, else the first."""
    return next((metric for metric in metrics if metric.key == "macs"), metrics[0])


def sits_by_size(profile: Profile, metrics: Sequence[Metric]) -> Chart:
    """Show the share of each feature-map size in every metric, end to end."""
    groups = profile.by_resolution()
    sizes = mapped((profile,))
    titles = [sizes[group.title] for group in groups]
    return Chart(
        "where-by-size",
        f"{profile.model}: where its cost sits, by feature-map size",
        Axis("share of the whole", Unit.SHARE, limits=(0.0, 1.0)),
        _named(metrics),
        _shares(metrics, list(zip(titles, groups, strict=True))),
        STACKED,
        caption="Each operation is booked at the size of the feature map it works at; head = after the last.",
        source=setting(profile),
        ordered=True,
    )


def sits_by_kind(profile: Profile, metrics: Sequence[Metric]) -> Chart:
    """Show the share of each kind of operation in every metric, end to end."""
    members: dict[str, list[LayerCost]] = {}
    for layer in profile.layers:
        members.setdefault(layer.call.kind, []).append(layer)
    groups = [(kind, Group.of(kind, layers)) for kind, layers in members.items()]
    groups = [(kind, group) for kind, group in groups if any(metric.of(group) for metric in metrics)]
    return Chart(
        "where-by-kind",
        f"{profile.model}: where its cost sits, by kind of operation",
        Axis("share of the whole", Unit.SHARE, limits=(0.0, 1.0)),
        _named(metrics),
        _shares(metrics, groups),
        STACKED,
        caption=f"{_explained(metrics)} Movement: concatenation, views and copies.",
        source=setting(profile),
    )


def by_layer(profile: Profile, metric: Metric) -> Chart:
    """Show one metric module by module in the order of execution, by kind of operation."""
    rows = _rows(profile, metric)
    kinds = list(dict.fromkeys(layer.call.kind for layer in profile.layers))
    series = []
    for kind in kinds:
        points = []
        for place, (_, layers) in enumerate(rows):
            value = metric.of(Group.of("", (layer for layer in layers if layer.call.kind == kind)))
            if value:
                points.append(Point(value, place))
        if points:
            series.append(Series(kind, BARS, tuple(points), kind))
    return Chart(
        f"by-layer-{metric.key}",
        f"{profile.model}: {metric.title} module by module",
        _axis(metric),
        Axis("module", Unit.TEXT, categories=tuple(name for name, _ in rows)),
        tuple(series),
        STACKED,
        caption=f"{metric.title}: {metric.explained}. From top to bottom in the order of execution.",
        source=setting(profile),
    )


def cumulative(profile: Profile, metrics: Sequence[Metric]) -> Chart:
    """Show how every metric adds up from the first operation to the last."""
    return Chart(
        "cumulative",
        f"{profile.model}: how its cost adds up",
        OPERATIONS,
        Axis("share so far", Unit.SHARE, limits=(0.0, 1.0)),
        tuple(Series(metric.title, LINE, _adding_up(profile.layers, metric.of)) for metric in metrics),
        notes=_borders(profile),
        caption=f"{_explained(metrics)} Dashed: where the feature map becomes smaller, with its new size.",
        source=setting(profile),
    )


def receptive_field(profile: Profile) -> Chart:
    """Show how much of the input a layer sees, over its depth: the widest and the narrowest at each depth."""
    widest: dict[int, int] = {}
    narrowest: dict[int, int] = {}
    for layer in profile.layers:
        if layer.receptive_field and layer.depth and layer.resolution is not None:
            widest[layer.depth] = max(widest.get(layer.depth, 0), layer.receptive_field)
            low = layer.narrowest_field or layer.receptive_field
            narrowest[layer.depth] = min(narrowest.get(layer.depth, low), low)
    notes = []
    sizes = profile.inputs[0].shape[2:] if profile.inputs else ()
    if sizes and widest and max(widest.values()) > max(sizes):
        notes.append(Note(f"the input: {max(sizes)} pixels", y=max(sizes)))
    return Chart(
        "receptive-field",
        f"{profile.model}: how much of the input a layer sees",
        Axis("depth", Unit.COUNT, "layers with weights"),
        Axis("side of the receptive field", Unit.PIXELS),
        tuple(
            Series(title, LINE, tuple(Point(depth, seen[depth]) for depth in sorted(seen)))
            for title, seen in (("receptive field", widest), ("narrowest field", narrowest))
            if seen
        ),
        notes=tuple(notes),
        caption=(
            "Receptive field: all branches together; narrowest: along the narrowest path. Borders are not "
            "counted, so that a field can be larger than the input."
        ),
        source=setting(profile),
    )


def _axis(metric: Metric) -> Axis:
    return Axis(metric.title, metric.unit)


def _named(metrics: Sequence[Metric]) -> Axis:
    return Axis("metric", Unit.TEXT, categories=tuple(metric.title for metric in metrics))


def _shares(metrics: Sequence[Metric], groups: Sequence[tuple[str, Group]]) -> tuple[Series, ...]:
    totals = [sum(metric.of(group) for _, group in groups) or 1 for metric in metrics]
    return tuple(
        Series(
            title,
            BARS,
            tuple(
                Point(metric.of(group) / total, place)
                for place, (metric, total) in enumerate(zip(metrics, totals, strict=True))
            ),
            title,
        )
        for title, group in groups
    )


def _rows(profile: Profile, metric: Metric) -> list[tuple[str, list[LayerCost]]]:
    """Return the modules that spend something, by the order of execution; the smallest together."""
    members: dict[str, list[LayerCost]] = {}
    for layer in profile.layers:
        path = layer.path.split(".")[0]
        members.setdefault(profile.naming.name(path) or f"({profile.model})", []).append(layer)
    rows = [(name, layers, metric.of(Group.of(name, layers))) for name, layers in members.items()]
    rows = [row for row in rows if row[2]]
    kept = sorted(rows, key=lambda row: -row[2])[: ROWS if len(rows) <= ROWS else ROWS - 1]
    rest = [row for row in rows if row not in kept]
    found = [(name, layers) for name, layers, _ in rows if (name, layers, _) in kept]
    if rest:
        found.append((f"{len(rest)} smaller ones", [layer for _, layers, _ in rest for layer in layers]))
    return found


def _adding_up(layers: Sequence[LayerCost], of: Callable[[LayerCost], int]) -> tuple[Point, ...]:
    sums = list(accumulate(map(of, layers)))
    total = sums[-1] or 1
    return (Point(0, 0.0), *(Point(n, value / total) for n, value in enumerate(sums, start=1)))


def _borders(profile: Profile) -> tuple[Note, ...]:
    """Mark where the feature map becomes smaller for the first time."""
    notes, seen, sizes = [], set(), mapped((profile,))
    for number, layer in enumerate(profile.layers):
        title = layer.resolution_title
        if title not in seen and number and title != AUXILIARY:
            notes.append(Note(sizes[title], x=number))
        seen.add(title)
    return tuple(notes)


def _explained(metrics: Sequence[Metric]) -> str:
    return " ".join(f"{metric.title}: {metric.explained}." for metric in metrics)
