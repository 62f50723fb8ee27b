"""Document 001 on residual networks: blocks, stages, stem and head, basic against bottleneck."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import counted, fact, how_many, ratio, sketched, total, whole
from inception_profiler.claims.layers import (
    attribute,
    channels,
    flops,
    inside,
    of_kind,
    side,
    under,
    weight_shape,
)
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import AT_LEAST, LESS, MORE, Quantity, Reading
from inception_profiler.records.layer import LayerCost

BASIC, BOTTLENECK = ("resnet34", "conv2_x.conv2_2"), ("resnet50", "conv2_x.conv2_2")
"""A block of each kind on the same map of 56×56, with nothing but its identity as shortcut."""
STAGES = (2, 3, 4, 5)

enter(
    "deeper-is-worse",
    LECTURE8_NOTES,
    "更大更深的神经网络居然在测试集上面有着更糟糕的表现。",
    "Larger and deeper networks did worse on the test set, of all things",
    Quantity(
        "accuracy", "更糟糕的表现", "test error of deeper plain networks", reported="He et al. 2016, Figure 1"
    ),
)
enter(
    "deeper-trains-worse",
    LECTURE8_NOTES,
    "更深的神经网络在训练集上的表现就不如浅层神经网络。",
    "Deeper networks do worse than shallow ones on the training set too",
    Quantity(
        "accuracy",
        "不如浅层神经网络",
        "training error of deeper plain networks",
        reported="He et al. 2016, Figure 1",
    ),
)


def _blocks(model: str) -> dict[str, list[LayerCost]]:
    """Return the 3×3 convolutions of every block of a residual network, by the block's path."""
    found: dict[str, list[LayerCost]] = {}
    for layer in of_kind(counted(model).layers, "convolution"):
        if layer.path.startswith("conv") and layer.path.count(".") >= 3:
            block = found.setdefault(".".join(layer.path.split(".")[:2]), [])
            if attribute(layer, "kernel") == 3:
                block.append(layer)
    return found


def _two_in_each() -> Sequence[Reading]:
    counts = [len(members) for members in _blocks("resnet34").values()]
    numbers = ", ".join(map(str, counts))
    return (
        fact(min(counts, key=lambda many: (many == 2, many)), "convolutions", "3×3 in each block", numbers),
    )


def _steps(of: Callable[[LayerCost], int], unit: str, numbers: Sequence[int], *, after: bool) -> Reading:
    """Return the smallest change that the first blocks of some stages of ResNet-34 make to their input."""
    model, pairs = counted("resnet34"), []
    for number in numbers:
        name = f"conv{number}_x/conv{number}_1"
        first, *_, last = of_kind(under(model, name), "convolution")
        read = first.call.inputs[0].shape
        before = read[1] if of is channels else read[-1]
        pairs.append((of(last), before) if after else (before, of(last)))
    shown = ", ".join(f"{a}/{b}" for a, b in pairs)
    value = min(a / b for a, b in pairs)
    return fact(
        value,
        "×",
        f"smallest change of {unit}",
        shown,
        formula="after / before" if after else "before / after",
    )


def _first_blocks(of: Callable[[LayerCost], int], unit: str, *, after: bool) -> Sequence[Reading]:
    later = _steps(of, unit, STAGES[1:], after=after)
    named = "that of the stages after the first"
    return (
        _steps(of, unit, STAGES, after=after),
        Reading(later.value, "×", named, later.steps, explains=True),
    )


enter(
    "residual-blocks",
    LECTURE8_NOTES,
    "每个residual blocks都有两个3x3转换网络分为多个阶段:每个阶段的第一个块将分辨率减半(使用步长为2的卷积层),并使通道数增加一倍",
    "Every residual block has two 3×3 convolutions; the network is in stages: the first block of each stage halves the "
    "resolution (by a convolution at stride 2) and doubles the channels",
    (Quantity("convolutions", "都有两个", "3×3 convolutions in each block of ResNet-34"), _two_in_each),
    (
        Quantity(
            "resolution",
            "减半",
            "side before / after the first block, in every stage of ResNet-34",
            bound="2",
        ),
        lambda: _first_blocks(side, "the side", after=False),
    ),
    (
        Quantity(
            "channels",
            "增加一倍",
            "channels after / before the first block, in every stage of ResNet-34",
            bound="2",
        ),
        lambda: _first_blocks(channels, "the channels", after=True),
    ),
)


