"""Document 004's related posts: AlexNet, LeNet, 1×1 and asymmetric convolutions, batch normalization."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.claims.bibliography import CNBLOGS_GOOGLENET
from inception_profiler.claims.derive import counted, fact, how_many, ratio, sketched, text, total, whole
from inception_profiler.claims.layers import channels, macs, of_kind, params, weight_shape
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.claims.networks import depth
from inception_profiler.records.claim import LESS, MORE, Quantity, Reading, Step
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

ALEXNET = "alexnet"
CHANNELS = 64
"""Channels of the sketches: a ratio of kernels does not depend on them."""


def _convolutions(model: Profile) -> tuple[LayerCost, ...]:
    return of_kind(model.layers, "convolution")


def _against(
    over: Profile, under: Profile, unit: str = "MACs", title: str = "", convention: str = ""
) -> Reading:
    """Divide the MACs or the parameters of one sketch by those of another."""
    of = macs if unit == "MACs" else params
    sides = (total(each, _convolutions(each), of, unit) for each in (over, under))
    return ratio(*sides, title=title or f"{over.model} / {under.model}", convention=convention)


def _nonlinearities(model: Profile) -> Reading:
    return how_many(model, of_kind(model.layers, "activation"), "ReLUs")


def _field(model: Profile) -> Reading:
    """Return the receptive field of a chain of convolutions."""
    last = _convolutions(model)[-1]
    return fact(last.receptive_field or 0, "pixels", f"receptive field of {model.model}",
                "×".join(map(str, last.geometry.field or ())), formula="1 + Σ (K − 1)")  # fmt: skip


def _lines(kernel: int) -> Profile:
    return sketched(CHANNELS, (CHANNELS, (kernel, 1)), (CHANNELS, (1, kernel)), size=28)


def _square(kernel: int) -> Profile:
    return sketched(CHANNELS, (CHANNELS, kernel), size=28)


def _asymmetric_in_v3() -> tuple[Reading, ...]:
    """Hold the 1×7 and 7×1 of Inception-v3 against 7×7 convolutions between the same channels."""
    model = counted("inception_v3")
    pairs = [layer for layer in _convolutions(model) if sorted(weight_shape(layer)[2:]) == [1, 7]]
    lines = total(model, pairs, params, "params", title="1×7 and 7×1 of inception_v3")
    ends = [
        (weight_shape(first)[1], weight_shape(last)[0])
        for first, last in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    dense = sum(sketched(into, (out, 7)).params for into, out in ends)
    square = fact(dense, "params", "a 7×7 in the place of each pair", f"{len(ends)} convolutions",
                  formula="Σ C_in · C_out · 7 · 7")  # fmt: skip
    return (
        _against(_lines(7), _square(7), "params"),
        replace(ratio(lines, square, title="pairs / squares"),
                convention="in inception_v3, each pair against a 7×7 between the same channels"),
    )  # fmt: skip


enter(
    "asymmetric-fewer-parameters",
    CNBLOGS_GOOGLENET,
    "在网络较深的位置使用了非对称卷积,他的好处是在不降低模型效果的前提下,缩减模型的参数规模",
    "Deeper in the network it uses asymmetric convolutions; their merit is that they cut the number of parameters "
    "without making the model worse",
    (
        Quantity("parameters", "缩减模型的参数规模", "parameters of 7×1 → 1×7 / one 7×7", LESS, bound="1"),
        _asymmetric_in_v3,
    ),
    Quantity("no worse", "在不降低模型效果的前提下", "accuracy with asymmetric convolutions",
             reported="Szegedy et al., arXiv:1512.00567, section 3.2; transcribed from memory"),
)  # fmt: skip


def _stack() -> Profile:
    """Return three 3×3 one after the other, which see as much as one 7×7."""
    return sketched(CHANNELS, *([(CHANNELS, 3)] * 3), size=28)


enter(
    "small-kernels",
    CNBLOGS_GOOGLENET,
    "①整合了三个非线性激活层,代替单一非线性激活层,增加了判别能力. ②减少了网络参数. ③减少了计算量",
    "(1) Three non-linear activations in the place of a single one make it discriminate better. (2) Fewer "
    "parameters. (3) Less computation",
    (
        Quantity("activations", "三个非线性激活层", "ReLUs of three 3×3 one after the other"),
        lambda: (_nonlinearities(_stack()),),
    ),
    (
        Quantity("in place of", "单一非线性激活层", "ReLUs of the one 7×7 that sees as much", bound="1"),
        lambda: (_nonlinearities(_square(7)),),
    ),
    (
        Quantity("parameters", "减少了网络参数", "parameters of three 3×3 / one 7×7", LESS, bound="1"),
        lambda: (_against(_stack(), _square(7), "params"),),
    ),
    (
        Quantity("computation", "减少了计算量", "MACs of three 3×3 / one 7×7", LESS, bound="1"),
        lambda: (_against(_stack(), _square(7)),),
    ),
)

enter(
    "asymmetric-3x3",
    CNBLOGS_GOOGLENET,
    "一个3*3的卷积可以拆解为:一个3*1的卷积再串联一个1*3的卷积",
    "A 3×3 convolution can be taken apart into a 3×1 followed by a 1×3",
    (
        Quantity("field", "3*3的卷积", "receptive field of 3×1 → 1×3, height and width", bound="3"),
        lambda: (_field(_lines(3)),),
    ),
)


def _neurons() -> tuple[Reading, ...]:
    found = total(counted(ALEXNET), of_kind(counted(ALEXNET).layers, "convolution", "linear"),
                  lambda layer: layer.activations, "neurons")  # fmt: skip
    tenth = fact(0.1, "×", "a zero of the paper's figure is lost", "65,000 / 650,000", formula="a / b")
    value = found.value * tenth.value
    product = Step("a tenth of them", "a · b", f"{text(found.value)} · {tenth.value}", value, "neurons")
    return (
        found,
        Reading(value, "neurons", "a tenth of the neurons, a zero of the paper's 650,000 being lost",
                (*found.steps, *tenth.steps, product), found.layers, explains=True),
    )  # fmt: skip


def _outputs() -> tuple[Reading, ...]:
    last = of_kind(counted(ALEXNET).layers, "linear")[-1]
    shape = "×".join(map(str, last.call.outputs[0].shape))
    return (fact(channels(last), "channels", f"output of {last.name}", shape, formula="N×C"),)


def _groups() -> tuple[Reading, ...]:
    groups = {layer.name: dict(layer.call.attributes)["groups"] for layer in _convolutions(counted(ALEXNET))}
    numbers = ", ".join(f"{name}: {value}" for name, value in groups.items())
    most = max(int(value) for value in groups.values() if isinstance(value, int))
    return (fact(most, "groups", "groups of the convolutions", numbers, formula="the most groups"),)


enter(
    "alexnet-in-numbers",
    CNBLOGS_GOOGLENET,
    "AlexNet有60 million个参数和65000个 神经元,五层卷积,三层全连接网络,最终的输出层是1000通道的softmax.AlexNet利用了两块GPU进行计算,大大提高了运算效率,并且在ILSVRC-2012竞赛中获得了top-5测试的15.3%",
    "AlexNet has 60 million parameters and 65000 neurons, five convolutional and three fully connected layers; the "
    "output layer is a softmax over 1000 channels. AlexNet computes on two GPUs, which makes it much more efficient, "
    "and reached 15.3 % in the top-5 test of ILSVRC-2012",
    (
        Quantity("parameters", "60 million", "parameters of AlexNet"),
        lambda: (whole(counted(ALEXNET), "params", "params"),),
    ),
    (Quantity("neurons", "65000", "outputs of AlexNet's convolutions and linear layers"), _neurons),
    (
        Quantity("convolutions", "五层卷积", "convolutions of AlexNet"),
        lambda: (how_many(counted(ALEXNET), _convolutions(counted(ALEXNET)), "convolutions"),),
    ),
    (
        Quantity("fully connected", "三层全连接", "fully connected layers of AlexNet"),
        lambda: (how_many(counted(ALEXNET), of_kind(counted(ALEXNET).layers, "linear"), "linear layers"),),
    ),
    (Quantity("outputs", "1000通道", "channels of AlexNet's output"), _outputs),
    (Quantity("GPUs", "两块GPU", "groups into which AlexNet's convolutions are split"), _groups),
    Quantity("top-5", "15.3%", "top-5 error on the test set",
             reported="ILSVRC-2012 results; Krizhevsky et al., 2012; transcribed from memory"),
)  # fmt: skip


DEEP, HIGH, WIDE = 200, 30, 40
"""The example's map: a depth of 200, a height of 30, a width of 40."""


