"""Document 001 on GoogLeNet after its stem: modules, pooling in place of fully connected layers, heads."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import counted, fact, how_many, ratio, share, trained, whole
from inception_profiler.claims.layers import attribute, of_kind, params, until, weight_shape
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import LESS, MORE, Quantity, Reading, Used
from inception_profiler.records.layer import LayerCost

MODEL = "inception_v1"
HALF = "0.5"


def modules() -> tuple[LayerCost, ...]:
    """Return the concatenations of GoogLeNet: one ends each inception module."""
    return tuple(layer for layer in counted(MODEL).layers if layer.op == "cat")


def reductions() -> tuple[LayerCost, ...]:
    """Return the 1×1 convolutions that stand before the 3×3 and the 5×5 of each module."""
    return tuple(
        layer
        for layer in of_kind(counted(MODEL).layers, "convolution")
        if layer.name.startswith("inception_") and layer.name.endswith("_reduce")
    )


def _against_vgg(key: str, unit: str) -> Sequence[Reading]:
    return (
        ratio(*(whole(counted(each), key, unit) for each in (MODEL, "vgg16")), title="GoogLeNet / VGG-16"),
    )


enter(
    "googlenet-efficient",
    LECTURE8_NOTES,
    "他们在这个网络上有着效率方面的许多创新:减少参数数量,内存使用量和计算量。",
    "They brought many innovations in efficiency to this network: fewer parameters, less memory and less computation",
    (
        Quantity("params", "减少参数数量", "parameters of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: _against_vgg("params", "params"),
    ),
    (
        Quantity(
            "memory",
            "内存使用量",
            "feature maps of GoogLeNet / VGG-16, live peak in inference",
            LESS,
            bound="1",
        ),
        lambda: (*_against_vgg("peak_activation_bytes", "bytes"),),
    ),
    (
        Quantity("computation", "计算量", "MACs of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: _against_vgg("macs", "MACs"),
    ),
)


def _layers_to_28() -> Sequence[Reading]:
    counts = []
    for model in (MODEL, "vgg16"):
        layers = of_kind(until(counted(model), 28), "convolution", "pooling")
        counts.append(how_many(counted(model), layers, "convolutions and poolings"))
    return (ratio(*counts, title="GoogLeNet / VGG-16"),)


enter(
    "stem-aggressive",
    LECTURE8_NOTES,
    "他通过非常激进的downsample,将输入迅速压缩。",
    "It shrinks its input quickly, by very aggressive downsampling",
    (
        Quantity("layers", "非常激进的downsample", "layers to 28×28, GoogLeNet / VGG-16", LESS, bound="1"),
        _layers_to_28,
    ),
)


def _branches() -> Sequence[Reading]:
    counts = [len(layer.call.inputs) for layer in modules()]
    return (fact(min(counts), "branches", "branches of each module", ", ".join(map(str, counts))),)


enter(
    "modules-branch",
    LECTURE8_NOTES,
    "具有多个并行分支的本地单元",
    "A local unit with several branches in parallel",
    (Quantity("branches", "多个并行分支", "branches of an inception module", MORE, bound="1"), _branches),
)

enter(
    "modules-repeated",
    LECTURE8_NOTES,
    "类似的本地结构在整个网络中重复了很多次",
    "Such local structures are repeated many times in the network",
    (
        Quantity("modules", "重复了很多次", "inception modules in GoogLeNet", MORE, bound="1"),
        lambda: (how_many(counted(MODEL), modules(), "modules"),),
    ),
)


def _kernels() -> Sequence[Reading]:
    sides = {attribute(layer, "kernel") for layer in reductions()}
    numbers = ", ".join(map(str, sides))
    return (fact(max(sides), "pixels", f"kernels of the {len(reductions())} reductions", numbers),)


def _reduced() -> Sequence[Reading]:
    """Return the weakest reduction: the largest quotient of channels after and before."""
    pairs = {layer: weight_shape(layer)[:2] for layer in reductions()}
    used = [
        Used(MODEL, layer.call.index, layer.name, f"{before} → {after}", after / before)
        for layer, (after, before) in pairs.items()
    ]
    after, before = max(pairs.values(), key=lambda pair: pair[0] / pair[1])
    return (
        fact(
            after / before, "×", "channels after / before, the weakest reduction", f"{after} / {before}",
            formula="C_out / C_in", layers=used,
        ),
    )  # fmt: skip


enter(
    "bottlenecks-in-modules",
    LECTURE8_NOTES,
    '在计算代价很大的卷积层之前,使用1x1 "Bottleneck"卷积层来减小通道尺寸',
    "Before the convolutions that cost much, 1×1 “bottleneck” convolutions make the channels fewer",
    (Quantity("kernel", "1x1", "kernel of the reductions in GoogLeNet's modules"), _kernels),
    (
        Quantity(
            "channels", "减小通道尺寸", "channels after / before, the weakest reduction", LESS, bound="1"
        ),
        _reduced,
    ),
)


def _linear(model: str) -> Sequence[Reading]:
    return (share(counted(model), of_kind(counted(model).layers, "linear"), params, "params"),)


enter(
    "no-huge-fc",
    LECTURE8_NOTES,
    "最后没有非常庞大的全连接层!",
    "There is no huge fully connected layer at the end",
    (
        Quantity(
            "share",
            "没有非常庞大的全连接层",
            "share of the linear layer in GoogLeNet's parameters",
            LESS,
            bound=HALF,
        ),
        lambda: _linear(MODEL),
    ),
)

enter(
    "fc-holds-most-parameters",
    LECTURE8_NOTES,
    "相比于VGG和前面其他的神经网络,大部分的训练参数都是在全连接层。",
    "In VGG and the networks before it, by comparison, most of the trained parameters are in the fully connected layers",
    (
        Quantity(
            "VGG-16", "VGG", "share of the fully connected layers in VGG-16's parameters", MORE, bound=HALF
        ),
        lambda: _linear("vgg16"),
    ),
    (
        Quantity("AlexNet", "前面其他的神经网络", "their share in AlexNet's parameters", MORE, bound=HALF),
        lambda: _linear("alexnet"),
    ),
    (
        Quantity("ZFNet", "其他的神经网络", "their share in ZFNet's parameters", MORE, bound=HALF),
        lambda: _linear("zfnet"),
    ),
)


def auxiliary_heads() -> tuple[LayerCost, ...]:
    """Return the classifier of each auxiliary head of GoogLeNet in training."""
    last = {}
    for layer in of_kind(trained(MODEL).layers, "linear"):
        if layer.stage == "auxiliary":
            last[layer.path.split(".")[0]] = layer
    return tuple(last.values())


enter(
    "auxiliary-classifiers",
    LECTURE8_NOTES,
    "在网络中的多个中间点附加“辅助分类器”",
    "“Auxiliary classifiers” are attached at several points in the middle of the network",
    (
        Quantity("heads", "多个", "auxiliary classifiers of GoogLeNet in training", MORE, bound="1"),
        lambda: (how_many(trained(MODEL), auxiliary_heads(), "auxiliary classifiers"),),
    ),
)


def _depths(*models: str) -> Sequence[Reading]:
    formula = "convolutions and linear layers on the longest path"
    depths = [
        fact(
            counted(each).depth,
            "layers",
            f"depth of {each}",
            f"{counted(each).calls} operations",
            formula=formula,
        )
        for each in models
    ]
    return (ratio(*depths, title=" / ".join(models)),)


enter(
    "googlenet-very-deep",
    LECTURE8_NOTES,
    "我们可以看到这是一个非常深的神经网络,在没有Batch Normalization之前,类似的神经网络非常难以训练。",
    "We see that this is a very deep network; before batch normalization such networks were very hard to train",
    (
        Quantity("depth", "非常深", "depth of GoogLeNet / VGG-19, the deepest before it", MORE, bound="1"),
        lambda: _depths(MODEL, "vgg19"),
    ),
)

enter(
    "resnet-very-deep",
    LECTURE8_NOTES,
    "我们可以看到ResNet是一个非常非常深的神经网络,这也得益于Batch Norm的发展。",
    "We see that ResNet is a very, very deep network, which batch normalization has made possible too",
    (
        Quantity("depth", "非常非常深", "depth of ResNet-152 / GoogLeNet", MORE, bound="1"),
        lambda: _depths("resnet152", MODEL),
    ),
)


def _heads_after(model: str) -> Sequence[Reading]:
    heads = {layer.path.split(".")[0]: layer for layer in trained(model).layers if layer.stage == "auxiliary"}
    return (how_many(trained(model), tuple(heads.values()), "auxiliary heads"),)


enter(
    "auxiliary-classifiers-given-up",
    LECTURE8_NOTES,
    "GoogLeNet的这项技术在Batch Norm出来后,就被放弃了。",
    "This technique of GoogLeNet was given up once batch normalization had come",
    (
        Quantity(
            "later heads",
            "就被放弃了",
            "auxiliary heads of Inception-v3, which is batch-normalized",
            bound="0",
        ),
        lambda: _heads_after("inception_v3"),
    ),
)