def _stem() -> Sequence[Reading]:
    model = counted("resnet34")
    size, small = model.inputs[0].shape[-1], side(under(model, "pool1")[0])
    return (fact(size / small, "×", "side of the input / after pool1", f"{size} / {small}", formula="a / b"),)


enter(
    "resnet-stem",
    LECTURE8_NOTES,
    "在初始阶段就用类似GoogleNet的方式将输入4x地downsample",
    "At the very start the input is downsampled by 4×, in GoogLeNet's manner",
    (Quantity("downsampling", "4x", "side of ResNet's input / after its stem"), _stem),
)

enter(
    "resnet-head",
    LECTURE8_NOTES,
    "在网络的最后也没有使用全连接层,而是和GoogleNet采用了同样的方式:用global average pooling和一个线性分类层。",
    "At the end there are no fully connected layers either; as in GoogLeNet there is a global average pooling and one "
    "linear layer for the classes",
    (
        Quantity("linear layers", "一个线性分类层", "linear layers of ResNet-34"),
        lambda: (
            how_many(counted("resnet34"), of_kind(counted("resnet34").layers, "linear"), "linear layers"),
        ),
    ),
)

enter(
    "resnet-two-versions",
    LECTURE8_NOTES,
    "两个版本的ResNet,后者将网络进行类似VGG-19的扩充,获得了更好的网络结果",
    "Two versions of ResNet; the latter widens the network as VGG-19 does and gets better results",
    (
        Quantity("larger", "扩充", "MACs of ResNet-34 / ResNet-18", MORE, bound="1"),
        lambda: (ratio(*(whole(counted(each), "macs", "MACs") for each in ("resnet34", "resnet18"))),),
    ),
    Quantity("accuracy", "更好的网络结果", "accuracy of the larger", reported="He et al. 2016, Table 2"),
)


def _field() -> Sequence[Reading]:
    """Return the receptive field of a bottleneck block against a basic one, both drawn without shortcut."""
    fields = []
    for model, path in (BOTTLENECK, BASIC):
        first, *rest = of_kind(inside(counted(model), path), "convolution")
        steps = [(weight_shape(layer)[0], weight_shape(layer)[2]) for layer in (first, *rest)]
        drawn = sketched(weight_shape(first)[1], *steps, size=side(first))
        kernels = ", ".join(f"{kernel}×{kernel}" for _, kernel in steps)
        field = drawn.receptive_field or 0
        fields.append(fact(field, "pixels", f"field of a block of {model}", kernels, formula="1 + Σ (K − 1)"))
    return (ratio(*fields, title="bottleneck / basic"),)


enter(
    "bottleneck-field",
    LECTURE8_NOTES,
    "首先我们能确定的是,这样并不会降低网络的接收域。",
    "What we can be sure of first is that this does not lower the receptive field of the network",
    (
        Quantity(
            "receptive field",
            "并不会降低网络的接收域",
            "field of a bottleneck block / a basic block",
            AT_LEAST,
            bound="1",
        ),
        _field,
    ),
)


def _blocks_in(of: Callable[[LayerCost], int], unit: str) -> Sequence[Reading]:
    sums = [
        total(counted(model), inside(counted(model), path), of, unit, title=f"{unit} of a block of {model}")
        for model, path in (BOTTLENECK, BASIC)
    ]
    return (ratio(*sums, title="bottleneck / basic"),)


def _kinds_in(kind: str, what: str) -> Sequence[Reading]:
    counts = [
        how_many(counted(model), of_kind(inside(counted(model), path), kind), what)
        for model, path in (BOTTLENECK, BASIC)
    ]
    return (ratio(*counts, title="bottleneck / basic"),)


enter(
    "bottleneck-against-basic",
    LECTURE8_NOTES,
    "更少的浮点数运算更多的卷积层,和更多的非线性计算,这样能产生更好地feature组合效果",
    "Fewer floating-point operations; more convolutions and more non-linearity, which combines features better",
    (
        Quantity(
            "FLOPs",
            "更少的浮点数运算",
            "FLOPs of a block of ResNet-50 / ResNet-34, both at 56×56",
            LESS,
            bound="1",
        ),
        lambda: _blocks_in(flops, "FLOPs"),
    ),
    (
        Quantity(
            "convolutions", "更多的卷积层", "convolutions in a bottleneck / a basic block", MORE, bound="1"
        ),
        lambda: _kinds_in("convolution", "convolutions"),
    ),
    (
        Quantity("non-linearity", "更多的非线性计算", "activation functions in them", MORE, bound="1"),
        lambda: _kinds_in("activation", "ReLUs"),
    ),
)
