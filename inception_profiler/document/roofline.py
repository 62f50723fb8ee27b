"""Where the time of a model goes: layers by lost time, operations and verdicts added up."""

from __future__ import annotations

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
from inception_profiler.document.chart import Illustration
from inception_profiler.document.charts.roofline import roofline_charts
from inception_profiler.document.modules import roofline_anatomy
from inception_profiler.document.setting import common, environment_warnings, environment_words
from inception_profiler.records.comparison import quotient
from inception_profiler.records.latency import INTERRUPTED
from inception_profiler.records.roofline import FAR, LayerTime, Roofline, TimeGroup
from inception_profiler.units import Unit, scale_for

NEAR = 0.1
"""By how much the sum of the layers may differ from the whole before a reader is warned."""

HALF = 0.25
"""An operation that takes this share of the time is worth a sentence where it is far below its roof."""

_MEASURES = (
    Column("seconds", "time", Unit.SECONDS, "time"),
    Column("share", "of all", Unit.SHARE),
    Column("macs", "MACs", Unit.COUNT),
    Column("bytes", "bytes", Unit.BYTES),
    Column("intensity", "FLOPs per byte", Unit.RATE),
    Column("attained", "of roof", Unit.SHARE),
)
_LOST = Column("lost_seconds", "lost", Unit.SECONDS, "time")


def roofline_document(found: Roofline, *, top: int = 0) -> Document:
    """Show where the time goes; ``top`` limits the layers that are shown, 0 shows all."""
    title = f"Roofline of {found.model}"
    blocks: list[Block] = [
        Heading(title, 1),
        Prose(f"{found.model}: {common((found,))}."),
        Prose(environment_words(found.environment)),
        Prose(_roofs(found)),
        Prose(_sum(found)),
        *(Prose(text) for text in _findings(found)),
        _groups("By operation", "op", "operation", found, found.by_op()),
        _groups("By verdict", "verdict", "verdict", found, found.by_verdict(), _VERDICTS),
        Illustration(roofline_charts, (found,)),
        roofline_anatomy(found),
        _layers(found, top),
        *_callouts(found),
    ]
    return Document(title, tuple(blocks), found)


_VERDICTS = (
    "Compute: the FLOPs take longer than the bytes. Memory: the bytes do. Cache-resident: the bytes do, and "
    f"fit into half of the last cache. Overhead: more than {FAR} times what its roof allows, or under 10 µs "
    "on an accelerator: neither FLOPs nor bytes are what it waits for."
)


def _roofs(found: Roofline) -> str:
    """Say what the device can do at most."""
    roofs = found.ceilings
    flops = scale_for((roofs.flops_per_second,), Unit.FLOP_RATE).full(roofs.flops_per_second)
    text = f"Roofs: {flops} in {roofs.dtype}, {_rate(roofs.bytes_per_second)} from memory"
    if roofs.cache_bytes and roofs.cache_bytes_per_second:
        size = scale_for((roofs.cache_bytes,), Unit.BYTES).full(roofs.cache_bytes)
        text += f", {_rate(roofs.cache_bytes_per_second)} within the last cache of {size}"
    return f"{text}; measured {roofs.taken}."


def _rate(nbytes: float) -> str:
    return f"{scale_for((nbytes,), Unit.COUNT).full(nbytes)}B/s"


def _sum(found: Roofline) -> str:
    """Say what the layers add up to, of the whole, and what remains."""
    scale = scale_for((found.whole_seconds,), Unit.SECONDS)
    share = scale_for((), Unit.SHARE)
    rest = found.remainder_seconds
    kept = {
        None: "by the host's clock",
        True: "device time, the host ahead of the device throughout",
        False: "with the host not ahead of the device",
    }[found.blocked]
    between = "between the layers" if rest >= 0 else "that instruments cost on top"
    return (
        f"Sum of layers / whole: {scale.full(found.sum_seconds)} / {scale.full(found.whole_seconds)} = "
        f"{share.full(found.explained)}; {scale.full(abs(rest))} {between}. Medians of {found.rounds} runs "
        f"with and {found.rounds} without instruments in the same rounds, {kept}."
    )


def _findings(found: Roofline) -> Iterator[str]:
    """Say of each operation that takes much of the time how far it is below its roof."""
    share = scale_for((), Unit.SHARE)
    for group in found.by_op():
        part = quotient(group.seconds, found.sum_seconds)
        if part >= HALF and group.attained * FAR < 1 and group.bound_seconds:
            yield (
                f"{group.title} takes {share.full(part)} of the time at {share.full(group.attained)} of its "
                "roof."
            )


def _groups(
    title: str, key: str, named: str, found: Roofline, groups: Sequence[TimeGroup], caption: str = ""
) -> Table:
    columns = (Column(key, named, Unit.TEXT), Column("calls", "calls", Unit.COUNT), *_MEASURES, _LOST)
    rows = [Row((group.title, group.calls, *_measures(found, group), group.lost_seconds)) for group in groups]
    total = (
        "all",
        len(found.layers),
        found.sum_seconds,
        1.0,
        sum(group.macs for group in groups),
        sum(group.bytes for group in groups),
        None,
        quotient(sum(group.bound_seconds for group in groups), found.sum_seconds),
        sum(group.lost_seconds for group in groups),
    )
    return Table(title, columns, (*rows, Row(total, strong=True)), caption)


def _measures(found: Roofline, one: TimeGroup) -> tuple[float | None, ...]:
    return (
        one.seconds,
        quotient(one.seconds, found.sum_seconds),
        one.macs,
        one.bytes,
        one.intensity,
        one.attained,
    )


def _layers(found: Roofline, top: int) -> Table:
    columns = (
        Column("layer", "layer", Unit.TEXT),
        *_MEASURES,
        Column("verdict", "verdict", Unit.TEXT),
        _LOST,
    )
    ranked = found.ranked()
    shown = ranked[:top] if top else ranked
    rows = [Row(_cells(found, layer)) for layer in shown]
    caption = "Sorted by lost time: measured less the least that its own roof allows."
    above = sum(1 for layer in found.layers if found.attained(layer) > 1)
    if above:
        caption += (
            f" {above} of {len(found.layers)} are above their roof: what they read was still in a cache that "
            "is nearer, or their kernel is faster than the product that the roof was measured with."
        )
    if len(shown) < len(ranked):
        caption += f" Shown are the {len(shown)} of {len(ranked)} that lose most."
    return Table("By layer", columns, tuple(rows), caption)


def _cells(found: Roofline, layer: LayerTime) -> tuple[str | float | None, ...]:
    return (
        f"{layer.name} · {layer.op}" if layer.name else layer.op,
        layer.seconds,
        quotient(layer.seconds, found.sum_seconds),
        layer.macs,
        layer.bytes,
        layer.intensity,
        found.attained(layer),
        found.verdict(layer),
        found.lost_seconds(layer),
    )


def _callouts(found: Roofline) -> Iterator[Callout]:
    if found.stopped == INTERRUPTED:
        yield Callout("warning", "Interrupted; what was measured until then is shown.")
    if found.blocked is False:
        yield Callout(
            "warning",
            "The host could not be kept ahead of the device: short layers show the time of the host.",
        )
    if abs(found.explained - 1) > NEAR:
        share = scale_for((), Unit.SHARE).full(found.explained)
        yield Callout(
            "warning", f"The layers add up to {share} of the whole: read their shares, not their times."
        )
    yield from environment_warnings((found.environment,))
    for note in found.notes:
        yield Callout("note", f"{note}.")