def _example(*convolutions: tuple[int, int]) -> Profile:
    return sketched(DEEP, *convolutions, size=(HIGH, WIDE))


enter(
    "same-5x5-shape",
    CNBLOGS_GOOGLENET,
    "假设有1个高为30.宽为40,深度为200的三维张量与55个高为5.宽为5.深度为200的卷积核same卷积,步长=1,则结果是高为30.宽为40.深度为55的三维张量",
    "Let a tensor of height 30, width 40 and depth 200 be convolved with 55 kernels of height 5, width 5 and depth "
    "200, same padding, stride 1: the result is a tensor of height 30, width 40 and depth 55",
    *(
        (Quantity(name, printed, f"{name} of the result"), lens)
        for name, printed, lens in (
            ("height", "高为30.宽为40.深度为55", lambda: _result(2)),
            ("width", "宽为40.深度为55", lambda: _result(3)),
            ("depth", "深度为55", lambda: _result(1)),
        )
    ),
)


def _result(axis: int) -> tuple[Reading, ...]:
    shape = _convolutions(_example((55, 5)))[0].call.outputs[0].shape
    return (fact(shape[axis], "", "shape of the result", "×".join(map(str, shape)), formula="N×C×H×W"),)


enter(
    "same-5x5-cost",
    CNBLOGS_GOOGLENET,
    "该卷积过程的乘法计算量大约为5*5*200*30*40*55=330000000,这个计算量很大.",
    "This convolution takes about 5*5*200*30*40*55 = 330000000 multiplications, which is a lot",
    (
        Quantity("formula", "5*5*200*30*40*55", "MACs of 55 kernels 5×5×200 on a map of 30×40"),
        lambda: (total(_example((55, 5)), _convolutions(_example((55, 5))), macs, "MACs"),),
    ),
    (
        Quantity("product", "330000000", "the same, worked out"),
        lambda: (total(_example((55, 5)), _convolutions(_example((55, 5))), macs, "MACs"),),
    ),
)


