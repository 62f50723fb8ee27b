"""Document 003 on the structure of Inception-v4 and the Inception-ResNets: modules, grids, filters."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.bibliography import CSDN_INCEPTION_V4
from inception_profiler.claims.derive import counted, fact
from inception_profiler.claims.documents.inception_v4 import ACCURACY, V3, V4
from inception_profiler.claims.layers import channels, inside, numbers, of_kind, side
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.networks import RELEASED, children, distinct, side_by_side
from inception_profiler.claims.residual import (
    RELEASED_V2,
    V1,
    V2,
    width,
)
from inception_profiler.records.claim import MORE, Quantity, Reading

enter(
    "as-good-without-residuals",
    CSDN_INCEPTION_V4,
    "基于inception v4的网络实验发现在不引入残差结构的基础上也能达到和inception-resnet-v2结构相似的结果",
    "Experiments with Inception-v4 found that results like those of Inception-ResNet-v2 are reached without residuals",
    Quantity("result", "结构相似的结果", "errors of the two", reported=ACCURACY),
)


def _designs(model: str, *paths: str) -> list[object]:
    """Describe the modules of a grid by their convolutions."""
    return [
        tuple((channels(layer), numbers(layer, "kernel")) for layer in of_kind(inside(counted(model), path), "convolution"))
        for path in paths
    ]  # fmt: skip


def _uniform() -> tuple[Reading, ...]:
    """Count the different modules on each grid of Inception-v4, and on the 35×35 grid of Inception-v3."""
    grids = ("inception_a", "inception_b", "inception_c")
    differing = [(grid, float(len(set(_designs(V4, *children(counted(V4), grid)))))) for grid in grids]
    return (side_by_side(differing, max, f"different modules on a grid of {V4}", "the most", "designs"),)


enter(
    "uniform-modules",
    CSDN_INCEPTION_V4,
    "对不同尺度的网格都采用统一的inception模块",
    "For every size of the grid they use uniform inception modules",
    (
        Quantity("v4", "统一的inception模块", "different modules on one grid of Inception-v4, the most", bound="1"),
        _uniform,
    ),
    (
        Quantity("before", "都采用统一的inception模块",
                 "different modules on the 35×35 grid of Inception-v3, which was not uniform yet", MORE, bound="1"),
        lambda: (distinct(V3, _designs(V3, "mixed_5b", "mixed_5c", "mixed_5d"), "modules at 35×35", "designs"),),
    ),
)  # fmt: skip


def _shrinks(padded: bool) -> Sequence[Reading]:
    """Return how many pixels a 3×3 at stride 1 in the stem of Inception-v4 takes off its map."""
    layer = next(
        layer
        for layer in of_kind(inside(counted(V4), "stem"), "convolution")
        if (numbers(layer, "kernel"), numbers(layer, "stride")) == ((3, 3), (1, 1)) and any(numbers(layer, "padding")) is padded
    )  # fmt: skip
    before = layer.call.inputs[0].shape[-1]
    title, shown = f"width before − after {layer.name}", f"{before} − {side(layer)}"
    return (fact(before - side(layer), "pixels", title, shown, formula="W_in − W_out"),)


enter(
    "same-and-valid",
    CSDN_INCEPTION_V4,
    "所有后面不带V的卷积,用的都是same-padded,也就是输出的网格大小等于输入网格的大小(如vgg的卷积一样);带V的使用的是valid-padded,表示输出的网格尺寸是会逐步减小的。",
    "All convolutions without a V are padded (same), so that the grid that comes out is as large as the one that goes in, "
    "as in VGG; those with a V are not padded (valid), so that the grid shrinks step by step",
    (
        Quantity("same", "输出的网格大小等于输入网格的大小", "pixels that a padded 3×3 takes off", bound="0"),
        lambda: _shrinks(True),
    ),
    (
        Quantity("valid", "输出的网格尺寸是会逐步减小的", "pixels that an unpadded 3×3 takes off", MORE, bound="0"),
        lambda: _shrinks(False),
    ),
)  # fmt: skip


def _stem_filters(position: int, model: str = V2) -> tuple[Reading, ...]:
    layer = of_kind(inside(counted(model), "stem"), "convolution")[position]
    shape = "×".join(map(str, layer.call.outputs[0].shape))
    return (
        fact(channels(layer), "channels", f"output of {layer.name} of {model}", shape, formula="N×C×H×W"),
    )


enter(
    "1154-is-1152",
    CSDN_INCEPTION_V4,
    "In the B blocks: 'ir_conv' nb of filters  is given as 1154, however input size is 1152.",
    "In the B blocks the filters of 'ir_conv' are given as 1154, however the input size is 1152",
    (
        Quantity("given", "1154", "filters of the linear 1×1 of block B, which have to equal the map that they are added to"),
        lambda: (
            width(V2, "inception_resnet_b"),
            width(RELEASED_V2, "inception_resnet_b", f"{RELEASED}, which adds to another width"),
        ),
    ),
    (Quantity("input", "1152", "channels of that map, which Reduction-A puts out"), lambda: (_reduced("reduction_a"),)),
)  # fmt: skip


def _reduced(path: str) -> Reading:
    """Add up the branches of a reduction module of Inception-ResNet-v2."""
    cat = next(layer for layer in inside(counted(V2), path) if layer.op == "cat")
    parts = [spec.shape[1] for spec in cat.call.inputs]
    return fact(channels(cat), "channels", f"output of {path} of {V2}", " + ".join(map(str, parts)),
                formula="sum of its branches")  # fmt: skip


enter(
    "2048-is-2144",
    CSDN_INCEPTION_V4,
    "In the C blocks: 'ir_conv' nb of filter is given as 2048, however input size is 2144.",
    "In the C blocks the filters of 'ir_conv' are given as 2048, however the input size is 2144",
    (
        Quantity("given", "2048", "filters of the linear 1×1 of block C, which have to equal the map that they are added to"),
        lambda: (
            width(V2, "inception_resnet_c"),
            width(RELEASED_V2, "inception_resnet_c", f"{RELEASED}, which adds to another width"),
            _last_of_v3(),
        ),
    ),
    (Quantity("input", "2144", "channels of that map, which Reduction-B puts out"), lambda: (_reduced("reduction_b"),)),
)  # fmt: skip


def _last_of_v3() -> Reading:
    last = [layer for layer in counted(V3).layers if layer.op == "cat"][-1]
    shape = "×".join(map(str, last.call.outputs[0].shape))
    return fact(channels(last), "channels", f"last map of {V3}", shape, formula="N×C×H×W",
                convention="the width of the last map of Inception-v3", explains=True)  # fmt: skip


enter(
    "stem-384",
    CSDN_INCEPTION_V4,
    "In the stem function, the last Convolutional2D layer has 384 filters instead of the original 256.",
    "In the stem the last convolution has 384 filters instead of the original 256",
    (
        Quantity("384", "384", "filters of the last convolution of Inception-ResNet-v2's stem"),
        lambda: (
            *_stem_filters(-1),
            width(V2, "inception_resnet_a", "the stem's output, in which a pooling stands beside the convolution"),
            width(RELEASED_V2, "inception_resnet_a", f"the output of the stem, {RELEASED}"),
        ),
    ),
    (
        Quantity("256", "256", "filters of the last convolution of Inception-ResNet-v1's stem"),
        lambda: _stem_filters(-1, V1),
    ),
)  # fmt: skip

enter(
    "stem-code",
    CSDN_INCEPTION_V4,
    """            BasicCon2D(32, kernel_size=(3, 3), strides=2),
            BasicCon2D(32, kernel_size=(3, 3)),
            BasicCon2D(64, kernel_size=(3, 3), padding='same')""",
    "the first three convolutions of the stem have 32, 32 and 64 filters",
    *(
        (Quantity(f"conv{position}", printed, f"filters of convolution {position} of the stem"), lens)
        for position, printed, lens in (
            (1, "32, kernel_size=(3, 3), strides=2", lambda: _stem_filters(0)),
            (2, "32, kernel_size=(3, 3))", lambda: _stem_filters(1)),
            (3, "64", lambda: _stem_filters(2)),
        )
    ),
)
