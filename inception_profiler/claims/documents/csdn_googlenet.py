"""Document 000: what a 1×1 bottleneck saves, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_profiler.claims.bibliography import CSDN_GOOGLENET
from inception_profiler.claims.derive import (
    added,
    fact,
    printed_quotient,
    printed_sum,
    ratio,
    read_as,
    sketched,
    times,
    total,
)
from inception_profiler.claims.layers import macs, of_kind, params, weight_shape
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import AT_LEAST, LESS, Quantity, Reading
from inception_profiler.records.profile import Profile

WIDE, NARROW = 256, 64
"""Channels of the post's example, outside and inside the bottleneck."""
PIXELS = 200
GIVEN, FILTERS = 50, 20
"""The map of the post's other example, its channels, and its filters."""


def _direct() -> Profile:
    return sketched(WIDE, (WIDE, 3))


def _bottleneck() -> Profile:
    return sketched(WIDE, (NARROW, 1), (NARROW, 3), (WIDE, 1))


def _macs(model: Profile, position: int | None = None) -> Reading:
    """Return the MACs of a chain at one pixel, or of one of its convolutions."""
    layers = of_kind(model.layers, "convolution")
    return total(model, layers if position is None else layers[position : position + 1], macs, "MACs")


enter(
    "bottleneck-direct",
    CSDN_GOOGLENET,
    "这意味着总共要进行 256×256×3×3的卷积(589000次乘积累加(MAC)运算)。",
    "This means 256×256×3×3 convolutions in all (589000 multiply-accumulates (MAC))",
    (
        Quantity("product", "256×256×3×3", "MACs of a 3×3 from 256 to 256 channels, at one pixel"),
        lambda: (_macs(_direct()),),
    ),
    (Quantity("MACs", "589000", "the same, as the post rounds it"), lambda: (_macs(_direct()),)),
)


def _ends(axis: int) -> Sequence[Reading]:
    (layer,) = of_kind(_direct().layers, "convolution")
    shape = weight_shape(layer)
    return (
        fact(shape[axis], "", "the weight", "×".join(map(str, shape)), formula="C_out × C_in × K_h × K_w"),
    )


enter(
    "bottleneck-features",
    CSDN_GOOGLENET,
    "假设你有256个特征输入,256个特征输出,同时假设Inception层只执行3×3的卷积。",
    "Suppose you have 256 features in and 256 features out, and the Inception layer does 3×3 convolutions only",
    (Quantity("in", "256个特征输入", "channels of the input"), lambda: _ends(1)),
    (Quantity("out", "256个特征输出", "channels of the output"), lambda: _ends(0)),
    (Quantity("kernel", "3×3", "kernel of the convolution"), lambda: _ends(2)),
)

enter(
    "bottleneck-half-a-millisecond",
    CSDN_GOOGLENET,
    "比方说,在Google服务器上花0.5毫秒运行该层。",
    "Say, to spend 0.5 milliseconds on this layer on a Google server",
    Quantity(
        "time",
        "0.5毫秒",
        "time for the layer",
        reported="the post itself, as an example without a measurement",
    ),
)


def _reduced() -> Sequence[Reading]:
    model = _bottleneck()
    before, after = (model.layers[0].call.inputs[0].shape[1], model.layers[0].call.outputs[0].shape[1])
    return (fact(after, "channels", "channels after the first 1×1", f"{before} → {after}"),)


def _quarter() -> Sequence[Reading]:
    before = fact(WIDE, "channels", "channels before the first 1×1", str(_bottleneck().inputs[0].shape[1]))
    return (ratio(before, _reduced()[0], title="before / after"),)


enter(
    "bottleneck-width",
    CSDN_GOOGLENET,
    "作为替代,我们决定减少需要卷积的特征的数量,比如减少到64(256/4)个。",
    "Instead we decide to convolve fewer features, say 64 (256/4)",
    (Quantity("width", "64", "channels inside the bottleneck"), _reduced),
    (Quantity("quarter", "4)", "channels outside / inside"), _quarter),
)


