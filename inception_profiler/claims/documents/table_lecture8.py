"""The lecture's table of AlexNet, cell by cell, and its totals of AlexNet against VGG-16.

The totals of VGG-16 are those of a network with one convolution fewer in its third stage, the VGG-13 that the
stem's 42.9 MB and 7485 MFLOP belong to: 48.6 MB and 13.6 GFLOP are what is left of VGG-16 without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from inception_profiler.analysis.profile import profile
from inception_profiler.claims.bibliography import LECTURE8
from inception_profiler.claims.derive import counted, fact, printed_quotient, ratio, read_as, total
from inception_profiler.claims.layers import macs, of_kind, output_bytes, params, side, under
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.records.claim import DEFAULT, Quantity, Reading
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

LAYER_KINDS = ("convolution", "pooling", "linear")
CONVOLUTIONS = "outputs of convolutions only"
LEFT_OUT = "conv3_3"
ONE_LESS = "that of VGG-16 with one convolution fewer in its third stage"


@cache
def alexnet() -> Profile:
    """Profile the AlexNet of the slide: one tower, and 227×227 padded by 2, which makes conv1 56×56."""
    return profile("alexnet_torchvision", (3, 227, 227))


def _layers(name: str) -> tuple[LayerCost, ...]:
    return of_kind(under(alexnet(), name), *LAYER_KINDS)


def _cell(name: str, of: Callable[[LayerCost], int], unit: str, *conventions: str) -> Lens:
    """Return the lens of a cell: by the default, then by the lecture's own rules."""

    def lens() -> tuple[Reading, ...]:
        return (
            total(alexnet(), _layers(name), of, unit, title=f"{unit} of {name}"),
            *(
                read_as(alexnet(), _layers(name), each, unit, title=f"{unit} of {name}")
                for each in conventions
            ),
        )

    return lens


def _side(name: str) -> Lens:
    def lens() -> tuple[Reading, ...]:
        shape = "×".join(map(str, _layers(name)[0].call.outputs[0].shape))
        return (fact(side(_layers(name)[0]), "pixels", f"output of {name}", shape, formula="N×C×H×W"),)

    return lens


ROWS = {
    "conv1": "| conv1 64@11/4 p2, input 227 | 56 | 784 | 23 | 73 |",
    "pool1": "| pool1 3/2 | 27 | 182 | 0 | 0 |",
    "conv2": "| conv2 192@5 p2 | 27 | 547 | 307 | 224 |",
    "pool2": "| pool2 3/2 | 13 | 127 | 0 | 0 |",
    "conv3": "| conv3 384@3 | 13 | 254 | 664 | 112 |",
    "conv4": "| conv4 256@3 | 13 | 169 | 885 | 145 |",
    "conv5": "| conv5 256@3 | 13 | 169 | 590 | 100 |",
    "pool5": "| pool5 3/2 | 6 | 36 | 0 | 0 |",
    "fc6": "| fc6 4096 | | 16 | 37,749 | 38 |",
    "fc7": "| fc7 4096 | | 16 | 16,777 | 17 |",
    "fc8": "| fc8 1000 | | 4 | 4,096 | 4 |",
}


def _row(name: str, row: str) -> None:
    output, memory, weighs, flop = (cell.strip() for cell in row.strip("|").split("|")[1:])
    cells = [
        (Quantity("memory", memory, f"bytes of the output of {name}", scale="KB", to_the_unit=True),
         _cell(name, output_bytes, "bytes", "lecture-memory")),
        (Quantity("params", weighs, f"parameters of {name}", scale="K", to_the_unit=True),
         _cell(name, params, "params", "lecture-params")),
        (Quantity("flop", flop, f"multiply-adds of {name}", scale="M", to_the_unit=True),
         _cell(name, macs, "MACs", "lecture")),
    ]  # fmt: skip
    if output:
        cells.insert(
            0, (Quantity("output", output, f"height and width of the output of {name}"), _side(name))
        )
    enter(
        f"lecture-{name}",
        LECTURE8,
        row,
        f"{name}: its output, memory in KB, parameters in K and MFLOP",
        *cells,
    )