def _reduced(depth_left: int) -> Reading:
    """Hold a 1×1 down to some depth and the 5×5 on what it leaves against the 5×5 alone."""
    return _against(
        _example((depth_left, 1), (55, 5)), _example((55, 5)),
        convention="" if depth_left == DEEP // 2 else f"reduced to a depth of {depth_left}",
    )  # fmt: skip


def _break_even() -> int:
    """Return the largest depth at which the 1×1 and the 5×5 cost less than the 5×5 alone."""
    dense = total(_example((55, 5)), _convolutions(_example((55, 5))), macs, "MACs").value
    narrow = _example((1, 1), (55, 5))
    return int((dense - 1) // sum(layer.macs for layer in _convolutions(narrow)))


enter(
    "1x1-saves",
    CNBLOGS_GOOGLENET,
    "可以减少计算量,可以增加非线性判别能力",
    "It can reduce the computation, and it can add non-linearity that helps to discriminate",
    (
        Quantity("computation", "可以减少计算量",
                 "MACs with a 1×1 that halves the depth of 200 before the 5×5 / without (the post's own numbers are cut off)",
                 LESS, bound="1"),
        lambda: (_reduced(DEEP // 2), _reduced(20), _reduced(_break_even()), _reduced(_break_even() + 1)),
    ),
    (
        Quantity("non-linearity", "增加非线性判别能力", "ReLUs with the 1×1 / without", MORE, bound="1"),
        lambda: (
            ratio(_nonlinearities(_example((DEEP // 2, 1), (55, 5))), _nonlinearities(_example((55, 5))),
                  title="with / without"),
        ),
    ),
)  # fmt: skip


def _filter(kernel: int, filters: int) -> Lens:
    """Return the lens that reads the weights of one filter on the example's 3×3×2 tensor."""

    def lens() -> tuple[Reading, ...]:
        layer = _convolutions(sketched(2, (filters, kernel), size=3))[0]
        many, deep, high, wide = weight_shape(layer)
        return (
            fact(layer.params // many, "weights", f"weights of one of {many} filters", f"{high} · {wide} · {deep}",
                 formula="K_h · K_w · C_in"),
        )  # fmt: skip

    return lens


enter(
    "network-in-network-example",
    CNBLOGS_GOOGLENET,
    "与3个1*1*2的卷积核分别same卷积,步长=1, 与2个2*2*2的卷积核分别same卷积,步长=1",
    "(a 3×3×2 tensor) convolved with 3 kernels 1×1×2 and with 2 kernels 2×2×2, same padding, stride 1",
    (Quantity("1×1×2", "1*1*2", "weights of one of the three 1×1 kernels"), _filter(1, 3)),
    (Quantity("2×2×2", "2*2*2", "weights of one of the two 2×2 kernels"), _filter(2, 2)),
)


def _elements() -> tuple[Reading, ...]:
    """Count the elements of a 3×3 map of two channels, as a profile is given it, channels last or first."""
    spec = sketched(2, (2, 1), size=3).inputs[0]
    return (
        fact(spec.numel, "elements", "the tensor", "×".join(map(str, spec.shape)), formula="N · C · H · W"),
    )


enter(
    "separable-example",
    CNBLOGS_GOOGLENET,
    "tf.constant([2,5,3,3,8,2,6,1,1,2,5,4,7,9,2,3,-1,3], tf.float32),[1,3,3,2])",
    "eighteen numbers are shaped to one map of 3×3 with two channels",
    (Quantity("elements", "[1,3,3,2]", "elements of a tensor of that shape", bound="18"), _elements),
)

enter(
    "lenet-five-layers",
    CNBLOGS_GOOGLENET,
    "LeNet-5(-5表示具有5个层)",
    "LeNet-5 (5 means that it has five layers)",
    (
        Quantity("layers", "5个层", "layers with weights on the longest path of LeNet as frameworks have it"),
        lambda: (
            depth("lenet5_modern"),
            replace(depth("lenet5_modern", pooling=True), convention="poolings counted as layers"),
        ),
    ),
)