def _shapes(position: int, axis: int) -> Sequence[Reading]:
    """Return the channels that one convolution of the bottleneck makes, axis 0, or reads, axis 1."""
    shape = weight_shape(of_kind(_bottleneck().layers, "convolution")[position])
    numbers = "×".join(map(str, shape))
    return (fact(shape[axis], "channels", "the weight", numbers, formula="C_out × C_in × K_h × K_w"),)


enter(
    "bottleneck-order",
    CSDN_GOOGLENET,
    "在这种情况下,我们首先进行256到64的1×1卷积,然后在所有Inception的分支上进行64次卷积,接着再使用一个64到256的1×1卷积。",
    "In this case we first convolve 1×1 from 256 to 64, then 64 times on all branches, then 1×1 from 64 to 256",
    (Quantity("first reads", "256到64", "channels that the first 1×1 reads"), lambda: _shapes(0, 1)),
    (Quantity("first makes", "64的1×1卷积", "channels that it makes"), lambda: _shapes(0, 0)),
    (Quantity("filters between", "64次卷积", "filters of the 3×3 between"), lambda: _shapes(1, 0)),
    (Quantity("last reads", "64到256", "channels that the last 1×1 reads"), lambda: _shapes(2, 1)),
    (Quantity("last makes", "256的1×1卷积。", "channels that it makes"), lambda: _shapes(2, 0)),
)


def _single() -> Sequence[Reading]:
    """Reduce an input of one channel as far as it goes: to one."""
    model = sketched(1, (1, 1), size=PIXELS)
    before, after = model.inputs[0].shape[1], model.layers[0].call.outputs[0].shape[1]
    numbers = f"{after} / {before}"
    return (
        fact(after / before, "×", "fewest channels after / channels before", numbers, formula="C_out / C_in"),
    )


enter(
    "single-channel-does-not-shrink",
    CSDN_GOOGLENET,
    "对于单通道输入,1×1的卷积确实不能起到降维作用,但对于多通道输入,就不不同了。",
    "With a single channel a 1×1 convolution can indeed not reduce the dimension; with several it is another matter",
    (
        Quantity(
            "single",
            "确实不能起到降维作用",
            "fewest channels after / before, from a single one",
            AT_LEAST,
            bound="1",
        ),
        _single,
    ),
    (
        Quantity(
            "several",
            "多通道输入,就不不同了",
            "channels after / before the first 1×1 of the bottleneck",
            LESS,
            bound="1",
        ),
        lambda: (ratio(_reduced()[0], _shapes(0, 1)[0], title="after / before"),),
    ),
)

for _position, (_name, _quote, _product, _rounded) in enumerate(
    (
        ("reduce", "256×64×1×1 = 16000", "256×64×1×1", "16000"),
        ("3x3", "64×64×3×3 = 36000", "64×64×3×3", "36000"),
        ("restore", "64×256×1×1 = 16000", "64×256×1×1", "16000"),
    )
):

    def _term(position: int = _position) -> Sequence[Reading]:
        return (_macs(_bottleneck(), position),)

    enter(
        f"bottleneck-{_name}",
        CSDN_GOOGLENET,
        _quote,
        _quote,
        (Quantity("product", _product, "MACs of this convolution of the bottleneck, at one pixel"), _term),
        (Quantity("MACs", _rounded, "the same, as the post rounds it"), _term),
    )


def _saving() -> Sequence[Reading]:
    exact = ratio(_macs(_direct()), _macs(_bottleneck()), title="direct / bottleneck")
    quotient = printed_quotient("600000", "70000", "the quotient of the two printed figures")
    return (exact, quotient)


enter(
    "bottleneck-saving",
    CSDN_GOOGLENET,
    "现在的计算量大约是70000(即16000+36000+16000),相比之前的约600000,几乎减少了10倍。",
    "The computation is now about 70000 (that is, 16000+36000+16000), against about 600000 before, almost 10 times less",
    (
        Quantity("bottleneck", "70000", "MACs of 256 → 64 → 64 → 256 at one pixel"),
        lambda: (
            added("MACs of the three", [_macs(_bottleneck(), position) for position in range(3)]),
            printed_sum(("16000", "36000", "16000"), "the sum of the three printed terms"),
        ),
    ),
    (
        Quantity("direct", "约600000", "MACs of a 3×3 from 256 to 256 at one pixel"),
        lambda: (_macs(_direct()),),
    ),
    (Quantity("saving", "10倍", "MACs of the 3×3 alone / of the bottleneck"), _saving),
)