for _name, _printed in ROWS.items():
    _row(_name, _printed)


def _memory(model: Profile, *, less: str = "", convention: str = DEFAULT, explains: bool = False) -> Reading:
    """Add up the outputs of the convolutions of a network, all but one if a name is given."""
    layers = [layer for layer in of_kind(model.layers, "convolution") if layer.name != less]
    return total(model, layers, output_bytes, "bytes", title=f"outputs of the convolutions of {model.model}",
                 convention=convention, explains=explains)  # fmt: skip


def _every(model: Profile) -> Reading:
    return read_as(model, model.layers, "lecture-memory", "bytes")


def _all_outputs(model: Profile) -> Reading:
    return total(model, model.layers, output_bytes, "bytes", title=f"outputs of {model.model}")


def _macs(model: Profile, *, less: str = "", convention: str = DEFAULT, explains: bool = False) -> Reading:
    layers = [layer for layer in model.layers if layer.name != less]
    return total(
        model, layers, macs, "MACs", title=f"MACs of {model.model}", convention=convention, explains=explains
    )


def _params(model: Profile) -> Reading:
    return total(model, model.layers, params, "params")


def _both(of: Callable[[Profile], Reading]) -> Reading:
    return ratio(of(counted("vgg16")), of(alexnet()), title="VGG-16 / AlexNet")


def _conv_only(model: Profile) -> Reading:
    return _memory(model, convention=CONVOLUTIONS)


enter(
    "lecture-totals",
    LECTURE8,
    "Totals, AlexNet against VGG-16: memory 1.9 MB against 48.6 MB (25×), params 61M against 138M (2.3×), 0.7 against 13.6 GFLOP (19.4×).",
    "AlexNet against VGG-16: memory 1.9 MB against 48.6 MB (25 times), parameters 61M against 138M (2.3 times), 0.7 against "
    "13.6 GFLOP (19.4 times)",
    (
        Quantity("AlexNet memory", "1.9 MB", "bytes of AlexNet's feature maps"),
        lambda: (_all_outputs(alexnet()), _every(alexnet()), _conv_only(alexnet())),
    ),
    (
        Quantity("VGG-16 memory", "48.6 MB", "bytes of VGG-16's feature maps"),
        lambda: (
            _all_outputs(counted("vgg16")),
            _every(counted("vgg16")),
            _conv_only(counted("vgg16")),
            _memory(counted("vgg16"), less=LEFT_OUT, convention=f"{ONE_LESS}, {CONVOLUTIONS}", explains=True),
        ),
    ),
    (
        Quantity("memory ratio", "25×", "feature maps of VGG-16 / AlexNet"),
        lambda: (
            _both(_all_outputs), _both(_every), _both(_conv_only),
            printed_quotient("48.6", "1.9", "the quotient of the two printed figures"),
        ),
    ),
    (Quantity("AlexNet params", "61M", "parameters of AlexNet"), lambda: (_params(alexnet()),)),
    (Quantity("VGG-16 params", "138M", "parameters of VGG-16"), lambda: (_params(counted("vgg16")),)),
    (Quantity("params ratio", "2.3×", "parameters of VGG-16 / AlexNet"), lambda: (_both(_params),)),
    (Quantity("AlexNet flop", "0.7", "multiply-adds of AlexNet", scale="G"), lambda: (_macs(alexnet()),)),
    (
        Quantity("VGG-16 flop", "13.6 G", "multiply-adds of VGG-16"),
        lambda: (
            _macs(counted("vgg16")),
            _macs(counted("vgg16"), less=LEFT_OUT, convention=ONE_LESS, explains=True),
        ),
    ),
    (
        Quantity("flop ratio", "19.4×", "multiply-adds of VGG-16 / AlexNet"),
        lambda: (_both(_macs), printed_quotient("13.6", "0.7", "the quotient of the two printed figures")),
    ),
)  # fmt: skip
