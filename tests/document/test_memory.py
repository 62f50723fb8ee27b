"""Memory as documents: what is shown adds up, and is what the records hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inception_profiler.document.blocks import Document, Table
from inception_profiler.document.fit import fit_document
from inception_profiler.document.memory import TENANTS, memory_comparison_document, memory_document, setting
from inception_profiler.records.fit import Fit
from inception_profiler.records.memory import (
    LayerMemory,
    Memory,
    MemoryComparison,
    Moment,
    Peak,
    Tenant,
)
from inception_profiler.records.trace import TensorSpec

BOX = TensorSpec((2, 8), "float32", 4)


def memory(model: str = "small", *, trained: bool = True, tenants: int = 20) -> Memory:
    alive = tuple(
        Tenant(n, f"layer_{n}", "linear", BOX, 64 * (tenants - n), "activation", n % 2 == 0)
        for n in range(tenants)
    )
    high = sum(tenant.nbytes for tenant in alive)
    phases = ("forward", "loss", "backward", "step") if trained else ("forward",)
    peaks = tuple(Peak(phase, 1, "layer_1", "linear", high, alive) for phase in phases)
    layers = (
        LayerMemory(0, "a", "layer_0", "linear", (BOX,), 512, 512, 1024, 64, 640, 64, 1280),
        LayerMemory(1, "b", "layer_1", "view", (BOX,), 0, 0, 0, 0, 700, 0, 0),
        LayerMemory(2, "c", "layer_2", "linear", (BOX,), 256, 256, 512, 64, 800, 32, 900),
    )
    return Memory(
        model, "training" if trained else "inference", (BOX,), "adam" if trained else "", False,
        768, 16, 64, 768, 1536, 128, 96, 2400, 3000, layers, peaks, (Moment("forward", 0, high, 64),), "",
    )  # fmt: skip


def table(document: Document, title: str) -> Table:
    return next(one for one in document.tables() if one.title == title)


def column(one: Table, key: str) -> list[Any]:
    position = [column.key for column in one.columns].index(key)
    return [row.cells[position] for row in one.rows]


@pytest.mark.parametrize("tenants", [3, TENANTS, 20])
def test_those_alive_add_up_to_the_peak(tenants: int) -> None:
    one = table(memory_document(memory(tenants=tenants)), "Alive at the peak")
    *parts, whole = column(one, "nbytes")
    assert sum(parts) == whole == memory(tenants=tenants).peak_bytes
    *shares, all_of_it = column(one, "share")
    assert sum(shares) == pytest.approx(all_of_it) == 1


def test_the_kinds_alive_add_up_to_the_peak() -> None:
    document = memory_document(memory())
    one = table(document, "Alive at the peak, by kind")
    *parts, whole = column(one, "nbytes")
    assert sum(parts) == whole == memory().peak_bytes
    saved = sum(tenant.nbytes for tenant in memory().peak.alive if tenant.saved)
    assert dict(zip(column(one, "kind"), parts, strict=False))["activation, saved"] == saved


def test_an_inference_has_no_columns_of_training() -> None:
    document = memory_document(memory(trained=False))
    assert "saved_bytes" not in [entry.key for entry in table(document, "small by layer").columns]
    assert "optimizer state" not in column(table(document, "Memory"), "quantity")
    assert "saved_bytes" in [
        entry.key for entry in table(memory_document(memory()), "small by layer").columns
    ]


def test_what_makes_nothing_has_no_row_and_is_counted() -> None:
    one = table(memory_document(memory()), "small by layer")
    assert column(one, "layer") == ["layer_0 · linear", "layer_2 · linear"]
    assert "One operation makes nothing new" in one.caption
    cut = table(memory_document(memory(), top=1), "small by layer")
    assert column(cut, "layer") == ["layer_0 · linear"]
    assert "the 1 of 2 rows" in cut.caption


def test_a_tensor_without_dimensions_has_a_shape_in_words() -> None:
    whole = memory(tenants=1)
    point = replace(whole.peaks[0].alive[0], tensor=TensorSpec((), "float32", 4))
    one = table(
        memory_document(replace(whole, peaks=tuple(replace(peak, alive=(point,)) for peak in whole.peaks))),
        "Alive at the peak",
    )
    assert column(one, "shape")[0] == "scalar float32"


def test_models_stand_side_by_side_with_their_ratio() -> None:
    other = memory("other", tenants=10)
    one = table(memory_comparison_document(MemoryComparison(memory(), (other,))), "Memory")
    ratios = dict(zip(column(one, "quantity"), column(one, "ratio_other"), strict=True))
    assert ratios["weights"] == 1
    assert ratios["all that must fit"] == memory().total_bytes / other.total_bytes
    assert memory().total_bytes == 768 + 16 + 64 + 64 * sum(range(21))


def test_the_first_step_is_told_apart_only_where_it_is_another() -> None:
    steady = memory()
    caption = table(memory_document(steady), "Peaks").caption
    assert "the optimizer has no state" in caption
    assert "2.93 KiB" in caption  # by the magnitude of the peaks; alone 3000 bytes are 2.930 KiB
    same = replace(steady, first_peak_bytes=steady.peak_bytes)
    assert not table(memory_document(same), "Peaks").caption
    stateless = replace(steady, optimizer="sgd", optimizer_bytes=0)
    assert not table(memory_document(stateless), "Peaks").caption
    assert "state" not in setting(stateless)
    assert "has its state from steps before" in setting(steady)


def test_the_batch_that_fits_is_in_the_title() -> None:
    fit = Fit(memory(), 2**20, 7, 2**20 + 5, ((1, 10), (7, memory().total_bytes)))
    document = fit_document(fit)
    assert document.title == "small: batch 7 fits into 1.000 MiB"
    shares = column(table(document, "Memory"), "share")
    assert shares[-1] == (2**20 + 5) / 2**20
