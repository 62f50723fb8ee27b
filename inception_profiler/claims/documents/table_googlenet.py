"""GoogLeNet's Table 1, cell by cell, and what its text says of the whole.

Its K is 2¹⁰, biases included: every cell of parameters that holds, holds so, and none but the first with 10³.
The first row was counted with a separable 7×7. From 4a on the cells of parameters are not those of the filters
that the table prints beside them, while the operations are, 5a apart.
"""

from __future__ import annotations

from collections.abc import Callable

from inception_profiler.claims.bibliography import GOING_DEEPER
from inception_profiler.claims.derive import counted, fact, how_many, total, trained
from inception_profiler.claims.documents.cnblogs_googlenet import alexnet_against_googlenet
from inception_profiler.claims.layers import inside, macs, of_kind, params, weights
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.claims.networks import depth
from inception_profiler.claims.stated import stated
from inception_profiler.records.claim import ABOUT, DEFAULT, Quantity, Reading
from inception_profiler.records.layer import LayerCost

MODEL, SEPARABLE = "inception_v1", "inception_v1_separable_stem"
WITH_SEPARABLE = "a separable 7×7: depth multiplier 8, then a 1×1"
K = 2**10


def _layers(path: str, model: str = MODEL) -> tuple[LayerCost, ...]:
    return inside(counted(model), path)


def _output(path: str) -> Lens:
    """Return the lens that reads the elements of a module's output, printed as H×W×C."""

    def lens() -> tuple[Reading, ...]:
        shape = _layers(path)[-1].call.outputs[0].shape
        channels, height, width = (*shape[1:], 1, 1)[:3]
        numbers = f"{height} · {width} · {channels}"
        return (
            fact(height * width * channels, "elements", f"output of {path}", numbers, formula="H · W · C"),
        )

    return lens


def _params(path: str) -> Lens:
    """Return the lens that counts a module's parameters: with its biases, then without."""

    def lens() -> tuple[Reading, ...]:
        model = counted(MODEL)
        return (
            total(model, _layers(path), params, "params", title=f"params of {path}"),
            total(model, _layers(path), weights(model), "params", title=f"weights of {path}",
                  convention="without biases"),
        )  # fmt: skip

    return lens


def _macs(path: str, beside: str = "") -> Lens:
    """Return the lens that counts a module's multiply-adds, and what the cell beside it would make of them."""

    def lens() -> tuple[Reading, ...]:
        layers = _layers(path)
        found = total(counted(MODEL), layers, macs, "MACs", title=f"MACs of {path}")
        return (found, _of_cell(path, beside)) if beside else (found,)

    return lens


def _of_cell(path: str, beside: str) -> Reading:
    """Multiply the printed parameters by the positions of the module's map."""
    height, width = _layers(path)[-1].call.outputs[0].shape[2:]
    printed = int(stated(beside)[0].number)
    return fact(
        printed * K * height * width, "MACs", "MACs of as many weights as the cell beside it prints",
        f"{printed} · {K} · {height} · {width}", formula="params · 2¹⁰ · H · W",
        convention=f"the multiply-adds of {beside} of weights, the cell beside it: another module than its row prints",
        explains=True,
    )  # fmt: skip


def _first_row(of: Callable[[LayerCost], int], unit: str) -> Lens:
    def lens() -> tuple[Reading, ...]:
        sides = ((MODEL, DEFAULT), (SEPARABLE, WITH_SEPARABLE))
        return tuple(
            total(
                counted(model),
                _layers("conv1", model),
                of,
                unit,
                title=f"{unit} of conv1 of {model}",
                convention=which,
            )
            for model, which in sides
        )

    return lens


enter(
    "table-1-conv1",
    GOING_DEEPER,
    "| convolution 7×7/2 | 112×112×64 | 2.7K | 34M |",
    "the first convolution, 7×7 at stride 2",
    (Quantity("output", "112×112×64", "elements of its output"), _output("conv1")),
    (Quantity("params", "2.7K", "its parameters"), _first_row(params, "params")),
    (Quantity("ops", "34M", "its multiply-adds"), _first_row(macs, "MACs")),
)

