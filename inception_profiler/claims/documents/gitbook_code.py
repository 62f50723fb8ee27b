"""Document 002's Keras code, against the registered network that is built as printed."""

from __future__ import annotations

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import counted, fact
from inception_profiler.claims.layers import channels, inside, numbers, of_kind
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.claims.padding import instead, map_against_zero_padding, rule, zeros_on_a_side
from inception_profiler.records.claim import Quantity, Reading
from inception_profiler.records.layer import LayerCost

BLOG = "inception_v1_blog"

WIDTHS = {
    "3a": ("x = Inception(x,64)#256", 256),
    "3b": ("x = Inception(x,120)#480", 480),
    "4a": ("x = Inception(x,128)#512", 512),
    "4d": ("x = Inception(x,132)#528", 528),
    "4e": ("x = Inception(x,208)#832", 832),
    "5b": ("x = Inception(x,256)#1024", 1024),
}
"""The lines of the code that say in a comment how wide the module comes out, with that width."""


def output(module: str) -> Lens:
    """Return the lens that reads the channels of a module's output."""

    def lens() -> tuple[Reading, ...]:
        cat = next(layer for layer in inside(counted(BLOG), f"inception_{module}") if layer.op == "cat")
        parts = " + ".join(str(spec.shape[1]) for spec in cat.call.inputs)
        return (
            fact(
                channels(cat),
                "channels",
                f"output of inception_{module}",
                parts,
                formula="sum of its branches",
            ),
        )

    return lens


def _width(module: str, line: str, width: int) -> None:
    enter(
        f"gitbook-keras-inception-{module}",
        GITBOOK_GOOGLENET,
        line,
        f"the module {module} comes out {width} channels wide",
        (Quantity("channels", f"#{width}", f"channels of the module {module}"), output(module)),
    )


for _name, _line in WIDTHS.items():
    _width(_name, *_line)


def _convolution(path: str) -> LayerCost:
    return of_kind(inside(counted(BLOG), path), "convolution")[0]


enter(
    "gitbook-keras-same-padding",
    GITBOOK_GOOGLENET,
    "#padding = 'same'，填充为(步长-1）/2,还可以用ZeroPadding2D((3,3))",
    "padding='same' pads by (stride − 1)/2, and ZeroPadding2D((3,3)) can be used too",
    (rule("(步长-1）/2"), zeros_on_a_side),
    (instead("还可以用ZeroPadding2D((3,3))"), map_against_zero_padding),
)


def _kernel(path: str) -> Lens:
    def lens() -> tuple[Reading, ...]:
        layer = _convolution(path)
        height, width = numbers(layer, "kernel")
        return (fact(max(height, width), "pixels", f"kernel of {layer.name}", f"{height}×{width}"),)

    return lens


enter(
    "gitbook-keras-first-convolution",
    GITBOOK_GOOGLENET,
    "x = Conv2d_BN(inpt,64,(7,7),strides=(2,2),padding='same')",
    "the first convolution has 64 filters of 7×7 at stride 2",
    (
        Quantity("filters", "64,(7,7)", "filters of the first convolution", bound="64"),
        lambda: (
            fact(channels(_convolution("conv1")), "channels", "output of conv1",
                 "×".join(map(str, _convolution("conv1").call.outputs[0].shape)), formula="N×C×H×W"),
        ),
    ),
    (Quantity("kernel", "(7,7)", "side of its kernel", bound="7"), _kernel("conv1")),
)  # fmt: skip

enter(
    "gitbook-keras-branch-5x5",
    GITBOOK_GOOGLENET,
    "branch5x5 = Conv2d_BN(branch5x5,nb_filter,(1,1), padding='same',strides=(1,1),name=None)",
    "the second convolution of the branch named branch5x5 is a 1×1",
    (Quantity("by its name", "branch5x5", "side of the kernel that the branch is named after", bound="5"),
     _kernel("inception_3a.branch_5x5")),
    (Quantity("as printed", "(1,1)", "side of the kernel in the code", bound="1"), _kernel("inception_3a.branch_5x5")),
)  # fmt: skip


def _last_pooling() -> tuple[Reading, ...]:
    layer = of_kind(inside(counted(BLOG), "pool5"), "pooling")[0]
    shape = layer.call.inputs[0].shape
    return (
        fact(
            shape[-1],
            "pixels",
            "map that the pooling takes whole",
            "×".join(map(str, shape)),
            formula="N×C×H×W",
        ),
    )


enter(
    "gitbook-keras-average-pooling",
    GITBOOK_GOOGLENET,
    "x = AveragePooling2D(pool_size=(7,7),strides=(7,7),padding='same')(x)",
    "the last map is averaged by a window of 7×7, which is all of it",
    (Quantity("window", "(7,7)", "side of the last map", bound="7"), _last_pooling),
)


def _head(name: str) -> tuple[Reading, ...]:
    layer = of_kind(inside(counted(BLOG), name), "linear")[0]
    shape = layer.call.outputs[0].shape
    return (
        fact(
            shape[-1],
            "channels",
            f"output of {name}",
            "×".join(map(str, shape)),
            formula="N×1×1×C: nothing flattens",
        ),
    )


enter(
    "gitbook-keras-head",
    GITBOOK_GOOGLENET,
    "x = Dense(1000,activation='softmax')(x)",
    "the head gives 1000 classes",
    (Quantity("classes", "1000", "outputs of the last dense layer"), lambda: _head("dense2")),
)
