"""Several models as one table: what each costs, what it sees, and the accuracy it was published with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row, Table
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.zoo.card import ModelCard

METRICS_SHOWN = (
    "params",
    "macs",
    "flops",
    "activations",
    "weight_bytes",
    "peak_activation_bytes",
    "depth",
    "receptive_field",
)
"""The columns of the table, before the accuracy."""

_CAPTION = (
    "Inference of one image. MACs are what papers call multiply-adds; FLOPs = 2 · MACs + all other scalar "
    "operations. Live peak: most bytes made by the forward pass and alive at once. Depth: layers with "
    "weights on the longest path. Receptive field: all branches together; it may be larger than the input. "
    "top-1: published by the source on the card, each in its own setting, not computed here; – where there "
    "is none for this very network."
)


def family_table(
    title: str,
    profiled: Sequence[tuple[ModelCard, Profile]],
    links: Mapping[str, str] | None = None,
    keys: Sequence[str] = METRICS_SHOWN,
) -> Table:
    """Return the table of several models.

    Args:
        title: stands over it.
        profiled: each card with the profile of its model.
        links: where the name of a model leads.
        keys: the metrics that have a column.
    """
    metrics = [METRICS.get(key) for key in keys]
    columns = (
        Column("model", "model", Unit.TEXT),
        Column("year", "year", Unit.TEXT),
        Column("input", "input", Unit.TEXT),
        *(Column(metric.key, metric.title, metric.unit) for metric in metrics),
        Column("top1", "top-1 %", Unit.RATE),
    )
    rows = tuple(
        Row(
            (
                card.name,
                str(card.year),
                "×".join(map(str, card.input)),
                *(metric.of(profile) for metric in metrics),
                card.accuracy.top1 if card.accuracy else None,
            ),
            link=(links or {}).get(card.name, ""),
        )
        for card, profile in profiled
    )
    return Table(title, columns, rows, _CAPTION)