def _filters(kernel: int) -> Profile:
    return sketched(GIVEN, (FILTERS, kernel), size=PIXELS, bias=True)


def _as_parameters(kernel: int) -> Sequence[Reading]:
    """Count the post's layer: parameters, then MACs, then the formula that it prints."""
    model = _filters(kernel)
    convolutions = of_kind(model.layers, "convolution")
    elements = total(model, convolutions, lambda layer: layer.activations, "elements")
    outputs = times(elements, "outputs × K²", "elements · K²", kernel * kernel, "elements")
    named = "the outputs times K²: neither the parameters, which do not depend on the map, nor the MACs, which need the input's 50 channels too"
    return (
        total(model, convolutions, params, "params"),
        read_as(model, convolutions, "lecture-params", "params"),
        total(model, convolutions, macs, "MACs", convention="MACs in place of parameters"),
        replace(outputs, convention=named, explains=True),
    )


def _ninth() -> Sequence[Reading]:
    one, three = _filters(1), _filters(3)
    pairs = (
        (total(each, each.layers, params, "params") for each in (one, three)),
        (read_as(each, each.layers, "lecture-params", "params") for each in (one, three)),
    )
    return [ratio(*pair, title="1×1 / 3×3") for pair in pairs]


def _output(axis: int, kernel: int) -> Sequence[Reading]:
    shape = _filters(kernel).layers[0].call.outputs[0].shape
    numbers = "×".join(map(str, shape))
    return (
        fact(shape[axis], "pixels" if axis > 1 else "channels", f"output of the {kernel}×{kernel}", numbers),
    )


def _input() -> Sequence[Reading]:
    shape = _filters(1).inputs[0].shape
    return (fact(shape[1], "channels", "the input", "×".join(map(str, shape))),)


enter(
    "1x1-output",
    CSDN_GOOGLENET,
    "考虑[50,200,200]的矩阵输入,我们可以使用20个1×1的卷积核进行卷积,得到输出[20,200,200]。有人问,我用20个3×3的卷积核不是也能得到[20,200,200]的矩阵输出吗",
    "Take an input of [50,200,200]. We can convolve with 20 kernels of 1×1 and get an output of [20,200,200]. One may ask whether 20 kernels of 3×3 "
    "would not give an output of [20,200,200] too",
    (Quantity("input", "[50", "channels of the input"), _input),
    (Quantity("channels, 1×1", "20个1×1", "channels after 20 filters of 1×1"), lambda: _output(1, 1)),
    (Quantity("side, 1×1", ",200]。", "side of their output"), lambda: _output(3, 1)),
    (Quantity("channels, 3×3", "20个3×3", "channels after 20 filters of 3×3"), lambda: _output(1, 3)),
    (Quantity("side, 3×3", "200]的矩阵输出吗", "side of their output"), lambda: _output(3, 3)),
)

enter(
    "1x1-parameters",
    CSDN_GOOGLENET,
    "对于1×1的参数总数:20×200×200×(1×1),对于3×3的参数总数:20×200×200×(3×3),可以看出,使用1×1的参数总数仅为3×3的总数的九分之一!",
    "Parameters in all for 1×1: 20×200×200×(1×1), for 3×3: 20×200×200×(3×3); so with 1×1 there are only a ninth as "
    "many parameters as with 3×3",
    (
        Quantity("1×1", "20×200×200×(1×1)", "parameters of 20 filters of 1×1 over 50 channels"),
        lambda: _as_parameters(1),
    ),
    (
        Quantity("3×3", "20×200×200×(3×3)", "parameters of 20 filters of 3×3 over 50 channels"),
        lambda: _as_parameters(3),
    ),
    (Quantity("a ninth", "九分之一", "parameters of the 1×1 / the 3×3"), _ninth),
)