ROWS = {
    "conv2": ("| convolution 3×3/1 (with 1×1 reduce 64) |", "56×56×192", "112K", "360M"),
    "inception_3a": ("| inception (3a) |", "28×28×256", "159K", "128M"),
    "inception_3b": ("| inception (3b) |", "28×28×480", "380K", "304M"),
    "inception_4a": ("| inception (4a) |", "14×14×512", "364K", "73M"),
    "inception_4b": ("| inception (4b) |", "14×14×512", "437K", "88M"),
    "inception_4c": ("| inception (4c) |", "14×14×512", "463K", "100M"),
    "inception_4d": ("| inception (4d) |", "14×14×528", "580K", "119M"),
    "inception_4e": ("| inception (4e) |", "14×14×832", "840K", "170M"),
    "inception_5a": ("| inception (5a) |", "7×7×832", "1072K", "54M"),
    "inception_5b": ("| inception (5b) |", "7×7×1024", "1388K", "71M"),
    "classifier": ("| linear |", "1×1×1000", "1000K", "1M"),
}
"""The rows with parameters after the first: their beginning, and their three cells."""

POOLINGS = {
    "pool1": "| max pool 3×3/2 | 56×56×64 | | |",
    "pool2": "| max pool 3×3/2 | 28×28×192 | | |",
    "pool3": "| max pool 3×3/2 | 14×14×480 | | |",
    "pool4": "| max pool 3×3/2 | 7×7×832 | | |",
    "pool5": "| avg pool 7×7/1, dropout 40 % | 1×1×1024 | | |",
}


def _row(path: str, begins: str, output: str, weighs: str, ops: str) -> None:
    beside = weighs if path.startswith("inception_") else ""
    enter(
        f"table-1-{path.replace('_', '-')}",
        GOING_DEEPER,
        f"{begins} {output} | {weighs} | {ops} |",
        f"{path}: its output, its parameters and its operations",
        (Quantity("output", output, "elements of its output"), _output(path)),
        (Quantity("params", weighs, "its parameters", to_the_unit=True), _params(path)),
        (Quantity("ops", ops, "its multiply-adds", to_the_unit=True), _macs(path, beside)),
    )


def _pooling(path: str, row: str) -> None:
    printed = row.split("|")[2].strip()
    enter(
        f"table-1-{path}",
        GOING_DEEPER,
        row,
        f"{path}: its output",
        (Quantity("output", printed, "elements of its output"), _output(path)),
    )


for _path, _cells in ROWS.items():
    _row(_path, *_cells)
for _path, _printed in POOLINGS.items():
    _pooling(_path, _printed)

BLOCKS = frozenset({"convolution", "linear", "pooling"})
OTHERS = frozenset({"cat", "local_response_norm", "dropout"})


def _blocks() -> tuple[Reading, ...]:
    """Count convolutions, linear layers, poolings, concatenations, LRN and dropout: without heads, and with."""
    found = []
    for model, convention in (
        (counted(MODEL), DEFAULT),
        (trained(MODEL), "with the auxiliary heads, in training"),
    ):
        layers = [layer for layer in model.layers if layer.call.kind in BLOCKS or layer.op in OTHERS]
        found.append(how_many(model, layers, "building blocks", convention=convention))
    return tuple(found)


def _ops() -> tuple[Reading, ...]:
    separable, dense = (
        total(
            counted(model),
            of_kind(counted(model).layers, "convolution", "linear"),
            macs,
            "MACs",
            convention=which,
        )
        for model, which in ((SEPARABLE, DEFAULT), (MODEL, "with a dense 7×7"))
    )
    return (separable, dense)


enter(
    "going-deeper-text",
    GOING_DEEPER,
    "The text: 22 layers with parameters, 27 with pooling; about 100 building blocks; 1.5 billion multiply-adds at inference; 12× fewer parameters than the 2012 winner.",
    "22 layers with parameters, 27 with pooling; about 100 building blocks; 1.5 billion multiply-adds at inference; 12 times "
    "fewer parameters than the winner of 2012",
    (Quantity("layers", "22", "layers with weights on the longest path"), lambda: (depth(MODEL),)),
    (Quantity("with pooling", "27", "layers with weights and poolings on it"), lambda: (depth(MODEL, pooling=True),)),
    (
        Quantity("blocks", "about 100", "convolutions, linear layers, poolings, concatenations, LRN and dropouts", ABOUT,
                 bound="100"),
        _blocks,
    ),
    (Quantity("multiply-adds", "1.5 billion", "MACs of the network that Table 1 counts, with the separable 7×7"), _ops),
    (Quantity("AlexNet / GoogLeNet", "12×", "parameters of AlexNet / GoogLeNet"), alexnet_against_googlenet),
)  # fmt: skip
